import type { FloatDType } from "../../dtype.ts"
import { type Key, uniform } from "../../random/index.ts"
import type { Shape } from "../../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../../tensor.ts"
import { binary, broadcast, div, filled, mul, unary } from "../../values.ts"

/** Normal numbers between two bounds, as `jax.random.truncated_normal` draws them. */
export const truncatedNormal = (
  key: Key,
  lower: number,
  upper: number,
  shape: Shape,
  dtype: FloatDType
): Tensor<FloatDType> => {
  const scalar = (value: number) => filled({ dtype, shape: [] }, value)
  const [least, most, root] = [scalar(lower), scalar(upper), scalar(Math.SQRT2)]
  const edge = (bound: Value) => tensorOf<FloatDType, readonly []>(unary("erf", div(bound, root)))
  const u = valueOf(uniform(key, shape, { dtype, min: edge(least), max: edge(most) }))
  const each = (x: Value) => broadcast(x, shape, [])
  const drawn = mul(each(root), unary("erfInv", u))
  const inside = (bound: Value, towards: number) => each(binary("nextAfter", bound, scalar(towards)))
  const above = binary("maximum", drawn, inside(least, Number.POSITIVE_INFINITY))
  return tensorOf(binary("minimum", above, inside(most, Number.NEGATIVE_INFINITY)))
}
