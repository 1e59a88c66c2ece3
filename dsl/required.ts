import { largest } from "./bounds.ts"
import { type DType, isDType } from "./dtype.ts"
import { dtypeError, type ShapeError, shapeError, valueError } from "./errors.ts"
import { kindName, tracingHint } from "./kinds.ts"
import { say } from "./messages.ts"
import { type Aval, type Shape, show } from "./shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "./tensor.ts"

/**
 * Readers of what users pass. Each takes the name of the operation that was called. It refuses what is missing, and
 * what `any` lets through. It returns what it has read: of a list a copy, which nobody changes later.
 */

/** Nothing can be read of a proxy that was revoked: even `Array.isArray` throws. */
const isRevoked = (value: unknown): boolean => {
  try {
    Array.isArray(value)
    return false
  } catch {
    return true
  }
}

export const isList = (value: unknown): value is ReadonlyArray<unknown> =>
  !isRevoked(value) && Array.isArray(value)

export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !isRevoked(value)

/** A record as it is written: `{...}`, or one without a prototype. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** What a list or record has at a key; undefined where it is neither, or has nothing there. */
export const itemOf = (value: unknown, key: string | number): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined

const shortText = (text: string): string => JSON.stringify(text.length <= 60 ? text : `${text.slice(0, 60)}…`)

