import { type DType, integerRange, isInteger, kindOf } from "../dtype.ts"
import { dtypeError, shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply1 } from "../primitives/index.ts"
import type { Scalar } from "../program.ts"
import { constantHint, shown } from "../required.ts"
import { type Aval, show } from "../shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "../tensor.ts"
import { add, binary, compare, convert, filled, select } from "../values.ts"

/** An index: a plain number, counted from the end where it is negative, or integers of the program. */
export type Index = number | Tensor

/** What stands where an index is out of range, as in JAX: NaN, or the extreme value of an integer dtype. */
export const missing = (dtype: DType): Scalar => {
  if (dtype === "bool") return true
  if (!isInteger(dtype)) return Number.NaN
  const [least, greatest] = integerRange(dtype)
  return kindOf(dtype) === "signed" ? least : greatest
}

/** Integers of 32 bits say the lengths up to this. */
export const most32 = 2 ** 31 - 1

/** A plain index checked, and counted from the front. */
export const plainIndex = (op: string, index: number, axis: number, x: Aval): number => {
  const hint = constantHint(index, "i32")
  if (hint !== undefined) throw valueError(op, `${op}: an index is ${shown(index)}, which is no tensor`, hint)
  const length = x.shape[axis]!
  const plain = Number.isInteger(index) && index < 0 ? index + length : index
  if (Number.isInteger(plain) && plain >= 0 && plain < length) return plain
  throw shapeError(
    op,
    say("index", { op, index: shown(index), axis: `${axis}`, a: show(x) }),
    length === 0 ? "the axis is empty" : `indices go from 0 to ${length - 1}, or from the end: -1`
  )
}

/** Integers as indices: signed, and counted from the front, unless negative ones are kept. */
export const frontIndices = (
  op: string,
  index: Index,
  axis: number,
  x: Aval,
  keepNegative = false
): Value => {
  const long = x.shape[axis]! > most32
  if (!isTensor(index))
    return filled({ dtype: long ? "i64" : "i32", shape: [] }, plainIndex(op, index, axis, x))
  if (!isInteger(index.dtype)) {
    throw dtypeError(
      op,
      say("dtypeKind", { op, wanted: "integer indices", a: show(index) }),
      'convert(i, "i32") makes one'
    )
  }
  const wide = long || ["i64", "u64", "u32"].includes(index.dtype) ? "i64" : "i32"
  const given = valueOf(index)
  // What is out of range as u64 must not become negative.
  const narrow = index.dtype === "u64" ? binary("minimum", given, filled(given, 2n ** 63n - 1n)) : given
  const value = convert(narrow, wide)
  if (keepNegative || kindOf(index.dtype) !== "signed") return value
  const fromEnd = add(value, filled(value, x.shape[axis]!))
  return select(compare("lt", value, filled(value, 0)), fromEnd, value)
}

/** Whether indices are in range, and the indices moved there. */
export const within = (index: Value, length: number): { readonly holds: Value; readonly inside: Value } => {
  const [least, most] = [filled(index, 0), filled(index, Math.max(0, length - 1))]
  const holds = binary("and", compare("ge", index, least), compare("lt", index, filled(index, length)))
  return { holds, inside: apply1("clamp", {}, least, index, most) }
}
