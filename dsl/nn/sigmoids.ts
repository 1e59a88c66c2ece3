import type { FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { logistic, mul as times } from "../ops/elementwise.ts"
import { requireKind } from "../primitives/rule.ts"
import { plainAxis, requireFlag, requireOptions, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { customJvp } from "../transform/custom-jvp.ts"
import type { Quotient } from "../types/arithmetic.ts"
import type { IsAxis, LengthOf, Replaced } from "../types/axes.ts"
import type { AsFirst, Whole } from "../types/whole.ts"
import { add, binary, div, filled, mul, neg, plus, scale, sliceAxis, unary, zeros } from "../values.ts"
import { activation, parametric } from "./activation.ts"

/** Smooth activations. */

const softplusValue = (x: Value): Value =>
  add(binary("maximum", x, zeros(x)), unary("log1p", unary("exp", neg(unary("abs", x)))))

/** Its derivative is the logistic function, of which all orders are right at 0, where the formula has a corner. */
const smoothPlus = customJvp(
  (x: Tensor<FloatDType>): Tensor<FloatDType> => tensorOf(softplusValue(valueOf(x))),
  ([x], [dx]) => [tensorOf<FloatDType, Shape>(softplusValue(valueOf(x))), times(dx!, logistic(x))]
)

const softplusOf = (x: Value): Value => valueOf(smoothPlus(tensorOf<FloatDType, Shape>(x)))

/**
 * Gives `log(1 + exp(x))` without overflow. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example softplus(constant([0, 1000], "f32")) // [0.693, 1000]
 */
export const softplus = activation("softplus", softplusOf)

/**
 * Gives `1 / (1 + exp(-x))`: another name of `logistic`, for floats. Takes f16, bf16, f32 and f64. The result has the
 * dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example sigmoid(constant([0, 2], "f32")) // [0.5, 0.881]
 */
export const sigmoid = activation("sigmoid", (x) => unary("logistic", x))

/**
 * Gives the logarithm of `sigmoid(x)` without overflow. Takes f16, bf16, f32 and f64. The result has the dtype and
 * shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example logSigmoid(constant([0, -1000], "f32")) // [-0.693, -1000]
 */
export const logSigmoid = activation("logSigmoid", (x) => neg(softplusOf(neg(x))))

/**
 * Gives `x * sigmoid(x)`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example silu(constant([0, 2], "f32")) // [0, 1.762]
 */
export const silu = activation("silu", (x) => mul(x, unary("logistic", x)))

/**
 * Gives `x * sigmoid(x)`: another name of `silu`. Fails with a `DTypeError` for what is no float.
 *
 * @example swish(constant([0, 2], "f32")) // [0, 1.762]
 */
export const swish = silu

/**
 * Gives `x * tanh(softplus(x))`. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example mish(constant([0, 2], "f32")) // [0, 1.944]
 */
export const mish = activation("mish", (x) => mul(x, unary("tanh", softplusOf(x))))

/**
 * Gives `(x + sqrt(x^2 + b)) / 2`. `b` (4) is a number, or a tensor that broadcasts to `x`. Takes f16, bf16, f32 and
 * f64. The result has the dtype and shape of `x`. Fails with a `DTypeError`, a `ShapeError` or a `ValueError` where an
 * operand does not fit.
 *
 * @example squareplus(constant([0, 3], "f32")) // [1, 3.303]
 */
export const squareplus = parametric("squareplus", "b", 4, (x, b) =>
  div(add(x, unary("sqrt", add(mul(x, x), b))), filled(x, 2))
)

/**
 * Gives `x` itself, where an activation is asked for. Takes f16, bf16, f32 and f64. Fails with a `DTypeError` for
 * another dtype.
 *
 * @example identity(constant([1, 2], "f32")) // [1, 2]
 */
export const identity = activation("identity", (x) => x)

/** How `gelu` is computed. */
export interface GeluOptions {
  /** By `tanh` (true), or by the error function. */
  readonly approximate?: boolean
}

interface Gelu extends Whole<AsFirst> {
  <D extends FloatDType, S extends Shape>(x: Tensor<D, S>, options?: GeluOptions): Tensor<D, S>
}

const byTanh = (x: Value): Value => {
  const cubic = add(x, scale(mul(mul(x, x), x), 0.044715))
  return mul(x, scale(plus(unary("tanh", scale(cubic, Math.sqrt(2 / Math.PI))), 1), 0.5))
}

const byErfc = (x: Value): Value => mul(scale(x, 0.5), unary("erfc", mul(neg(x), filled(x, Math.SQRT1_2))))

/**
 * Gives `x` times the chance that a normal number is below `x`. As in `jax.nn` it is computed by `tanh`;
 * `{ approximate: false }` takes the error function. Takes f16, bf16, f32 and f64. The result has the dtype and shape
 * of `x`. Fails with a `DTypeError` for another dtype, and a `ValueError` for another option.
 *
 * @example gelu(constant([-1, 2], "f32")) // [-0.159, 1.955]
 */
export const gelu: Gelu = named("gelu", (x, options) => {
  const value = requireTensor("gelu", "x", x)
  requireKind("gelu", value, ["float"])
  const { approximate } = requireOptions("gelu", options, ["approximate"])
  const byError = !requireFlag("gelu", "approximate", approximate, true)
  return tensorOf(byError ? byErfc(value) : byTanh(value))
})

/**
 * Cuts an axis (the last) into two halves, and gives the first times `sigmoid` of the second. Takes f16, bf16, f32 and
 * f64. Fails with a `ShapeError` for an axis that is not there or has an odd length, and a `DTypeError` for another
 * dtype.
 *
 * @example glu(constant([4, 6, 0, 1], "f32")) // f32[2]: [2, 4.386]
 */
export const glu = named(
  "glu",
  <D extends FloatDType, S extends Shape, const A extends number = -1>(
    x: Tensor<D, S>,
    axis: A & IsAxis<"glu", D, S, A> = -1 as never
  ): Tensor<D, Replaced<S, NoInfer<A>, Quotient<LengthOf<S, NoInfer<A>>, 2>>> => {
    const value = requireTensor("glu", "x", x)
    requireKind("glu", value, ["float"])
    const at = plainAxis("glu", axis, value)
    const length = value.shape[at]!
    if (length % 2 !== 0) {
      throw shapeError(
        "glu",
        say("divide", { op: "glu", axis: `${at}`, a: show(value), parts: "2" }),
        "give an axis of even length: its second half opens the first"
      )
    }
    const half = length / 2
    const gate = unary("logistic", sliceAxis(value, at, half, length))
    return tensorOf(mul(sliceAxis(value, at, 0, half), gate))
  }
)
