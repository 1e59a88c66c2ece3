import { largest, requireBounds } from "../bounds.ts"
import type { DType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import { type HostArrays, hostArrays } from "../host-value.ts"
import { apply1 } from "../primitives/index.ts"
import { isObject } from "../required.ts"
import { type Shape, show, sizeOf } from "../shape.ts"
import type { Value } from "../tensor.ts"

/** Numbers that are written out in a program, and typed arrays that say their own dtype. */

/** The dtypes that a typed array says: of each, no other dtype has that array. */
const typed = ["f32", "f64", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"] as const

export type TypedArrays = Pick<HostArrays, (typeof typed)[number]>
export type TypedArray = TypedArrays[keyof TypedArrays]

/** The dtype that a typed array says; undefined for anything else. */
export const ownDType = (values: unknown): keyof TypedArrays | undefined =>
  isObject(values) ? typed.find((dtype) => values instanceof hostArrays[dtype]) : undefined

/** Refuses what is no table to be written out. */
export const requireTable = (op: string, dtype: DType, shape: Shape): void => {
  requireBounds(op, { dtype, shape })
  if (sizeOf(shape) <= largest.constant) return
  throw shapeError(
    op,
    `${op}: ${show({ dtype, shape })} has ${sizeOf(shape)} numbers; a program holds at most ${largest.constant}`,
    "give the data as an argument"
  )
}

/** A typed array as a constant of one axis. */
export const tableOf = (op: string, values: TypedArray, dtype: keyof TypedArrays): Value => {
  const shape = [values.length]
  requireTable(op, dtype, shape)
  return apply1("constant", { aval: { dtype, shape }, value: [...(values as Iterable<number | bigint>)] })
}
