import { add, div, eq, mul, sqrt, sub } from "../ops/elementwise.ts"
import { cholesky, triangularSolve } from "../ops/linalg.ts"
import { concatenate, convert, where } from "../ops/structure.ts"
import { max, sum } from "../ops/sums.ts"
import { absolute, adjoint, identities, type Numbers, part, product } from "./matrices.ts"
import { orthogonal } from "./qr.ts"

/**
 * QR-based dynamically weighted Halley iteration (Nakatsukasa, Bai and Gygi 2010, "Optimizing Halley's iteration for
 * computing the matrix polar decomposition").
 */

/** The weights of one step, for singular values from `least` to 1, and the least after it. */
interface Step {
  readonly a: number
  readonly b: number
  readonly c: number
}

/** The steps that take all singular values from epsilon up to 1. */
const stepsFrom = (epsilon: number): ReadonlyArray<Step> => {
  const steps: Array<Step> = []
  for (let least = epsilon; least + 5 * epsilon < 1; ) {
    const square = least * least
    const root = Math.cbrt((4 * (1 / square - 1)) / square)
    const first = Math.sqrt(1 + root)
    const a = first + Math.sqrt(2 - root + (2 * (2 - square)) / (square * first))
    const b = (a - 1) ** 2 / 4
    const c = a + b - 1
    least = (least * (a + b * square)) / (1 + c * square)
    steps.push({ a, b, c })
  }
  return steps
}

/** Products of the matrix with its adjoint lose digits where the weight is greater. */
const largestWeight = 100

const stepped = (u: Numbers, { a, b, c }: Step): Numbers => {
  const n = u.shape.at(-1)!
  const ones = identities(u.shape.slice(0, -2), n, u.dtype)
  const rank = u.shape.length
  if (c > largestWeight) {
    const [q] = orthogonal(concatenate([mul(u, Math.sqrt(c)), ones], rank - 2))
    const [upper, low] = [part(q, [0, n], [0, n]), part(q, [n, 2 * n], [0, n])]
    return add(mul(u, b / c), mul(product(upper, adjoint(low)), (a - b / c) / Math.sqrt(c)))
  }
  const factor = cholesky(add(mul(product(adjoint(u), u), c), ones))
  const first = triangularSolve(factor, adjoint(u))
  const second = triangularSolve(factor, first, { transpose: "adjoint" })
  return add(mul(u, b / c), mul(adjoint(second), a - b / c))
}

/** The factors U H of square matrices: U is unitary, as far as the matrix has full rank, and H is Hermitian. */
export const polar = (a: Numbers, epsilon: number): readonly [u: Numbers, h: Numbers] => {
  const size = absolute(a)
  const greatest = (axis: number): Numbers =>
    max(sum(size, axis, { keepDims: true }), [-2, -1], { keepDims: true })
  const bound = sqrt(mul(greatest(-1), greatest(-2)))
  const start = div(a, convert(where(eq(bound, 0), 1, bound), a.dtype))
  const near = stepsFrom(epsilon).reduce(stepped, start)
  const square = product(adjoint(near), near)
  const u = sub(mul(near, 1.5), mul(product(near, square), 0.5))
  const h = product(adjoint(u), a)
  return [u, mul(add(h, adjoint(h)), 0.5)]
}
