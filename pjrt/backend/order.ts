import { type Shape, sizeOf } from "../../dsl/shape.ts"

/**
 * Elements put in row-major order. `minorToMajor` says in which order they lie: the axis that varies fastest first, so
 * that a matrix stored by columns has [0, 1]. `width` is the size of one element in bytes.
 */
export const toRowMajor = (
  data: Uint8Array,
  shape: Shape,
  minorToMajor: ReadonlyArray<number>,
  width: number
): Uint8Array<ArrayBuffer> => {
  const strides = new Array<number>(shape.length)
  let stride = width
  for (const axis of minorToMajor) {
    strides[axis] = stride
    stride *= shape[axis]!
  }
  const out = new Uint8Array(new ArrayBuffer(data.length))
  const index = shape.map(() => 0)
  let from = 0
  for (let i = 0; i < sizeOf(shape); i++) {
    for (let byte = 0; byte < width; byte++) out[i * width + byte] = data[from + byte]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis]!++
      from += strides[axis]!
      if (index[axis]! < shape[axis]!) break
      from -= index[axis]! * strides[axis]!
      index[axis] = 0
    }
  }
  return out
}
