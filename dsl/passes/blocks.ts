import { apply1 } from "../primitives/index.ts"
import type { Equation } from "../program.ts"
import type { Value } from "../tensor.ts"
import { conjugate, range, sliceAxis, sub, zeros } from "../values.ts"
import { onValues } from "./on-values.ts"
import type { Pass } from "./pass.ts"
import { rewritten } from "./rewrite.ts"

/** Beyond so many blocks, they are made larger: a program grows with each. */
const most = 16

const sizeOfBlocks = (n: number, least: number): number => least * Math.ceil(n / (most * least))

/** The rows and columns of matrices from some to before others. */
const part = (x: Value, rows: readonly [number, number], columns: readonly [number, number]): Value => {
  const rank = x.shape.length
  return sliceAxis(sliceAxis(x, rank - 2, ...rows), rank - 1, ...columns)
}

const joined = (parts: ReadonlyArray<Value>, axis: number): Value =>
  parts.length === 1 ? parts[0]! : apply1("concatenate", { axis }, ...parts)

/** x x^H. */
const gram = (x: Value): Value => {
  const rank = x.shape.length
  const batch = range(rank - 2)
  const along = { contracting: [[rank - 1], [rank - 1]], batch: [batch, batch] } as const
  return apply1("dot", along, x, conjugate(x))
}

/** The factor of positive definite matrices, a block of columns after another. What is above its diagonal is zero. */
const factor = (a: Value, least: number): Value => {
  const rank = a.shape.length
  const n = a.shape.at(-1)!
  const block = sizeOfBlocks(n, least)
  const columns: Array<Value> = []
  let rest = a
  for (let done = 0; done < n; done += block) {
    const size = n - done
    const width = Math.min(block, size)
    const corner = apply1("cholesky", {}, part(rest, [0, width], [0, width]))
    const above = zeros({ dtype: a.dtype, shape: [...a.shape.slice(0, -2), done, width] })
    const parts = done === 0 ? [corner] : [above, corner]
    if (width < size) {
      const params = { leftSide: false, lower: true, unitDiagonal: false, transpose: "adjoint" } as const
      const below = apply1("triangularSolve", params, corner, part(rest, [width, size], [0, width]))
      parts.push(below)
      rest = sub(part(rest, [width, size], [width, size]), gram(below))
    }
    columns.push(joined(parts, rank - 2))
  }
  return joined(columns, rank - 1)
}

/**
 * Factors large matrices block by block: XLA's factorization for CPUs works column by column, and each column passes
 * over the whole matrix. The bulk of the work becomes products of matrices.
 */
export const blocks: Pass = {
  name: "blocks",
  run: (program, { costs: { factorBlock } }) => {
    if (factorBlock === 0) return program
    return rewritten(program, {
      cholesky: (_: Equation<"cholesky">, builder, inputs) =>
        inputs[0]!.aval.shape.at(-1)! < 2 * factorBlock
          ? undefined
          : onValues(builder, inputs, ([a]) => [factor(a!, factorBlock)])
    })
  }
}