const shownObject = (value: object): string => {
  if (isTensor(value)) return show(value)
  if (isRevoked(value)) return "a proxy that was revoked"
  const kind = kindName(value)
  if (kind !== undefined) return kind
  const list = isList(value)
  if (!list && !isRecord(value)) {
    const made: unknown = (value as { readonly constructor?: { readonly name?: unknown } }).constructor?.name
    const name = typeof made === "string" && /^[\w$]{1,60}$/.test(made) ? made : "object"
    return `${/^(?:[AEIO]|U(?!int))/i.test(name) ? "an" : "a"} ${name}`
  }
  const items: ReadonlyArray<unknown> = Object.values(value)
  // A tree may be a circle or unfold without end.
  if (items.length > 8 || items.some((item) => typeof item === "object" || typeof item === "function"))
    return list ? "a list" : "a record"
  if (list) return `[${value.map(shown).join(", ")}]`
  const entries = Object.entries(value).map(([key, item]) => `${key}: ${shown(item)}`)
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`
}

/** What was given, for a message. */
export const shown = (value: unknown): string => {
  if (typeof value === "string") return shortText(value)
  if (typeof value === "bigint") return `${value}n`
  if (typeof value === "function") return kindName(value) ?? "a function"
  return typeof value === "object" && value !== null ? shownObject(value) : String(value)
}

/** A list in the notation of shapes, whatever it holds. */
export const shownList = (list: ReadonlyArray<unknown>): string => `[${list.map(shown).join(", ")}]`

const refuse = (op: string, what: string, value: unknown, wanted: string, hint: string) =>
  valueError(op, `${op}: ${what} is ${shown(value)}, not ${wanted}`, tracingHint(value) ?? hint)

/** How to make a tensor of a list or a typed array; undefined for anything else. */
export const constantHint = (value: unknown, dtype: "f32" | "i32"): string | undefined => {
  if (ArrayBuffer.isView(value)) return "make a tensor of it: constant(values)"
  if (!isList(value) || !value.every((item) => typeof item === "number" || isList(item))) return undefined
  const text = value.every((item) => typeof item === "number") ? shown(value) : ""
  return `make a tensor of it: constant(${text.startsWith("[") ? text : "[1, 2]"}, "${dtype}")`
}

export const requireTensor = (op: string, what: string, value: Tensor): Value => {
  if (isTensor(value)) return valueOf(value)
  throw refuse(
    op,
    what,
    value,
    "a tensor",
    constantHint(value, "f32") ?? "give a tensor of the traced function"
  )
}

/** More than this in one list is a mistake, and takes long to copy. */
const longest = 2 ** 20

export const requireList = <T>(
  op: string,
  what: string,
  value: ReadonlyArray<T>,
  hint: string
): ReadonlyArray<T> => {
  if (!isList(value)) throw refuse(op, what, value, "a list", hint)
  if (value.length > longest)
    throw valueError(op, `${op}: ${what} has ${value.length} items; there are at most ${longest}`, hint)
  return [...value]
}

export const requireWholes = (
  op: string,
  what: string,
  value: ReadonlyArray<number>,
  hint: string
): ReadonlyArray<number> =>
  requireList(op, what, value, hint).map((each, i) => requireWhole(op, `${what}[${i}]`, each))

export const requireTensors = (
  op: string,
  what: string,
  value: ReadonlyArray<Tensor>,
  hint: string
): ReadonlyArray<Value> =>
  requireList(op, what, value, hint).map((each, i) => requireTensor(op, `${what}[${i}]`, each))

export const requireRecord = <T>(op: string, what: string, value: T, hint: string): T & object => {
  if (isObject(value) && !isList(value) && !isTensor(value)) return value
  throw refuse(op, what, value, "a record", hint)
}

/** Options that may be left out, each read by its own reader. Where their names are given, there are no others. */
export const requireOptions = <T extends object>(
  op: string,
  value: T | undefined,
  names?: ReadonlyArray<keyof T & string>
): Partial<T> => {
  if (value === undefined) return {}
  const record = requireRecord(op, "options", value, "give a record, or leave it out")
  const other = names && Object.keys(record).find((key) => !names.includes(key as never))
  if (other === undefined) return record
  throw valueError(op, `${op}: there is no option ${shown(other)}`, `options are ${names!.join(", ")}`)
}

/** A record with a list of whole numbers under each of the names. */
export const requireLists = <T>(
  op: string,
  what: string,
  value: T,
  names: ReadonlyArray<keyof T & string>,
  hint: string
): T => {
  const record = requireRecord(op, what, value, hint)
  const lists = names.map((name) => [name, requireWholes(op, name, record[name] as Shape, hint)])
  return { ...record, ...Object.fromEntries(lists) }
}

export const requireFunction = <F>(op: string, what: string, value: F): F => {
  if (typeof value === "function") return value
  throw refuse(op, what, value, "a function", "give a function of tensors")
}

export const requireText = (op: string, what: string, value: string): string => {
  if (typeof value === "string") return value
  throw refuse(op, what, value, "a text", "give a string")
}

export const requireFlag = (
  op: string,
  what: string,
  value: boolean | undefined,
  otherwise = false
): boolean => {
  if (value === undefined) return otherwise
  if (typeof value === "boolean") return value
  throw refuse(op, what, value, "a boolean", "give true or false, or leave it out")
}

export const requireOneOf = <T extends string | number>(
  op: string,
  what: string,
  value: T,
  known: ReadonlyArray<T>
): T => {
  if (known.includes(value)) return value
  const names = known.map(shown).join(", ")
  throw valueError(op, `${op}: ${what} is ${shown(value)}, not one of ${names}`, `give one of ${names}`)
}

export const requireDType = <D extends DType>(op: string, dtype: D): D => {
  if (isDType(dtype)) return dtype
  const name = typeof dtype === "string" && /^\w{1,20}$/.test(dtype) ? dtype : shown(dtype)
  throw dtypeError(
    op,
    `${op}: ${name} is no dtype`,
    "dtypes are f16 bf16 f32 f64 i8 i16 i32 i64 u8 u16 u32 u64 bool c64 c128"
  )
}

/** A whole number: a dimension, a count, a length. */
export const requireDim = (op: string, what: string, value: number, least = 0): number => {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw shapeError(op, say("size", { op, what, n: shown(value) }), `give a whole number from ${least}`)
}

export const requireWhole = (op: string, what: string, value: number): number => {
  if (Number.isSafeInteger(value)) return value
  throw shapeError(op, `${op}: ${what} is ${shown(value)}`, "give a whole number")
}

export const requireNumber = (op: string, what: string, value: number): number => {
  if (Number.isFinite(value)) return value
  throw valueError(op, `${op}: ${what} is ${shown(value)}`, "give a finite number")
}

export const requireShape = (op: string, shape: Shape): Shape => {
  const dims = requireList(op, "shape", shape, "give the dimensions: [2, 3]")
  if (dims.length > largest.rank)
    throw shapeError(
      op,
      `${op}: the shape has ${dims.length} axes; there are at most ${largest.rank}`,
      "put several axes into one"
    )
  for (const dim of dims) requireDim(op, "a dimension", dim)
  return dims
}

export const axisError = (op: string, axis: unknown, aval: Aval, rank = aval.shape.length): ShapeError =>
  shapeError(
    op,
    say("axis", { op, axis: shown(axis), a: show(aval) }),
    rank === 0 ? "a scalar has no axes" : `axes go from 0 to ${rank - 1}, or from the end: -1`
  )

/** An axis counted from the end made plain: -1 is the last. `rank` is that of the result, where it has another. */
export const plainAxis = (op: string, axis: number, aval: Aval, rank = aval.shape.length): number => {
  const plain = Number.isInteger(axis) && axis < 0 ? axis + rank : axis
  if (Number.isInteger(plain) && plain >= 0 && plain < rank) return plain
  throw axisError(op, axis, aval, rank)
}

/** An axis, or a list of them; all, where none is said. */
export const plainAxes = (
  op: string,
  axes: number | ReadonlyArray<number> | undefined,
  aval: Aval
): ReadonlyArray<number> => {
  if (axes === undefined) return aval.shape.map((_, i) => i)
  const list =
    typeof axes === "number" ? [axes] : requireList(op, "axes", axes, "give an axis, or a list of them")
  return list.map((axis) => plainAxis(op, axis, aval))
}
