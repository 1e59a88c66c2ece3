import type { Value } from "../tensor.ts"
import type { RealDType } from "../types.ts"
import { add, binary, compare, div, filled, mul, plus, scale, select, unary, zeros } from "../values.ts"
import { activation, parametric } from "./activation.ts"

/** Activations of pieces. At the border of two pieces each has the derivative of `jax.nn`. */

const least = (x: Value, bound: number): Value => binary("maximum", x, filled(x, bound))
const most = (x: Value, bound: number): Value => binary("minimum", x, filled(x, bound))
const isAbove = (x: Value, bound: number): Value => compare("gt", x, filled(x, bound))
const isBelow = (x: Value, bound: number): Value => compare("lt", x, filled(x, bound))

/** The value `y`, which moves as `x` where the predicate holds, and nowhere else. */
const movingWhere = (predicate: Value, x: Value, y: Value): Value =>
  select(predicate, x, unary("stopGradient", y))

const sixes = (x: Value): Value =>
  movingWhere(binary("and", isAbove(x, 0), isBelow(x, 6)), x, most(least(x, 0), 6))

const hardGate = (x: Value): Value => div(sixes(plus(x, 3)), filled(x, 6))

const exponential = (x: Value, alpha: Value): Value => {
  const positive = isAbove(x, 0)
  return select(positive, x, mul(alpha, unary("expm1", select(positive, zeros(x), x))))
}

/**
 * Gives the greater of `x` and 0. The derivative at 0 is 0. Takes floats and integers. The result has the dtype and
 * shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example relu(constant([-1, 2], "f32")) // [0, 2]
 */
export const relu = activation<"relu", RealDType>("relu", (x) => movingWhere(isAbove(x, 0), x, least(x, 0)), [
  "float",
  "signed",
  "unsigned"
])

/**
 * Brings `x` into the range from 0 to 6. The derivative at both ends is 0. Takes f16, bf16, f32 and f64. The result
 * has the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example relu6(constant([-1, 2, 7], "f32")) // [0, 2, 6]
 */
export const relu6 = activation("relu6", sixes)

/**
 * Gives `x` from 0 on, and `slope * x` below (0.01). The slope is a number, or a tensor that broadcasts to `x`. Takes
 * f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a `DTypeError`, a `ShapeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example leakyRelu(constant([-1, 2], "f32"), 0.1) // [-0.1, 2]
 */
export const leakyRelu = parametric("leakyRelu", "the slope", 0.01, (x, slope) =>
  select(compare("ge", x, zeros(x)), x, mul(slope, x))
)

/**
 * Gives `x` above 0, and `alpha * (exp(x) - 1)` else. `alpha` (1) is a number, or a tensor that broadcasts to `x`.
 * Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a `DTypeError`, a `ShapeError`
 * or a `ValueError` where an operand does not fit.
 *
 * @example elu(constant([-1, 2], "f32")) // [-0.632, 2]
 */
export const elu = parametric("elu", "alpha", 1, exponential)

/**
 * Gives `x` above 0, and `alpha * (exp(x / alpha) - 1)` else: its derivative has no jump. `alpha` (1) is a number, or
 * a tensor that broadcasts to `x`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with
 * a `DTypeError`, a `ShapeError` or a `ValueError` where an operand does not fit.
 *
 * @example celu(constant([-1, 2], "f32"), 2) // [-0.787, 2]
 */
export const celu = parametric("celu", "alpha", 1, (x, alpha) =>
  add(least(x, 0), mul(alpha, unary("expm1", div(most(x, 0), alpha))))
)

/**
 * Gives `elu` with the constants that keep mean 0 and variance 1 from layer to layer. Takes f16, bf16, f32 and f64.
 * The result has the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example selu(constant([-1, 2], "f32")) // [-1.111, 2.101]
 */
export const selu = activation("selu", (x) =>
  scale(exponential(x, filled(x, 1.6732632423543772)), 1.0507009873554805)
)

/**
 * Brings `x` into the range from -1 to 1. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example hardTanh(constant([-2, 0.5, 2], "f32")) // [-1, 0.5, 1]
 */
export const hardTanh = activation("hardTanh", (x) =>
  select(isAbove(x, 1), filled(x, 1), select(isBelow(x, -1), filled(x, -1), x))
)

/**
 * Gives `relu6(x + 3) / 6`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example hardSigmoid(constant([-3, 0, 3], "f32")) // [0, 0.5, 1]
 */
export const hardSigmoid = activation("hardSigmoid", hardGate)

/**
 * Gives `x * hardSigmoid(x)`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example hardSilu(constant([-3, 1, 4], "f32")) // [0, 0.667, 4]
 */
export const hardSilu = activation("hardSilu", (x) => mul(x, hardGate(x)))

/**
 * Gives `x * hardSigmoid(x)`: another name of `hardSilu`. Fails with a `DTypeError` for what is no float.
 *
 * @example hardSwish(constant([-3, 1, 4], "f32")) // [0, 0.667, 4]
 */
export const hardSwish = hardSilu

/**
 * Gives 0 up to -1, `x` from 1 on, and the parabola `(x + 1)^2 / 4` between. Takes f16, bf16, f32 and f64. The result
 * has the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example sparsePlus(constant([-2, 0, 2], "f32")) // [0, 0.25, 2]
 */
export const sparsePlus = activation("sparsePlus", (x) => {
  const raised = plus(x, 1)
  const parabola = div(mul(raised, raised), filled(x, 4))
  const upper = select(compare("ge", x, filled(x, 1)), x, parabola)
  return select(compare("le", x, filled(x, -1)), zeros(x), upper)
})

/**
 * Gives 0 up to -1, 1 from 1 on, and the line between: the derivative of `sparsePlus`. Takes f16, bf16, f32 and f64.
 * The result has the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example sparseSigmoid(constant([-2, 0, 2], "f32")) // [0, 0.5, 1]
 */
export const sparseSigmoid = activation("sparseSigmoid", (x) => scale(most(least(plus(x, 1), 0), 2), 0.5))

/**
 * Gives `x / (|x| + 1)`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example softSign(constant([-1, 3], "f32")) // [-0.5, 0.75]
 */
export const softSign = activation("softSign", (x) => div(x, plus(unary("abs", x), 1)))
