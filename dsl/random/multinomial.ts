import { scan } from "../control/scan.ts"
import type { FloatDType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { cumsum } from "../ops/cumulative.ts"
import { div, eq, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { moveAxis } from "../ops/rearrange.ts"
import { stopGradient } from "../ops/stop-gradient.ts"
import { clamp, select } from "../ops/structure.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireShape, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import { binomialOf } from "./binomial.ts"
import { type Key, split } from "./key.ts"
import type { Vectors } from "./parameters.ts"
import { bound, requireFloat } from "./uniform.ts"

interface Multinomial {
  <D extends FloatDType, P extends Shape>(
    key: Key,
    n: number | Tensor<NoInfer<D>>,
    p: Tensor<D, P>
  ): Tensor<D, P>
  <D extends FloatDType, P extends Shape, const S extends Shape>(
    key: Key,
    n: number | Tensor<NoInfer<D>>,
    p: Tensor<D, P>,
    shape: S
  ): Tensor<D, Vectors<S, P>>
}

/**
 * Draws how often each of k outcomes comes in `n` trials, which sum to `n`. `p` is [..., k], their probabilities; the
 * result is the shape and k. Without a shape it is that of `p`. `n` is a number, or floats that broadcast to the shape
 * without k. Derivatives are zero, as those of `random.binomial`. Fails with a `ShapeError` for what is no key or no shape,
 * and a `DTypeError` where dtypes differ or are no floats.
 *
 * @example sum(random.multinomial(random.key(0), 10, constant([0.5, 0.3, 0.2], "f32"))) // 10
 */
export const multinomial: Multinomial = named(
  "random.multinomial",
  (key: Key, n: number | Tensor, p: Tensor<FloatDType>, given?: Shape) => {
    const op = "random.multinomial"
    const value = requireTensor(op, "p", p)
    requireFloat(op, value.dtype)
    if (typeof n !== "number") requireSameDType(op, value, requireTensor(op, "n", n))
    const k = value.shape.at(-1)
    if (k === undefined)
      throw shapeError(op, `${op}: p is ${show(value)}`, "give a probability for each outcome: f32[k]")
    const outer = given === undefined ? value.shape.slice(0, -1) : requireShape(op, given)
    const dtype = value.dtype as FloatDType
    const floats = (each: number | Tensor, shape: Shape): Floats =>
      stopGradient(tensorOf<"f32", Shape>(bound(op, each, dtype, shape)))
    const chances: Floats = moveAxis(floats(p, [...outer, k]), -1, 0)
    if (k === 0) return moveAxis(chances, 0, -1) as never
    const left = cumsum(chances, 0, { reverse: true })
    const ratios: Floats = div(chances, select(eq(left, 0), 1, left))
    const [, counts] = scan(
      floats(n, outer),
      { ratio: ratios, key: split(key, k) },
      (rest: Floats, row: { ratio: Floats; key: Key }) => {
        const drawn = binomialOf(op, row.key, rest, clamp(0, row.ratio, 1))
        return [sub(rest, drawn), drawn] as const
      }
    ) as readonly [Floats, Floats]
    return moveAxis(counts, 0, -1) as never
  }
)
