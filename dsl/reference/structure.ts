import { arrayOf, at, build, inside, type NdArray } from "./array.ts"
import type { Evaluates } from "./evaluate.ts"
import { elementOf } from "./number.ts"

const sliceIndex = (start: ReadonlyArray<number>, index: ReadonlyArray<number>) =>
  index.map((place, axis) => place + start[axis]!)

/** Traced starts as numbers, moved so that a block of these sizes lies inside. */
const startsOf = (
  x: NdArray,
  starts: ReadonlyArray<NdArray>,
  sizes: ReadonlyArray<number>
): ReadonlyArray<number> =>
  starts.map(({ data }, axis) => Math.min(Math.max(Number(data[0]), 0), x.shape[axis]! - sizes[axis]!))

export const structureEvaluates: Evaluates<
  | "constant"
  | "arange"
  | "reshape"
  | "broadcast"
  | "transpose"
  | "slice"
  | "concatenate"
  | "pad"
  | "reverse"
  | "dynamicSlice"
  | "dynamicUpdateSlice"
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
  ],
  dynamicSlice: ({ params: { sizes }, inputs: [x, ...starts], outputs: [output] }) => {
    const start = startsOf(x!, starts, sizes)
    return [build(output!, (index) => at(x!, sliceIndex(start, index)))]
  },
  dynamicUpdateSlice: ({ inputs: [x, update, ...starts], outputs: [output] }) => {
    const start = startsOf(x!, starts, update!.shape)
    return [
      build(output!, (index) => {
        const from = index.map((place, axis) => place - start[axis]!)
        return inside(update!.shape, from) ? at(update!, from) : at(x!, index)
      })
    ]
  }
}
