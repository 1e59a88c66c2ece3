import { type FloatDType, isComplex } from "../dtype.ts"
import type { Value } from "../tensor.ts"
import { add, binary, compare, filled, mul, scale, select, sub, unary, zeros } from "../values.ts"
import { type Analytic, pairOf, unaryOf } from "./operators.ts"

const analytic = ["float", "complex"] as const

/** A complex number times a real one: both parts, each alone. */
const scaled = (x: Value, factor: number): Value =>
  isComplex(x.dtype)
    ? binary("complex", scale(unary("real", x), factor), scale(unary("imag", x), factor))
    : scale(x, factor)

const divided = (x: Value, by: number): Value =>
  isComplex(x.dtype)
    ? binary("complex", divided(unary("real", x), by), divided(unary("imag", x), by))
    : binary("div", x, filled(x, by))

/**
 * Gives the logarithm to base 2; NaN for negative floats. Takes floats and complex numbers. The result has the dtype
 * and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example log2(constant([1, 8], "f32")) // [0, 3]
 */
export const log2 = unaryOf<"log2", Analytic>("log2", analytic, (x) => divided(unary("log", x), Math.LN2))

/**
 * Gives the logarithm to base 10; NaN for negative floats. Takes floats and complex numbers. The result has the dtype
 * and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example log10(constant([1, 1000], "f32")) // [0, 3]
 */
export const log10 = unaryOf<"log10", Analytic>("log10", analytic, (x) =>
  scaled(unary("log", x), Math.LOG10E)
)

/**
 * Raises 2 to the power `x`. Takes floats and complex numbers. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example exp2(constant([0, 3], "f32")) // [1, 8]
 */
export const exp2 = unaryOf<"exp2", Analytic>("exp2", analytic, (x) => unary("exp", scaled(x, Math.LN2)))

/**
 * log(e^a + e^b), by the greater one, which is a constant to derivatives: what is left of it is 0 but for them. So all
 * derivatives are right where a = b too. `unit` is the logarithm of the base.
 */
const addExponents = (a: Value, b: Value, unit: number): Value => {
  const first = compare("ge", a, b)
  const [most, least] = [select(first, a, b), select(first, b, a)]
  const isInfinite = binary(
    "and",
    compare("eq", most, filled(most, Number.POSITIVE_INFINITY)),
    compare("eq", least, least)
  )
  const [high, low] = [most, least].map((x) => select(isInfinite, zeros(x), x)) as [Value, Value]
  const base = unary("stopGradient", select(unary("isFinite", high), high, zeros(high)))
  const sum = add(unary("expm1", scale(sub(high, base), unit)), unary("exp", scale(sub(low, base), unit)))
  const logarithm = unary("log1p", sum)
  return select(isInfinite, most, add(base, unit === 1 ? logarithm : mul(logarithm, filled(sum, 1 / unit))))
}

/**
 * Gives `log(exp(a) + exp(b))` without overflow. Takes f16, bf16, f32 and f64. Operands have one dtype and broadcast
 * as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an
 * operand does not fit.
 *
 * @example logaddexp(constant([0, 1000], "f32"), constant([0, 1000], "f32")) // [0.693, 1000.693]
 */
export const logaddexp = pairOf<"logaddexp", FloatDType>("logaddexp", ["float"], (a, b) =>
  addExponents(a, b, 1)
)

/**
 * Gives `log2(2^a + 2^b)` without overflow. Takes f16, bf16, f32 and f64. Operands have one dtype and broadcast as
 * NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an
 * operand does not fit.
 *
 * @example logaddexp2(constant([0, 1000], "f32"), constant([0, 1000], "f32")) // [1, 1001]
 */
export const logaddexp2 = pairOf<"logaddexp2", FloatDType>("logaddexp2", ["float"], (a, b) =>
  addExponents(a, b, Math.LN2)
)
