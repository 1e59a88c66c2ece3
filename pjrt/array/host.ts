import { getFloat16, setFloat16 } from "@petamoriken/float16"
import { count } from "../../dsl/count.ts"
import { type DType, type FloatDType, isInteger, kindOf, numberFault, realPart } from "../../dsl/dtype.ts"
import { type HostArrays, type HostScalar, type HostValue, hostArrays } from "../../dsl/host-value.ts"
import { dataFault } from "../../dsl/kinds.ts"
import { isList } from "../../dsl/required.ts"
import { roundFloat } from "../../dsl/rounding.ts"
import { type Aval, bytesOf, type Shape, show, sizeOf } from "../../dsl/shape.ts"
import { ArgumentError } from "../backend/errors.ts"

export type { HostArrays, HostValue }

export type Nested<T> = T | ReadonlyArray<Nested<T>>

/** An array's elements as lists in its shape: `number[][]` for `f32[3,4]`, a number for a scalar. */
export type NestedValue<D extends DType = DType, S extends Shape = Shape> = number extends S["length"]
  ? Nested<HostScalar<D>>
  : S extends readonly [number, ...infer Rest extends Shape]
    ? Array<NestedValue<D, Rest>>
    : HostScalar<D>

/** What may be given for an array: a number, nested lists of numbers, or a typed array of its dtype. */
export type HostInput<D extends DType = DType> = D extends "bool"
  ? Nested<boolean> | Uint8Array
  : D extends "i64" | "u64"
    ? Nested<number | bigint> | HostArrays[D]
    : Nested<number> | HostArrays[D]

type AnyArray = HostArrays[DType]

/** The typed array that holds a dtype's elements as a device has them. */
const constructors: { readonly [D in DType]: new (buffer: ArrayBuffer) => AnyArray } = {
  ...hostArrays,
  f16: Uint16Array as never,
  bf16: Uint16Array as never
}

const float32 = new Float32Array(1)
const bits32 = new Uint32Array(float32.buffer)
const view = new DataView(new ArrayBuffer(8))

/** The nearest bf16, ties to even, as its 16 bits. */
const bf16Bits = (value: number): number => {
  if (Number.isNaN(value)) return 0x7fc0
  float32[0] = value
  // What f32 does not hold would be rounded twice.
  if (float32[0] !== value) float32[0] = roundFloat(value, "bf16")
  const bits = bits32[0]!
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

const bf16Value = (bits: number): number => {
  bits32[0] = bits << 16
  return float32[0]!
}

const f16Bits = (value: number): number => {
  setFloat16(view, 0, value, true)
  return view.getUint16(0, true)
}

const f16Value = (bits: number): number => {
  view.setUint16(0, bits, true)
  return getFloat16(view, 0, true)
}

const halfBits = (dtype: DType) => (dtype === "f16" ? f16Bits : bf16Bits)
const isHalf = (dtype: DType): dtype is "f16" | "bf16" => dtype === "f16" || dtype === "bf16"

/** The elements of an array that was read, flat and row-major. */
export const decodeArray = <D extends DType>(dtype: D, bytes: Uint8Array<ArrayBuffer>): HostArrays[D] => {
  const { buffer, byteOffset, byteLength } = bytes
  const whole =
    byteOffset === 0 && byteLength === buffer.byteLength
      ? buffer
      : buffer.slice(byteOffset, byteOffset + byteLength)
  const array = new constructors[dtype](whole)
  if (!isHalf(dtype)) return array as HostArrays[D]
  const value = dtype === "f16" ? f16Value : bf16Value
  return Float32Array.from(array as Uint16Array, value) as HostArrays[D]
}

/** A value that was read: a number for a scalar, else a typed array. */
export const decode = <D extends DType, S extends Shape>(
  dtype: D,
  shape: S,
  bytes: Uint8Array<ArrayBuffer>
): HostValue<D, S> => {
  const array = decodeArray(dtype, bytes)
  if (shape.length > 0) return array as HostValue<D, S>
  const first = array[0]!
  const scalar = dtype === "bool" ? first !== 0 : kindOf(dtype) === "complex" ? [first, array[1]] : first
  return scalar as HostValue<D, S>
}

const mismatch = (path: string, message: string, hint: string) =>
  new ArgumentError({ path, message: `${path} ${message}`, hint })

/** What JavaScript itself knows of a typed array, whose own properties may say something else. */
const own = (name: string | symbol): ((view: ArrayBufferView) => unknown) => {
  const { get } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name)!
  return (view) => get!.call(view)
}
const kindOfView = own(Symbol.toStringTag) as (view: ArrayBufferView) => string | undefined
const bufferOf = own("buffer") as (view: ArrayBufferView) => ArrayBuffer
const offsetOf = own("byteOffset") as (view: ArrayBufferView) => number
const lengthOf = own("length") as (view: ArrayBufferView) => number
const byteLengthOf = own("byteLength") as (view: ArrayBufferView) => number

const typedArrayName = (dtype: DType): string => (isHalf(dtype) ? "Float32Array" : constructors[dtype].name)

