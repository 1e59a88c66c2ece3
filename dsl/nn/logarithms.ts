import type { FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { div, expm1 } from "../ops/elementwise.ts"
import { logsumexp } from "../ops/reduce.ts"
import { plainAxes, requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { customJvp } from "../transform/custom-jvp.ts"
import type { IsAxis, Reduced } from "../types/axes.ts"
import type { IsKind } from "../types/operands.ts"
import { compare, filled, neg, plus, select, unary } from "../values.ts"
import { activation } from "./activation.ts"

/** Near 0 by expm1, and by log1p where the exponential is small (Mächler 2012). */
const log1mexpValue = (x: Value): Value =>
  select(
    compare("lt", x, filled(x, Math.LN2)),
    unary("log", neg(unary("expm1", neg(x)))),
    unary("log1p", neg(unary("exp", neg(x))))
  )

const log1mexpOf = customJvp(
  (x: Tensor<FloatDType>): Tensor<FloatDType> => tensorOf(log1mexpValue(valueOf(x))),
  ([x], [dx]) => [tensorOf<FloatDType, Shape>(log1mexpValue(valueOf(x))), div(dx!, expm1(x))]
)

/**
 * Gives `log(1 - exp(-x))`, exact for small and large `x`; NaN below 0. Takes f16, bf16, f32 and f64. The result has
 * the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example log1mexp(constant([0.1, 2], "f32")) // [-2.352, -0.145]
 */
export const log1mexp = activation("log1mexp", (x) => valueOf(log1mexpOf(tensorOf<FloatDType, Shape>(x))))

/**
 * Gives the logarithm of the mean of `exp(x)` over the axes, or over all, without overflow. Takes f16, bf16, f32 and
 * f64. `keepDims` keeps the reduced axes, with length 1. Fails with a `ShapeError` for an axis that the array does not
 * have, and a `DTypeError` for another dtype.
 *
 * @example logmeanexp(constant([1000, 1000], "f32")) // f32[]: 1000
 */
export const logmeanexp = named(
  "logmeanexp",
  <
    D extends FloatDType,
    S extends Shape,
    const A extends number | ReadonlyArray<number> | undefined = undefined,
    K extends boolean = false
  >(
    x: Tensor<D, S> & IsKind<"logmeanexp", FloatDType, D, S>,
    axes?: A & IsAxis<"logmeanexp", D, S, A>,
    options?: { readonly keepDims?: K }
  ): Tensor<D, Reduced<S, NoInfer<A>, NoInfer<K>>> => {
    const value = requireTensor("logmeanexp", "x", x)
    const over = plainAxes("logmeanexp", axes, value)
    const count = over.reduce((n, axis) => n * value.shape[axis]!, 1)
    const total = logsumexp(tensorOf<FloatDType, Shape>(value), over, options) as Tensor
    // The mean of nothing is NaN, and so is its logarithm.
    return tensorOf(plus(valueOf(total), count === 0 ? Number.NaN : -Math.log(count)))
  }
)
