import type { DType } from "../../dsl/dtype.ts"
import { markKind } from "../../dsl/kinds.ts"
import { shown } from "../../dsl/required.ts"
import { type Shape, show } from "../../dsl/shape.ts"
import { isSpec, type Spec } from "../../dsl/spec.ts"
import { decodeArray, encode, type HostArrays, type HostInput } from "../array/host.ts"
import { ArgumentError } from "../backend/errors.ts"

/** An array in this process's memory that knows its dtype and its shape, as a file has it. */
export class NdArray<out D extends DType = DType, out S extends Shape = Shape> {
  readonly dtype: D
  readonly shape: S
  /** The elements as bytes, row-major, in the machine's order. */
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly #made = true

  static is(value: unknown): value is NdArray {
    return typeof value === "object" && value !== null && #made in value
  }

  constructor(dtype: D, shape: S, bytes: Uint8Array<ArrayBuffer>) {
    this.dtype = dtype
    this.shape = shape
    this.bytes = bytes
  }

  /** The elements, flat and row-major: what `put` and jitted functions take. Half floats are converted to f32. */
  get data(): HostArrays[D] {
    return decodeArray(this.dtype, this.bytes)
  }

  toString(): string {
    return show(this)
  }
}

markKind(NdArray.prototype, "host array")

/** An array of any dtype, which its `dtype` tells. */
export type AnyNdArray = { readonly [D in DType]: NdArray<D, Shape> }[DType]

export const isNdArray = (value: unknown): value is NdArray => NdArray.is(value)

/**
 * Makes an array of this process's memory: a spec, and a number, nested lists or a typed array for it. A typed array is
 * not copied, except f16 and bf16. Throws an `ArgumentError` for data that do not fit.
 *
 * @example
 * const x = ndarray(f32(2, 2), [[1, 2], [3, 4]])
 * x.shape // [2, 2]
 * x.data // Float32Array [1, 2, 3, 4]
 */
export const ndarray = <D extends DType, S extends Shape>(
  spec: Spec<D, S>,
  data: HostInput<D>
): NdArray<D, S> => {
  if (!isSpec(spec))
    throw new ArgumentError({
      path: "spec",
      message: `spec is ${shown(spec)}, not a spec`,
      hint: "give a spec and its data: ndarray(f32(3), [1, 2, 3])"
    })
  return new NdArray(spec.dtype, spec.shape, encode(data, spec, "data") as Uint8Array<ArrayBuffer>)
}
