import { tensorType } from "../text.ts"
import { general, type Lowerings, list } from "./lowering.ts"

export const structureLowerings: Lowerings<
  "constant" | "arange" | "reshape" | "broadcast" | "transpose" | "slice" | "concatenate" | "pad" | "reverse"
> = {
  constant: ({ writer }, { aval, value }) => [writer.constant(value, aval)],
  // Passes leave no other range than 0, 1, 2, …
  arange: ({ writer, outputs }) => [writer.assign(`stablehlo.iota dim = 0 : ${tensorType(outputs[0]!)}`)],
  reshape: (site) => general(site, "reshape"),
  broadcast: (site, { axes }) => general(site, "broadcast_in_dim", `, dims = ${list(axes)}`),
  transpose: (site, { permutation }) => general(site, "transpose", `, dims = ${list(permutation)}`),
  slice: (site, { start, limit, strides }) => {
    const ranges = start.map((from, i) => `${from}:${limit[i]}${strides[i] === 1 ? "" : `:${strides[i]}`}`)
    return general(site, "slice", ` [${ranges.join(", ")}]`)
  },
  concatenate: (site, { axis }) => general(site, "concatenate", `, dim = ${axis}`),
  pad: (site, { low, high, interior }) =>
    general(site, "pad", `, low = ${list(low)}, high = ${list(high)}, interior = ${list(interior)}`),
  reverse: ({ writer, operands, outputs }, { axes }) => [
    writer.assign(`stablehlo.reverse ${operands[0]}, dims = ${list(axes)} : ${tensorType(outputs[0]!)}`)
  ]
}
