import { type DType, type DTypeKind, kindOf } from "../dtype.ts"
import { dtypeError, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import type { Params, Primitive } from "../program.ts"
import { axisError, shown } from "../required.ts"
import { type Aval, type Shape, show } from "../shape.ts"

/** What the language knows of a primitive beside its StableHLO row. */
export interface Rule<P extends Primitive> {
  /** The types of its results. Throws a TraceError where the operands do not fit. */
  readonly infer: (inputs: ReadonlyArray<Aval>, params: Params[P]) => ReadonlyArray<Aval>
}

export type Rules<P extends Primitive> = { readonly [K in P]: Rule<K> }

export const numeric: ReadonlyArray<DTypeKind> = ["float", "signed", "unsigned", "complex"]
export const ordered: ReadonlyArray<DTypeKind> = ["float", "signed", "unsigned", "bool"]

const kindWords: Readonly<Record<DTypeKind, string>> = {
  float: "floats",
  signed: "signed integers",
  unsigned: "unsigned integers",
  complex: "complex numbers",
  bool: "booleans"
}

const kindsInWords = (kinds: ReadonlyArray<DTypeKind>): string =>
  kinds
    .map((kind) => kindWords[kind])
    .join(", ")
    .replace(/, ([^,]*)$/, " or $1")

/** Refuses dtypes that the operation does not take. */
export const requireKind = (op: string, aval: Aval, kinds: ReadonlyArray<DTypeKind>): void => {
  if (kinds.includes(kindOf(aval.dtype))) return
  throw dtypeError(
    op,
    say("dtypeKind", { op, wanted: kindsInWords(kinds), a: show(aval) }),
    "convert(x, dtype) gives it another dtype"
  )
}

export const requireSameDType = (op: string, a: Aval, b: Aval): void => {
  if (a.dtype === b.dtype) return
  throw dtypeError(
    op,
    say("dtypes", { op, a: show(a), b: show(b) }),
    `convert one of them: convert(x, "${a.dtype}"); nothing is widened silently`
  )
}

/** A primitive's operands have one shape: the functions of the language broadcast before they apply it. */
export const requireSameShape = (op: string, a: Aval, b: Aval): void => {
  if (a.shape.length === b.shape.length && a.shape.every((dim, i) => dim === b.shape[i])) return
  throw shapeError(op, say("broadcast", { op, a: show(a), b: show(b) }), "reshape or broadcast one of them")
}

export const requireAxis = (op: string, axis: number, aval: Aval): void => {
  if (!(Number.isInteger(axis) && axis >= 0 && axis < aval.shape.length)) throw axisError(op, axis, aval)
}

export const requireDistinct = (op: string, axes: ReadonlyArray<number>): void => {
  if (new Set(axes).size === axes.length) return
  throw shapeError(op, say("axisTwice", { op, axes: axes.map(shown).join(", ") }), "name each axis once")
}

export const avalOf = (dtype: DType, shape: Shape): Aval => ({ dtype, shape })
