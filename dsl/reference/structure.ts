import { arrayOf, at, build, inside } from "./array.ts"
import type { Evaluates } from "./evaluate.ts"
import { elementOf } from "./number.ts"

export const structureEvaluates: Evaluates<
  "constant" | "arange" | "reshape" | "broadcast" | "transpose" | "slice" | "concatenate" | "pad" | "reverse"
> = {
  constant: ({ params: { aval, value } }) => {
    let next = 0
    return [build(aval, () => elementOf(Array.isArray(value) ? value[next++] : value, aval.dtype))]
  },
  // Passes leave no other range than 0, 1, 2, …
  arange: ({ outputs: [output] }) => [build(output!, ([i]) => elementOf(i!, output!.dtype))],
  reshape: ({ inputs: [x], outputs: [output] }) => [arrayOf(output!, x!.data)],
  broadcast: ({ params: { axes }, inputs: [x], outputs: [output] }) => [
    build(output!, (index) =>
      at(
        x!,
        axes.map((axis, i) => (x!.shape[i] === 1 ? 0 : index[axis]!))
      )
    )
  ],
  transpose: ({ params: { permutation }, inputs: [x], outputs: [output] }) => [
    build(output!, (index) => {
      const from: Array<number> = []
      permutation.forEach((axis, i) => {
        from[axis] = index[i]!
      })
      return at(x!, from)
    })
  ],
  slice: ({ params: { start, strides }, inputs: [x], outputs: [output] }) => [
    build(output!, (index) =>
      at(
        x!,
        index.map((place, axis) => start[axis]! + place * strides[axis]!)
      )
    )
  ],
  concatenate: ({ params: { axis }, inputs, outputs: [output] }) => [
    build(output!, (index) => {
      let place = index[axis]!
      for (const part of inputs) {
        const length = part.shape[axis]!
        if (place < length)
          return at(
            part,
            index.map((each, i) => (i === axis ? place : each))
          )
        place -= length
      }
      throw new Error("an index beyond the parts")
    })
  ],
  pad: ({ params: { low, interior }, inputs: [x, value], outputs: [output] }) => [
    build(output!, (index) => {
      const from = index.map((place, axis) => (place - low[axis]!) / (interior[axis]! + 1))
      const there = from.every(Number.isInteger) && inside(x!.shape, from)
      return there ? at(x!, from) : value!.data[0]!
    })
  ],
  reverse: ({ params: { axes }, inputs: [x], outputs: [output] }) => [
    build(output!, (index) =>
      at(
        x!,
        index.map((place, axis) => (axes.includes(axis) ? x!.shape[axis]! - 1 - place : place))
      )
    )
  ]
}
