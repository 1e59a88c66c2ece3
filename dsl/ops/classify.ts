import { type FloatDType, isComplex, isFloat, type SignedDType, type UnsignedDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Scalar } from "../program.ts"
import { requireFlag, requireNumber, requireOptions, requireTensor } from "../required.ts"
import { greatestFloat } from "../rounding.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { PairCheck } from "../types/operands.ts"
import type { Broadcast, Operand, ShapeOf, Weak } from "../types.ts"
import { add, binary, compare, filled, range, scale, select, sub, unary, zeros } from "../values.ts"
import { alike, splat } from "./operand.ts"
import { type Analytic, testOf } from "./operators.ts"

const analytic = ["float", "complex"] as const

const parts = (x: Value): readonly [Value, Value] => [unary("real", x), unary("imag", x)]

const isNanValue = (x: Value): Value => compare("ne", x, x)

const isInfinite = (x: Value): Value => {
  if (isComplex(x.dtype))
    return parts(x)
      .map(isInfinite)
      .reduce((a, b) => binary("or", a, b))
  return compare("eq", unary("abs", x), filled(x, Number.POSITIVE_INFINITY))
}

/**
 * Tells which elements are NaN: booleans of the same shape. Takes floats, and complex numbers, of which a part may be
 * NaN. Fails with a `DTypeError` for another dtype.
 *
 * @example isNan(constant([1, Infinity, NaN], "f32")) // [false, false, true]
 */
export const isNan = testOf<"isNan", Analytic>("isNan", analytic, isNanValue)

/**
 * Tells which elements are infinite, of either sign: booleans of the same shape. Takes floats, and complex numbers, of
 * which a part may be infinite. Fails with a `DTypeError` for another dtype.
 *
 * @example isInf(constant([1, -Infinity, NaN], "f32")) // [false, true, false]
 */
export const isInf = testOf<"isInf", Analytic>("isInf", analytic, isInfinite)

/**
 * Tells which elements are infinity: booleans of the same shape. Takes f16, bf16, f32 and f64. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example isPosInf(constant([Infinity, -Infinity], "f32")) // [true, false]
 */
export const isPosInf = testOf<"isPosInf", FloatDType>("isPosInf", ["float"], (x) =>
  compare("eq", x, filled(x, Number.POSITIVE_INFINITY))
)

/**
 * Tells which elements are minus infinity: booleans of the same shape. Takes f16, bf16, f32 and f64. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example isNegInf(constant([Infinity, -Infinity], "f32")) // [false, true]
 */
export const isNegInf = testOf<"isNegInf", FloatDType>("isNegInf", ["float"], (x) =>
  compare("eq", x, filled(x, Number.NEGATIVE_INFINITY))
)

const sameSize = { f16: "i16", bf16: "i16", f32: "i32", f64: "i64" } as const

/** Whether each element is negative, or -0 or a NaN with that sign. */
export const hasSign = (x: Value): Value => {
  const bits = isFloat(x.dtype) ? apply1("bitcast", { dtype: sameSize[x.dtype] }, x) : x
  return compare("lt", bits, zeros(bits))
}

/**
 * Tells which elements have the sign of negative numbers, -0 among them: booleans of the same shape. Takes floats and
 * integers. Fails with a `DTypeError` for another dtype.
 *
 * @example signbit(constant([1, -1, -0], "f32")) // [false, true, true]
 */
export const signbit = testOf<"signbit", FloatDType | SignedDType | UnsignedDType>(
  "signbit",
  ["float", "signed", "unsigned"],
  hasSign
)

/** How far apart what is close may be. */
export interface CloseOptions {
  /** Beside what `b` is (1e-5). */
  readonly rtol?: number
  /** At all (1e-8). */
  readonly atol?: number
  /** Whether NaN is close to NaN (false). */
  readonly equalNan?: boolean
}

