import { add, div, exp, ge, gt, isFinite, le, log, log1p, lt, neg, not, or, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"
import { type Broadcasting, type FloatOperand, ofFloats } from "../special/floats.ts"
import { normalCdf, normalLogCdf } from "../special/normal.ts"
import { logDensity as normal } from "./norm-density.ts"

/** log(e^x - e^y) for x not less than y. */
const logDifference = (x: Floats, y: Floats): Floats => {
  const most = select(isFinite(x), x, 0)
  return add(log(sub(exp(sub(x, most)), exp(sub(y, most)))), most)
}

/** The logarithm of what lies between a and b, in the left tail where that is exact. */
const logMass = (a: Floats, b: Floats): Floats => {
  const right = gt(a, 0)
  const central = not(or(le(b, 0), right))
  const [from, to] = [select(right, neg(b), a), select(right, neg(a), b)]
  const tail = logDifference(normalLogCdf(to), normalLogCdf(from))
  return select(central, log1p(sub(neg(normalCdf(a)), normalCdf(neg(b)))), tail)
}

const logDensity = (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats): Floats => {
  const value = sub(normal(x, loc, scale), logMass(a, b))
  const y = div(sub(x, loc), scale)
  const inside = select(or(lt(y, a), gt(y, b)), Number.NEGATIVE_INFINITY, value)
  return select(ge(a, b), Number.NaN, inside)
}

const logShare = (x: Floats, a: Floats, b: Floats): Floats => {
  const all = logMass(a, b)
  const [below, above] = [sub(logMass(a, x), all), sub(logMass(x, b), all)]
  // Near 1 the other side is exact.
  const value = select(gt(below, -0.1), log1p(neg(exp(above))), below)
  const inside = select(ge(x, b), 0, select(le(x, a), Number.NEGATIVE_INFINITY, value))
  return select(ge(a, b), Number.NaN, inside)
}

/**
 * Gives the logarithm of the density of the normal distribution between loc + a * scale and loc + b * scale. loc is 0
 * and scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example truncnorm.logpdf(constant([0, 1], "f32"), -1, 2) // [-0.719, -1.219]
 */
export const logpdf: Broadcasting<
  "truncnorm.logpdf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats("truncnorm.logpdf", 3, logDensity, [0, 1])

/**
 * Gives the density of the normal distribution between loc + a * scale and loc + b * scale. loc is 0 and scale 1 where
 * they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take that dtype. Fails
 * with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example truncnorm.pdf(constant([0, 1], "f32"), -1, 2) // [0.487, 0.296]
 */
export const pdf: Broadcasting<
  "truncnorm.pdf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "truncnorm.pdf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) => exp(logDensity(x, a, b, loc, scale)),
  [0, 1]
)

/**
 * Gives the share of the normal distribution between loc + a * scale and loc + b * scale that is not above x. loc is 0
 * and scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example truncnorm.cdf(constant([0, 1], "f32"), -1, 2) // [0.417, 0.834]
 */
export const cdf: Broadcasting<
  "truncnorm.cdf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "truncnorm.cdf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) =>
    exp(logShare(div(sub(x, loc), scale), a, b)),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the normal distribution between loc + a * scale and loc + b * scale that is not
 * above x. loc is 0 and scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast;
 * plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example truncnorm.logcdf(constant([0, 1], "f32"), -1, 2) // [-0.875, -0.182]
 */
export const logcdf: Broadcasting<
  "truncnorm.logcdf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "truncnorm.logcdf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) => logShare(div(sub(x, loc), scale), a, b),
  [0, 1]
)

/**
 * Gives the share of the normal distribution between loc + a * scale and loc + b * scale that is above x. loc is 0 and
 * scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast; plain numbers take
 * that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example truncnorm.sf(constant([0, 1], "f32"), -1, 2) // [0.583, 0.166]
 */
export const sf: Broadcasting<
  "truncnorm.sf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "truncnorm.sf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) =>
    exp(logShare(div(sub(loc, x), scale), neg(b), neg(a))),
  [0, 1]
)

/**
 * Gives the logarithm of the share of the normal distribution between loc + a * scale and loc + b * scale that is
 * above x. loc is 0 and scale 1 where they are left out. Takes f16, bf16, f32 and f64, of one dtype, which broadcast;
 * plain numbers take that dtype. Fails with a `ShapeError` or a `DTypeError` where an operand does not fit.
 *
 * @example truncnorm.logsf(constant([0, 1], "f32"), -1, 2) // [-0.54, -1.796]
 */
export const logsf: Broadcasting<
  "truncnorm.logsf",
  readonly [a: FloatOperand, b: FloatOperand, loc?: FloatOperand, scale?: FloatOperand]
> = ofFloats(
  "truncnorm.logsf",
  3,
  (x: Floats, a: Floats, b: Floats, loc: Floats, scale: Floats) =>
    logShare(div(sub(loc, x), scale), neg(b), neg(a)),
  [0, 1]
)
