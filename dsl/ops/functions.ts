import type { FloatDType } from "../dtype.ts"
import type { Weak } from "../types.ts"
import { type Analytic, pair, unary } from "./operators.ts"

/**
 * Gives the angle of the point (b, a), in radians from -π to π. Takes f16, bf16, f32 and f64. Operands have one dtype
 * and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example atan2(constant([1, -1], "f32"), 1) // [0.785, -0.785]
 */
export const atan2 = pair<"atan2", FloatDType, Weak>("atan2")

/**
 * Raises e to the power `x`. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails with
 * a `DTypeError` for another dtype.
 *
 * @example exp(constant([0, 1], "f32")) // [1, 2.718]
 */
export const exp = unary<"exp", Analytic>("exp")

/**
 * Gives `exp(x) - 1`, exact near 0. Takes floats and complex numbers. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example expm1(constant([0, 1], "f32")) // [0, 1.718]
 */
export const expm1 = unary<"expm1", Analytic>("expm1")

/**
 * Gives the natural logarithm; NaN for negative floats. Takes floats and complex numbers. The result has the dtype
 * and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example log(constant([1, 10], "f32")) // [0, 2.303]
 */
export const log = unary<"log", Analytic>("log")

/**
 * Gives `log(1 + x)`, exact near 0. Takes floats and complex numbers. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example log1p(constant([0, 1], "f32")) // [0, 0.693]
 */
export const log1p = unary<"log1p", Analytic>("log1p")

/**
 * Gives the square root; NaN for negative floats. Takes floats and complex numbers. The result has the dtype and
 * shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example sqrt(constant([4, 9], "f32")) // [2, 3]
 */
export const sqrt = unary<"sqrt", Analytic>("sqrt")

/**
 * Gives `1 / sqrt(x)`. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example rsqrt(constant([4, 16], "f32")) // [0.5, 0.25]
 */
export const rsqrt = unary<"rsqrt", Analytic>("rsqrt")

/**
 * Gives the cube root. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example cbrt(constant([8, -27], "f32")) // [2, -3]
 */
export const cbrt = unary<"cbrt", FloatDType>("cbrt")

/**
 * Gives the sine of an angle in radians. Takes floats and complex numbers. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example sin(constant([0, 1], "f32")) // [0, 0.841]
 */
export const sin = unary<"sin", Analytic>("sin")

/**
 * Gives the cosine of an angle in radians. Takes floats and complex numbers. The result has the dtype and shape of
 * `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example cos(constant([0, 1], "f32")) // [1, 0.540]
 */
export const cos = unary<"cos", Analytic>("cos")

/**
 * Gives the tangent of an angle in radians. Takes floats and complex numbers. The result has the dtype and shape of
 * `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example tan(constant([0, 1], "f32")) // [0, 1.557]
 */
export const tan = unary<"tan", Analytic>("tan")

/**
 * Gives the hyperbolic tangent. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails
 * with a `DTypeError` for another dtype.
 *
 * @example tanh(constant([0, 1], "f32")) // [0, 0.762]
 */
export const tanh = unary<"tanh", Analytic>("tanh")

/**
 * Gives `1 / (1 + exp(-x))`. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails with
 * a `DTypeError` for another dtype.
 *
 * @example logistic(constant([0, 2], "f32")) // [0.5, 0.881]
 */
export const logistic = unary<"logistic", Analytic>("logistic")

/**
 * Gives the arc sine in radians; NaN for floats outside [-1, 1]. Takes floats and complex numbers. The result has the
 * dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example asin(constant([0, 1], "f32")) // [0, 1.571]
 */
export const asin = unary<"asin", Analytic>("asin")

/**
 * Gives the arc cosine in radians; NaN for floats outside [-1, 1]. Takes floats and complex numbers. The result has
 * the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example acos(constant([1, 0], "f32")) // [0, 1.571]
 */
export const acos = unary<"acos", Analytic>("acos")

/**
 * Gives the arc tangent in radians. Takes floats and complex numbers. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example atan(constant([0, 1], "f32")) // [0, 0.785]
 */
export const atan = unary<"atan", Analytic>("atan")

/**
 * Gives the hyperbolic sine. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails with
 * a `DTypeError` for another dtype.
 *
 * @example sinh(constant([0, 1], "f32")) // [0, 1.175]
 */
export const sinh = unary<"sinh", Analytic>("sinh")

/**
 * Gives the hyperbolic cosine. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails
 * with a `DTypeError` for another dtype.
 *
 * @example cosh(constant([0, 1], "f32")) // [1, 1.543]
 */
export const cosh = unary<"cosh", Analytic>("cosh")

/**
 * Gives the inverse hyperbolic sine. Takes floats and complex numbers. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example asinh(constant([0, 1], "f32")) // [0, 0.881]
 */
export const asinh = unary<"asinh", Analytic>("asinh")

/**
 * Gives the inverse hyperbolic cosine; NaN for floats below 1. Takes floats and complex numbers. The result has the
 * dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example acosh(constant([1, 2], "f32")) // [0, 1.317]
 */
export const acosh = unary<"acosh", Analytic>("acosh")

/**
 * Gives the inverse hyperbolic tangent; NaN for floats outside [-1, 1]. Takes floats and complex numbers. The result
 * has the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example atanh(constant([0, 0.5], "f32")) // [0, 0.549]
 */
export const atanh = unary<"atanh", Analytic>("atanh")

/**
 * Gives the error function. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example erf(constant([0, 1], "f32")) // [0, 0.843]
 */
export const erf = unary<"erf", FloatDType>("erf")

/**
 * Gives `1 - erf(x)`, exact where that is small. Takes f16, bf16, f32 and f64. The result has the dtype and shape of
 * `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example erfc(constant([0, 1], "f32")) // [1, 0.157]
 */
export const erfc = unary<"erfc", FloatDType>("erfc")

/**
 * Gives the inverse of the error function, for -1 < x < 1. Takes f16, bf16, f32 and f64. The result has the dtype and
 * shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example erfInv(constant([0, 0.5], "f32")) // [0, 0.477]
 */
export const erfInv = unary<"erfInv", FloatDType>("erfInv")

/**
 * Gives the logarithm of the absolute value of the gamma function. Takes f16, bf16, f32 and f64. The result has the
 * dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example lgamma(constant([1, 5], "f32")) // [0, 3.178]
 */
export const lgamma = unary<"lgamma", FloatDType>("lgamma")

/**
 * Gives the derivative of `lgamma`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails
 * with a `DTypeError` for another dtype.
 *
 * @example digamma(constant([1, 2], "f32")) // [-0.577, 0.423]
 */
export const digamma = unary<"digamma", FloatDType>("digamma")

/**
 * Gives the n-th derivative of `digamma` at `x`. The order n is a float that holds a whole number from 0. Takes f16,
 * bf16, f32 and f64. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with
 * a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example polygamma(1, constant([1, 2], "f32")) // [1.645, 0.645]
 */
export const polygamma = pair<"polygamma", FloatDType, Weak>("polygamma")
