import type { TriangularParams } from "../../params.ts"
import type { Aval } from "../../shape.ts"
import { tensorType } from "../text.ts"
import { compareText, general, type Lowerings, list, types } from "./lowering.ts"

const transposes: { readonly [T in TriangularParams["transpose"]]: string } = {
  none: "NO_TRANSPOSE",
  transpose: "TRANSPOSE",
  adjoint: "ADJOINT"
}

export const linalgLowerings: Lowerings<"fft" | "cholesky" | "triangularSolve"> = {
  fft: (site, { kind, lengths }) =>
    general(site, "fft", `, type = ${kind.toUpperCase()}, length = ${list(lengths)}`),
  // What the operation leaves above the diagonal is not defined: it is made zero.
  cholesky: ({ writer, operands, outputs }) => {
    const aval = outputs[0]!
    const type = tensorType(aval)
    const factor = writer.assign(`stablehlo.cholesky ${operands[0]}, lower = true : ${type}`)
    const places: Aval = { dtype: "i32", shape: aval.shape }
    const iota = (axis: number) => writer.assign(`stablehlo.iota dim = ${axis} : ${tensorType(places)}`)
    const rank = aval.shape.length
    const below = compareText(writer, "GE", [iota(rank - 2), iota(rank - 1)], places)
    const zero = writer.constant(0, aval)
    return [
      writer.assign(
        `stablehlo.select ${below}, ${factor}, ${zero} : ${tensorType({ dtype: "bool", shape: aval.shape })}, ${type}`
      )
    ]
  },
  triangularSolve: ({ writer, operands, inputs, outputs }, { leftSide, lower, unitDiagonal, transpose }) => [
    writer.assign(
      `"stablehlo.triangular_solve"(${operands.join(", ")}) <{left_side = ${leftSide}, lower = ${lower}, transpose_a = #stablehlo<transpose ${transposes[transpose]}>, unit_diagonal = ${unitDiagonal}}> : (${types(inputs)}) -> ${tensorType(outputs[0]!)}`
    )
  ]
}
