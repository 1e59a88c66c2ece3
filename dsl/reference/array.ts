import { type Aval, type Shape, sizeOf } from "../shape.ts"
import type { Complex } from "./complex.ts"

/** One element: a number, a bigint of a 64-bit integer dtype, a boolean, or a complex number. */
export type Element = number | bigint | boolean | Complex

/** An array of the reference device: its elements in row-major order. Plain to read, not fast. */
export interface NdArray extends Aval {
  readonly data: ReadonlyArray<Element>
}

export const arrayOf = (aval: Aval, data: ReadonlyArray<Element>): NdArray => ({
  dtype: aval.dtype,
  shape: aval.shape,
  data
})

/** The place of an index in row-major order. */
export const placeOf = (shape: Shape, index: ReadonlyArray<number>): number => {
  let place = 0
  for (let axis = 0; axis < shape.length; axis++) place = place * shape[axis]! + index[axis]!
  return place
}

export const at = (array: NdArray, index: ReadonlyArray<number>): Element =>
  array.data[placeOf(array.shape, index)]!

/** Every index of a shape, in row-major order. The list is the same one each time: copy it to keep it. */
export function* indicesOf(shape: Shape): Generator<ReadonlyArray<number>> {
  const size = sizeOf(shape)
  const index = shape.map(() => 0)
  for (let n = 0; n < size; n++) {
    yield index
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++
      if (index[axis]! < shape[axis]!) break
      index[axis] = 0
    }
  }
}

/** An array computed index by index. */
export const build = (aval: Aval, element: (index: ReadonlyArray<number>) => Element): NdArray => {
  const data: Array<Element> = []
  for (const index of indicesOf(aval.shape)) data.push(element(index))
  return arrayOf(aval, data)
}

export const inside = (shape: Shape, index: ReadonlyArray<number>): boolean =>
  index.every((place, axis) => place >= 0 && place < shape[axis]!)
