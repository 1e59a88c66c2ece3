import type { DType } from "../../dsl/dtype.ts"
import { dtypes } from "../../dsl/dtype.ts"
import type { Shape } from "../../dsl/shape.ts"
import { type Flat, flatten, type TreeOf } from "../../dsl/tree.ts"
import type { DeviceArray } from "../array/array.ts"
import type { HostArrays } from "../array/host.ts"
import { ArgumentError } from "../backend/errors.ts"
import { isNdArray, NdArray } from "./ndarray.ts"
import { type OtherLeaf, type Saved, sourceOf } from "./saved.ts"

/** A tree of arrays with as many rows each: arrays of `ndarray`, and typed arrays, whose elements are rows. */
export type RowData = TreeOf<NdArray | ArrayBufferView>

/** A check that a type is a tree of rows, or an interface of such. */
export type OfRows<T> = [T] extends [RowData]
  ? unknown
  : [OtherLeaf<T, NdArray | ArrayBufferView>] extends [never]
    ? unknown
    : RowData

/** The dtype of a typed array. */
type DTypeOf<T> = T extends Float32Array
  ? "f32"
  : {
      [D in Exclude<DType, "f16" | "bf16" | "bool" | "c64" | "c128">]: T extends HostArrays[D] ? D : never
    }[Exclude<DType, "f16" | "bf16" | "bool" | "c64" | "c128">]

type WithRows<S extends Shape, N extends number> = S extends readonly [number, ...infer R extends Shape]
  ? readonly [N, ...R]
  : Shape

/** So many rows of a tree, in this process. */
export type HostRows<T, N extends number> = [RowData] extends [T]
  ? TreeOf<NdArray>
  : T extends NdArray<infer D, infer S>
    ? NdArray<D, WithRows<S, N>>
    : T extends ArrayBufferView
      ? NdArray<DTypeOf<T>, readonly [N]>
      : T extends null
        ? null
        : { readonly [K in keyof T]: HostRows<T[K], N> }

/** So many rows of a tree, on a device. */
export type DeviceRows<T, N extends number> = [RowData] extends [T]
  ? TreeOf<DeviceArray>
  : T extends NdArray<infer D, infer S>
    ? DeviceArray<D, WithRows<S, N>>
    : T extends ArrayBufferView
      ? DeviceArray<DTypeOf<T>, readonly [N]>
      : T extends null
        ? null
        : { readonly [K in keyof T]: DeviceRows<T[K], N> }

const isRows = (value: unknown): value is NdArray | ArrayBufferView =>
  isNdArray(value) || ArrayBuffer.isView(value)

const refuse = (path: string, message: string, hint: string): ArgumentError =>
  new ArgumentError({ path, message: `${path} ${message}`, hint })

export interface TakenRows {
  readonly flat: Flat<NdArray>
  readonly count: number
}

/** Takes a tree of rows apart. Throws an ArgumentError where its arrays have not as many rows each. */
export const takeRows = (data: unknown): TakenRows => {
  const given = flatten<NdArray | ArrayBufferView>(data as RowData, isRows, "batches", "data", "rows")
  const leaves = given.leaves.map((leaf, i) => sourceOf(leaf as Saved, given.paths[i]!) as NdArray)
  leaves.forEach(({ shape }, i) => {
    if (shape.length === 0)
      throw refuse(
        given.paths[i]!,
        `is ${leaves[i]}, which has no rows`,
        "give an array with an axis of rows first"
      )
    if (shape[0] !== leaves[0]!.shape[0])
      throw refuse(
        given.paths[i]!,
        `has ${shape[0]} rows, but ${given.paths[0]} has ${leaves[0]!.shape[0]}`,
        "give arrays with as many rows each; of a typed array each element is a row, so use ndarray for wider ones"
      )
  })
  if (leaves.length === 0) throw refuse("data", "has no array", "give a record of arrays: { x, y }")
  const count = leaves[0]!.shape[0]!
  if (count >= 2 ** 32) throw refuse("data", `has ${count} rows; there are fewer than 2^32`, "divide it")
  return { flat: { ...given, leaves }, count }
}

type Words = Record<number, number | bigint>

/** Arrays whose elements are as wide as narrow rows. */
const words: Readonly<Record<number, new (buffer: ArrayBuffer, offset?: number, length?: number) => Words>> =
  {
    1: Uint8Array,
    2: Uint16Array,
    4: Uint32Array,
    8: BigUint64Array
  }

/** The rows of an array at these places, and rows of zeros after them up to `size`. */
export const rowsAt = (array: NdArray, places: Uint32Array, size: number): NdArray => {
  const { dtype, shape, bytes } = array
  const inner = shape.slice(1)
  const width = inner.reduce((product, dim) => product * dim, dtypes[dtype].bytes)
  const out = new Uint8Array(new ArrayBuffer(size * width))
  const make = words[width]
  if (make !== undefined && bytes.byteOffset % width === 0) {
    const from = new make(bytes.buffer, bytes.byteOffset, bytes.length / width)
    const to = new make(out.buffer)
    for (let i = 0; i < places.length; i++) to[i] = from[places[i]!]!
  } else {
    for (let i = 0; i < places.length; i++) {
      const at = places[i]! * width
      out.set(bytes.subarray(at, at + width), i * width)
    }
  }
  return new NdArray(dtype, [size, ...inner], out)
}

/** The rows of an array from one place to another, where they lie. */
export const rowsBetween = ({ dtype, shape, bytes }: NdArray, from: number, to: number): NdArray => {
  const inner = shape.slice(1)
  const width = inner.reduce((product, dim) => product * dim, dtypes[dtype].bytes)
  return new NdArray(dtype, [to - from, ...inner], bytes.subarray(from * width, to * width))
}
