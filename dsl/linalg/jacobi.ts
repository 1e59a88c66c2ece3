import { fori } from "../control/fori.ts"
import { whileLoop } from "../control/while-loop.ts"
import { realPart } from "../dtype.ts"
import { abs, add, and, div, eq, gt, lt, mul, sqrt, sub } from "../ops/elementwise.ts"
import { concatenate, convert, where } from "../ops/structure.ts"
import { any, sum } from "../ops/sums.ts"
import { apply1 } from "../primitives/index.ts"
import { tensorOf, valueOf } from "../tensor.ts"
import { filled, zeros } from "../values.ts"
import {
  absolute,
  along,
  column,
  conjugate,
  diagonalOf,
  identities,
  type Numbers,
  numbersOf,
  type Places,
  part,
  realOf,
  row,
  squared
} from "./matrices.ts"

/** Eigenvalues of many matrices, in no order, and their vectors, which are columns. */
export interface Eigen {
  readonly values: Numbers
  readonly vectors: Numbers
}

interface State {
  readonly a: Numbers
  readonly v: Numbers
}

/** Each pair of rows meets once in a sweep: all but the first move on by one place (Brent and Luk 1985). */
const movedOn = (x: Numbers, axis: 1 | 2): Numbers => {
  const n = x.shape[axis]!
  const half = n / 2
  if (half === 1) return x
  const at = (from: number, to: number) => along(x, axis, from, to)
  return concatenate(
    [at(0, 1), at(half, half + 1), at(1, half - 1), at(half + 1, n), at(half - 1, half)].filter(
      (each) => each.shape[axis]! > 0
    ),
    axis
  )
}

/** The cosines and sines that turn pairs of columns. */
interface Rotation {
  readonly c: Numbers
  readonly s: Numbers
}

/** The rotations that make `between` zero in each [[first, between], [conj(between), second]]; none where it is 0. */
export const rotationOf = (first: Numbers, second: Numbers, between: Numbers): Rotation => {
  const size = absolute(between)
  const theta = div(sub(second, first), mul(size, 2))
  const reach = add(abs(theta), sqrt(add(mul(theta, theta), 1)))
  const tangent = div(where(lt(theta, 0), -1, numbersOf(filled(theta, 1))), reach)
  const none = eq(size, 0)
  const cosine = where(none, 1, div(1, sqrt(add(mul(tangent, tangent), 1))))
  const length = where(none, 0, div(mul(tangent, cosine), size))
  return {
    c: convert(cosine, between.dtype as "f32"),
    s: mul(convert(length, between.dtype as "f32"), between)
  }
}

/** Turns column i and column i + n/2, for all i at once, and moves columns on to their next partners. */
export const turned = (x: Numbers, { c, s }: Rotation): Numbers => {
  const n = x.shape[2]!
  const [left, right] = [along(x, 2, 0, n / 2), along(x, 2, n / 2, n)] as [Numbers, Numbers]
  const columns = [
    sub(mul(row(c), left), mul(row(conjugate(s)), right)),
    add(mul(row(s), left), mul(row(c), right))
  ]
  return movedOn(concatenate(columns, 2), 2)
}

/** Makes the elements zero that row i has in column i + n/2, for all i at once. */
const round = ({ a, v }: State): State => {
  const n = a.shape[1]!
  const half = n / 2
  const diagonal = realOf(diagonalOf(a))
  const between = diagonalOf(part(a, [0, half], [half, n]))
  const rotation = rotationOf(along(diagonal, 1, 0, half), along(diagonal, 1, half, n), between)
  const { c, s } = rotation
  const rows = (x: Numbers): Numbers => {
    const [upper, low] = [along(x, 1, 0, half), along(x, 1, half, n)] as [Numbers, Numbers]
    return concatenate(
      [
        sub(mul(column(c), upper), mul(column(s), low)),
        add(mul(column(conjugate(s)), upper), mul(column(c), low))
      ],
      1
    )
  }
  return { a: movedOn(rows(turned(a, rotation)), 1), v: turned(v, rotation) }
}

interface Sweeps extends State {
  readonly rest: Numbers
  readonly count: Places
}

const mostSweeps = 30

/** Jacobi's rotations of Hermitian matrices, n/2 of them at a time, until nothing is left beside the diagonals. */
export const jacobi = (given: Numbers, epsilon: number): Eigen => {
  const [many, m] = given.shape as readonly [number, number]
  if (m === 1) return { values: realOf(diagonalOf(given)), vectors: identities([many], 1, given.dtype) }
  const odd = m % 2 === 1
  const n = odd ? m + 1 : m
  const pad = (x: Numbers): Numbers => {
    const params = { low: [0, 0, 0], high: [0, 1, 1], interior: [0, 0, 0] }
    return numbersOf(apply1("pad", params, valueOf(x), zeros({ dtype: x.dtype, shape: [] })))
  }
  const a = odd ? pad(given) : given
  const all = sqrt(sum(squared(a), [1, 2]))
  const besideOf = (x: Numbers): Numbers => {
    const elements = squared(x)
    const ones = identities([many], n, realPart(x.dtype))
    return sqrt(sum(where(gt(ones, 0), 0, elements), [1, 2]))
  }
  const sweep = ({ a, v, count }: Sweeps): Sweeps => {
    const turned = fori(
      0,
      Math.max(n - 1, 1),
      ((_: Places, state: State) => round(state)) as never,
      { a, v } as never
    ) as State
    return { ...turned, rest: besideOf(turned.a), count: add(count, 1) }
  }
  const { a: last, v } = whileLoop(
    (({ rest, count }: Sweeps) => and(any(gt(rest, mul(all, epsilon))), lt(count, mostSweeps))) as never,
    sweep as never,
    {
      a,
      v: identities([many], n, a.dtype),
      rest: besideOf(a),
      count: tensorOf(zeros({ dtype: "i32", shape: [] }))
    } as never
  ) as Sweeps
  // A sweep moves each row all the way round, so that what was added is last again.
  return { values: along(realOf(diagonalOf(last)), 1, 0, m), vectors: part(v, [0, m], [0, m]) }
}
