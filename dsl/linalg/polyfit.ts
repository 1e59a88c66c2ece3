import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { div, mul, sqrt } from "../ops/elementwise.ts"
import { vander } from "../ops/polynomial.ts"
import { reshape } from "../ops/structure.ts"
import { sum } from "../ops/sums.ts"
import { requireWide } from "../primitives/linalg.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireDim, requireOptions, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Plus } from "../types/arithmetic.ts"
import type { IsWide } from "../types/matrices.ts"
import { lstsq, type ToleranceOptions } from "./least-squares.ts"
import { epsilonOf, type Numbers, numbersOf } from "./matrices.ts"
import type { WideDType } from "./types.ts"

/** How a polynomial is fitted. */
export interface PolyfitOptions<D extends WideDType = WideDType, N extends number = number>
  extends ToleranceOptions {
  /** By what each distance is multiplied before it is squared (1): f32[n]. */
  readonly weights?: Tensor<D, readonly [N]>
}

/** One more than a degree. */
type Terms<Degree extends number> = Plus<Degree, 1>

type Coefficients<Degree extends number, Y extends Shape> = number extends Y["length"]
  ? Shape
  : Y extends readonly [number, infer K extends number]
    ? readonly [Terms<Degree>, K]
    : readonly [Terms<Degree>]

/**
 * Fits a polynomial of a degree to points: of all it has the least sum of squared distances, by `lstsq`. `x` is f32[n], and
 * `y` f32[n] or f32[n,k]. The coefficients come highest power first, as `polyval` takes them: f32[degree + 1], or with a
 * column for each of `y`. Singular values up to `rtol` of the greatest count as zero; without it, that is n times the
 * dtype's precision. Takes f32, f64, c64 and c128. Fails with a `ShapeError` for what is no vector, is empty or does not
 * fit, or for another degree, a `DTypeError` for other dtypes, and a `ValueError` for a tolerance below zero.
 *
 * @example
 * const x = constant([0, 1, 2, 3], "f32")
 * polyfit(x, add(mul(2, x), 1), 1) // f32[2]: [2, 1]
 */
export const polyfit = named(
  "polyfit",
  <D extends WideDType, N extends number, Y extends Shape, const Degree extends number>(
    x: Tensor<D, readonly [N]> & IsWide<"polyfit", D, readonly [N], WideDType>,
    y: Tensor<NoInfer<D>, Y>,
    degree: Degree,
    options?: PolyfitOptions<NoInfer<D>, NoInfer<N>>
  ): Tensor<D, Coefficients<Degree, Y>> => {
    const op = "polyfit"
    const points = requireTensor(op, "x", x)
    const values = requireTensor(op, "y", y)
    requireWide(op, points)
    requireSameDType(op, points, values)
    const terms = requireDim(op, "the degree", degree, 0) + 1
    const [length] = points.shape
    if (points.shape.length !== 1 || length === 0)
      throw shapeError(op, `${op}: x is ${show(points)}`, "give a vector with elements")
    const rank = values.shape.length
    const refuse = (other: typeof values) =>
      shapeError(
        op,
        say("fitBeside", { op, a: show(points), b: show(other) }),
        `y has a row for each of the ${length} elements of x, and weights are as long as x`
      )
    if (rank < 1 || rank > 2 || values.shape[0] !== length) throw refuse(values)
    const { weights, ...tolerance } = requireOptions<PolyfitOptions>(op, options, ["rtol", "weights"])
    let left: Numbers = vander(x as Tensor<"f32", readonly [number]>, { columns: terms })
    let right = numbersOf(values)
    if (weights !== undefined) {
      const given = requireTensor(op, "the weights", weights)
      requireSameDType(op, points, given)
      if (given.shape.length !== 1 || given.shape[0] !== length) throw refuse(given)
      const column: Numbers = reshape(numbersOf(given), [length!, 1])
      left = mul(left, column)
      right = mul(right, rank === 2 ? column : numbersOf(given))
    }
    // Columns of one size make the equations less singular.
    const sizes = sqrt(sum(mul(left, left), 0))
    const rtol = tolerance.rtol ?? length! * 2 * epsilonOf(left)
    const [found] = lstsq(div(left, sizes) as never, right as never, { rtol }) as unknown as readonly [
      Numbers
    ]
    return div(found, rank === 2 ? reshape(sizes, [terms, 1]) : sizes) as never
  }
)