const close = (op: string, a: Operand, b: Operand, options: CloseOptions | undefined): Value => {
  const [left, right] = alike(op, [a, b]) as [Value, Value]
  requireKind(op, left, analytic)
  const given = requireOptions(op, options, ["rtol", "atol", "equalNan"])
  const rtol = requireNumber(op, "rtol", given.rtol ?? 1e-5)
  const atol = requireNumber(op, "atol", given.atol ?? 1e-8)
  const size = scale(unary("abs", right), rtol)
  const near = compare("le", unary("abs", sub(left, right)), add(filled(size, atol), size))
  const finite = isComplex(right.dtype)
    ? parts(right)
        .map((part) => unary("isFinite", part))
        .reduce((x, y) => binary("and", x, y))
    : unary("isFinite", right)
  const holds = binary("or", compare("eq", left, right), binary("and", finite, near))
  if (!requireFlag(op, "equalNan", given.equalNan)) return holds
  return binary("or", holds, binary("and", isNanValue(left), isNanValue(right)))
}

type Comparable = Tensor<Analytic> | Weak

/**
 * Tells where `a` and `b` are close: `|a - b| <= atol + rtol |b|`. Infinities are close where they are equal. Takes
 * floats and complex numbers; `eq` compares others. Operands have one dtype and broadcast as NumPy's do; a plain number
 * takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example isClose(constant([1, 2], "f32"), constant([1.000001, 2.1], "f32")) // [true, false]
 */
export const isClose = named(
  "isClose",
  <const A extends Comparable, const B extends Comparable>(
    a: A,
    b: B & PairCheck<"isClose", A, B>,
    options?: CloseOptions
  ): Tensor<"bool", Broadcast<ShapeOf<A>, ShapeOf<B>>> => tensorOf(close("isClose", a, b as Operand, options))
)

/**
 * Tells whether all elements are close, as `isClose` has it: one boolean. Takes floats and complex numbers. Operands
 * have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a
 * `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example allClose(constant([1, 2], "f32"), constant([1.000001, 2], "f32")) // true
 */
export const allClose = named(
  "allClose",
  <const A extends Comparable, const B extends Comparable>(
    a: A,
    b: B & PairCheck<"allClose", A, B>,
    options?: CloseOptions
  ): Tensor<"bool", readonly []> => {
    const holds = close("allClose", a, b as Operand, options)
    return tensorOf(apply1("all", { axes: range(holds.shape.length) }, holds))
  }
)

/** What stands for numbers that are not finite. */
export interface NanToNumOptions {
  /** For NaN (0). */
  readonly nan?: number
  /** For infinity (the greatest finite number). */
  readonly posInf?: number
  /** For minus infinity (the least finite number). */
  readonly negInf?: number
}

/**
 * Puts numbers in the place of NaN and infinities: 0 for NaN, and the dtype's greatest and least finite numbers. Takes
 * floats, and complex numbers part by part; dtype and shape stay. Fails with a `DTypeError` for another dtype, and a
 * `ValueError` for what is no number.
 *
 * @example nanToNum(constant([1, NaN, Infinity], "f32"), { posInf: 9 }) // [1, 0, 9]
 */
export const nanToNum = named(
  "nanToNum",
  <D extends Analytic, S extends Shape>(x: Tensor<D, S>, options?: NanToNumOptions): Tensor<D, S> => {
    const value = requireTensor("nanToNum", "x", x)
    requireKind("nanToNum", value, analytic)
    const { nan = 0, posInf, negInf } = requireOptions("nanToNum", options, ["nan", "posInf", "negInf"])
    const replaced = (part: Value): Value => {
      if (!isFloat(part.dtype))
        return binary("complex", replaced(unary("real", part)), replaced(unary("imag", part)))
      const most = greatestFloat(part.dtype)
      const put = (at: Value, number: Scalar, rest: Value): Value =>
        select(at, splat("nanToNum", number, part.dtype, part.shape), rest)
      const high = compare("eq", part, filled(part, Number.POSITIVE_INFINITY))
      const low = compare("eq", part, filled(part, Number.NEGATIVE_INFINITY))
      return put(isNanValue(part), nan, put(high, posInf ?? most, put(low, negInf ?? -most, part)))
    }
    return tensorOf(replaced(value))
  }
)
