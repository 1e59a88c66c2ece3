import type { FloatDType } from "../dtype.ts"
import { named, valueError } from "../errors.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Key } from "../random/index.ts"
import { bernoulli } from "../random/index.ts"
import { requireTensor, shown } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { div, filled, select, zeros } from "../values.ts"

/**
 * Makes each element zero with chance `rate`, from 0 to 1, and divides the others by `1 - rate`: the mean stays. The
 * same key drops the same elements. Takes f16, bf16, f32 and f64; dtype and shape stay. Fails with a `ValueError` for
 * another rate, a `DTypeError` for another dtype, and a `ShapeError` for what is no key.
 *
 * @example dropout(random.key(0), ones([4], "f32"), 0.5) // [0, 0, 2, 2]
 */
export const dropout = named(
  "dropout",
  <D extends FloatDType, S extends Shape>(key: Key, x: Tensor<D, S>, rate: number): Tensor<D, S> => {
    const value = requireTensor("dropout", "x", x)
    requireKind("dropout", value, ["float"])
    if (!(typeof rate === "number" && rate >= 0 && rate <= 1)) {
      throw valueError("dropout", `dropout: the rate is ${shown(rate)}`, "give a number from 0 to 1")
    }
    const isKept = valueOf(bernoulli(key, 1 - rate, value.shape))
    const kept = rate === 1 ? zeros(value) : div(value, filled(value, 1 - rate))
    return tensorOf(select(isKept, kept, zeros(value)))
  }
)
