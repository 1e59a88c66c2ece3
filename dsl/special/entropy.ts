import type { FloatDType } from "../dtype.ts"
import {
  add,
  and,
  div,
  eq,
  ge,
  gt,
  log,
  log1p,
  logistic,
  lt,
  mul,
  ne,
  neg,
  or,
  sub
} from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import type { Pairwise, Unary } from "../ops/operators.ts"
import { select } from "../ops/structure.ts"
import { ofFloats, withSlopes } from "./floats.ts"

type Pair<Op extends string> = Pairwise<Op, FloatDType, number>

/** A product with a logarithm, which is 0 where x is; a NaN of y stays. */
const timesLog = (x: Floats, y: Floats, logarithm: Floats): Floats =>
  select(or(ne(x, 0), ne(y, y)), mul(x, logarithm), 0)

export const xLogY: (x: Floats, y: Floats) => Floats = withSlopes(
  (x: Floats, y: Floats) => timesLog(x, y, log(y)),
  (_, _x, y) => log(y),
  (_, x, y) => div(x, y)
)

export const xLog1pY: (x: Floats, y: Floats) => Floats = withSlopes(
  (x: Floats, y: Floats) => timesLog(x, y, log1p(y)),
  (_, _x, y) => log1p(y),
  (_, x, y) => div(x, add(1, y))
)

const xLogX: (x: Floats) => Floats = withSlopes(
  (x: Floats) => timesLog(x, x, log(x)),
  (_, x) => add(log(x), 1)
)

export const logOdds: (x: Floats) => Floats = withSlopes(
  (x: Floats) => log(div(x, sub(1, x))),
  (_, x) => div(1, mul(x, sub(1, x)))
)

const relative = (p: Floats, q: Floats): Floats => {
  const both = and(gt(p, 0), gt(q, 0))
  const none = and(eq(p, 0), ge(q, 0))
  const [x, y] = [select(both, p, 1), select(both, q, 1)]
  return select(both, sub(xLogX(x), xLogY(x, y)), select(none, sub(p, p), Number.POSITIVE_INFINITY))
}

/**
 * Gives `log(p / (1 - p))`, the inverse of `expit`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of
 * `p`. Fails with a `DTypeError` for another dtype.
 *
 * @example logit(constant([0.5, 0.9], "f32")) // [0, 2.197]
 */
export const logit: Unary<"logit", FloatDType> = ofFloats("logit", 1, logOdds)

/**
 * Gives `1 / (1 + exp(-x))`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example expit(constant([0, 2], "f32")) // [0.5, 0.881]
 */
export const expit: Unary<"expit", FloatDType> = ofFloats("expit", 1, (x: Floats) => logistic(x))

/**
 * Gives `x * log(y)`, and 0 where x is 0. Takes f16, bf16, f32 and f64. Operands have one dtype and broadcast as NumPy's
 * do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does
 * not fit.
 *
 * @example xlogy(constant([0, 2], "f32"), constant([0, 3], "f32")) // [0, 2.197]
 */
export const xlogy: Pair<"xlogy"> = ofFloats("xlogy", 2, xLogY)

/**
 * Gives `x * log(1 + y)`, exact for small y, and 0 where x is 0. Takes f16, bf16, f32 and f64. Operands have one dtype and
 * broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError`
 * where an operand does not fit.
 *
 * @example xlog1py(constant([0, 2], "f32"), constant([-1, 2], "f32")) // [0, 2.197]
 */
export const xlog1py: Pair<"xlog1py"> = ofFloats("xlog1py", 2, xLog1pY)

/**
 * Gives `-x * log(x)`: 0 at 0, and -Infinity below. Takes f16, bf16, f32 and f64. The result has the dtype and shape of
 * `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example entr(constant([0, 0.5], "f32")) // [0, 0.347]
 */
export const entr: Unary<"entr", FloatDType> = ofFloats("entr", 1, (x: Floats) =>
  select(lt(x, 0), Number.NEGATIVE_INFINITY, neg(xLogX(x)))
)

/**
 * Gives `p * log(p / q)`: 0 where p is 0, and Infinity where it is not defined. Takes f16, bf16, f32 and f64. Operands have
 * one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example relEntr(constant([0, 0.5], "f32"), 0.25) // [0, 0.347]
 */
export const relEntr: Pair<"relEntr"> = ofFloats("relEntr", 2, relative)

/**
 * Gives `p * log(p / q) - p + q`: Infinity where it is not defined. Takes f16, bf16, f32 and f64. Operands have one dtype
 * and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example klDiv(constant([0, 0.5], "f32"), 0.25) // [0.25, 0.097]
 */
export const klDiv: Pair<"klDiv"> = ofFloats("klDiv", 2, (p: Floats, q: Floats) =>
  add(sub(relative(p, q), p), q)
)
