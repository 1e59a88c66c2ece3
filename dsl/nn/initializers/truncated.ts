import type { FloatDType } from "../../dtype.ts"
import { uniform } from "../../random/distributions.ts"
import type { Key } from "../../random/key.ts"
import type { Shape } from "../../shape.ts"
import { tensorOf, type Value, valueOf } from "../../tensor.ts"
import { binary, broadcast, div, filled, mul, unary } from "../../values.ts"

/** Normal numbers between two bounds, as `jax.random.truncated_normal` draws them. */
export const truncatedNormal = (
  key: Key,
  shape: Shape,
  dtype: FloatDType,
  from: number,
  to: number
): Value => {
  const scalar = (value: number) => filled({ dtype, shape: [] }, value)
  const [least, most, root] = [scalar(from), scalar(to), scalar(Math.SQRT2)]
  const edge = (bound: Value) => tensorOf<FloatDType, readonly []>(unary("erf", div(bound, root)))
  const u = valueOf(uniform(key, shape, { dtype, min: edge(least), max: edge(most) }))
  const each = (x: Value) => broadcast(x, shape, [])
  const drawn = mul(each(root), unary("erfInv", u))
  const inside = (bound: Value, towards: number) => each(binary("nextAfter", bound, scalar(towards)))
  const above = binary("maximum", drawn, inside(least, Number.POSITIVE_INFINITY))
  return binary("minimum", above, inside(most, Number.NEGATIVE_INFINITY))
}