const encodeTyped = (value: ArrayBufferView, { dtype, shape }: Aval, path: string): Uint8Array => {
  const aval = { dtype, shape }
  const kind = kindOfView(value) ?? "DataView"
  if (kind !== typedArrayName(dtype)) {
    throw mismatch(
      path,
      `is a ${kind}, but ${show(aval)} takes a ${typedArrayName(dtype)}`,
      "convert it first; nothing is converted silently"
    )
  }
  const length = lengthOf(value)
  const wanted = sizeOf(shape) * (kindOf(dtype) === "complex" ? 2 : 1)
  if (length !== wanted) {
    // An array whose memory is gone has no elements either; that is what is said of it.
    plainView(value, path)
    throw mismatch(
      path,
      `has ${count(length, "element")}, but ${show(aval)} takes ${wanted}`,
      "give as many elements as the shape says"
    )
  }
  if (isHalf(dtype)) {
    return new Uint8Array(Uint16Array.from(plainView(value, path) as Float32Array, halfBits(dtype)).buffer)
  }
  const bytes = viewOver(Uint8Array, value, byteLengthOf(value), path)
  if (dtype === "bool" && bytes.some((byte) => byte > 1)) {
    throw mismatch(path, "holds bytes other than 0 and 1", "booleans are the bytes 0 and 1")
  }
  return bytes
}

type Make = new (buffer: ArrayBuffer, offset: number, length: number) => AnyArray
const arrays: Readonly<Record<string, Make>> = Object.fromEntries(
  Object.values(constructors).map((array) => [array.name, array as Make])
)

const viewOver = <A>(
  make: new (buffer: ArrayBuffer, offset: number, length: number) => A,
  value: ArrayBufferView,
  length: number,
  path: string
): A => {
  try {
    return new make(bufferOf(value), offsetOf(value), length)
  } catch {
    throw mismatch(
      path,
      "has lost its memory",
      "it was transferred elsewhere; give a copy that is still here"
    )
  }
}

/** A typed array of our own over the same memory, which says of itself what is so. */
export const plainView = (value: ArrayBufferView, path: string): AnyArray => {
  const kind = kindOfView(value) ?? "DataView"
  const make = arrays[kind]
  if (make === undefined) throw mismatch(path, `is a ${kind}`, "give a typed array of numbers")
  return viewOver(make, value, lengthOf(value), path)
}

const put = (array: AnyArray, index: number, value: unknown, dtype: DType, path: string): void => {
  if (typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean") {
    const nothing = value === null || value === undefined
    const what = nothing ? value : typeof value === "object" ? "an object" : `a ${typeof value}`
    const plain = [`holds ${what} where a number belongs`, "give numbers (booleans for bool)"] as const
    throw mismatch(path, ...(dataFault(value) ?? plain))
  }
  const fault = numberFault(value, dtype)
  if (fault !== undefined)
    throw mismatch(path, `is refused: ${fault}`, "round or clamp it first, or choose another dtype")
  if (dtype === "i64" || dtype === "u64") (array as BigInt64Array)[index] = BigInt(value)
  else {
    const plain =
      typeof value === "bigint" && !isInteger(dtype)
        ? roundFloat(value, realPart(dtype) as FloatDType)
        : Number(value)
    ;(array as Float64Array)[index] = isHalf(dtype) ? halfBits(dtype)(plain) : plain
  }
}

/** Room for an array that was given as lists. */
const room = (aval: Aval, path: string): ArrayBuffer => {
  try {
    return new ArrayBuffer(bytesOf(aval))
  } catch {
    throw mismatch(
      path,
      `is ${show(aval)}, ${bytesOf(aval)} bytes, which this process has no room for`,
      "give less at a time, such as the rows of a scanStream"
    )
  }
}

/** Refuses a list that is not as long as its axis. */
const requireItems = (list: ReadonlyArray<unknown>, axis: number, aval: Aval, path: string): void => {
  if (list.length === aval.shape[axis]) return
  throw mismatch(
    path,
    `has ${count(list.length, "item")}, but axis ${axis} of ${show(aval)} has ${aval.shape[axis]}`,
    "give as many items as the shape says"
  )
}

const encodeNested = (value: unknown, aval: Aval, path: string): Uint8Array => {
  const { dtype, shape } = aval
  // Before room is made: a short list for a large array is a mistake of the list.
  if (shape.length > 0 && isList(value)) requireItems(value, 0, aval, path)
  const array = new constructors[dtype](room(aval, path))
  const stride = kindOf(dtype) === "complex" ? 2 : 1
  let next = 0
  const walk = (part: unknown, axis: number, at: string): void => {
    if (axis === shape.length) {
      put(array, next, part, dtype, at)
      next += stride
      return
    }
    if (!isList(part)) {
      const axes = count(shape.length, "axis", "axes")
      const plain = "give nested lists, one level for each axis, or a typed array"
      throw mismatch(at, ...(dataFault(part) ?? [`is no list, but ${show(aval)} has ${axes}`, plain]))
    }
    requireItems(part, axis, aval, at)
    // What is left out of a list counts as undefined; forEach would pass over it.
    for (let i = 0; i < shape[axis]!; i++) walk(part[i], axis + 1, `${at}[${i}]`)
  }
  walk(value, 0, path)
  return new Uint8Array(array.buffer as ArrayBuffer)
}

/** Host data as the bytes of an array; throws an ArgumentError that names the place where it does not fit. */
export const encode = (value: unknown, aval: Aval, path: string): Uint8Array =>
  ArrayBuffer.isView(value) ? encodeTyped(value, aval, path) : encodeNested(value, aval, path)

/** Plain numbers that a dtype holds exactly, flat and row-major (complex ones re and im in turn), as bytes. */
export const elementBytes = (
  values: ReadonlyArray<number | bigint>,
  dtype: DType
): Uint8Array<ArrayBuffer> => {
  const array = new constructors[dtype](
    new ArrayBuffer(bytesOf({ dtype, shape: [values.length] }) / (kindOf(dtype) === "complex" ? 2 : 1))
  )
  values.forEach((value, i) => {
    ;(array as Float64Array)[i] = (isHalf(dtype) ? halfBits(dtype)(Number(value)) : value) as number
  })
  return new Uint8Array(array.buffer as ArrayBuffer)
}
