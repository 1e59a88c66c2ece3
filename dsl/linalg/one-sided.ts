import { fori } from "../control/fori.ts"
import { whileLoop } from "../control/while-loop.ts"
import { and, gt, lt, mul, neg, or, sqrt } from "../ops/elementwise.ts"
import { argsort } from "../ops/sort.ts"
import { reshape, where } from "../ops/structure.ts"
import { any, sum } from "../ops/sums.ts"
import { apply1 } from "../primitives/index.ts"
import { sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { filled, plus, takeAlong, zeros } from "../values.ts"
import { rotationOf, turned } from "./jacobi.ts"
import {
  absolute,
  along,
  conjugate,
  epsilonOf,
  identities,
  type Numbers,
  numbersOf,
  type Places,
  placesOf,
  rowsAt,
  squared,
  transposed
} from "./matrices.ts"

/** Orthogonal columns A V, their sizes, which are the singular values of A, and V; the sizes fall. */
export interface Sides {
  readonly columns: Numbers
  readonly sizes: Numbers
  readonly v: Numbers
}

interface State {
  readonly x: Numbers
  readonly v: Numbers
  /** Whether a pair of columns was not orthogonal in this sweep. */
  readonly moved: Tensor<"bool">
}

interface Sweeps extends State {
  readonly count: Places
}

const mostSweeps = 30

/** The squares of the sizes of columns. */
const squares = (x: Numbers): Numbers => sum(squared(x), 1)

/**
 * Jacobi's rotations of columns, n/2 pairs at a time, until all pairs are orthogonal (Hestenes 1958, "Inversion of
 * matrices by biorthogonalization and related results"). Of square matrices.
 */
export const oneSided = (given: Numbers): Sides => {
  const batch = given.shape.slice(0, -2)
  const m = given.shape.at(-1)!
  const many = sizeOf(batch)
  const n = m + (m % 2)
  const flat = reshape(given, [many, m, m])
  const params = { low: [0, 0, 0], high: [0, 0, n - m], interior: [0, 0, 0] }
  const zero = zeros({ dtype: given.dtype, shape: [] })
  const x = n === m ? flat : numbersOf(apply1("pad", params, valueOf(flat), zero))
  const least = epsilonOf(given) * 2 * Math.sqrt(m)
  const round = ({ x, v, moved }: State): State => {
    const [left, right] = [along(x, 2, 0, n / 2), along(x, 2, n / 2, n)] as [Numbers, Numbers]
    const between = sum(mul(conjugate(left), right), 1) as Numbers
    const [first, second] = [squares(left), squares(right)]
    const apart = gt(absolute(between), mul(mul(sqrt(first), sqrt(second)), least))
    const rotation = rotationOf(first, second, where(apart, between, 0))
    return { x: turned(x, rotation), v: turned(v, rotation), moved: or(moved, any(apart)) }
  }
  const flag = (value: boolean): Tensor<"bool"> => tensorOf(filled({ dtype: "bool", shape: [] }, value))
  const sweep = ({ x, v, count }: Sweeps): Sweeps => {
    const step = (_: Places, state: State): State => round(state)
    const start: State = { x, v, moved: flag(false) }
    const made = fori(0, n - 1, step as never, start as never) as State
    return { ...made, count: placesOf(plus(valueOf(count), 1)) }
  }
  const start: Sweeps = {
    x,
    v: identities([many], n, given.dtype),
    moved: flag(true),
    count: placesOf(zeros({ dtype: "i32", shape: [] }))
  }
  const goesOn = ({ moved, count }: Sweeps) => and(moved, lt(count, mostSweeps))
  const last = whileLoop(goesOn as never, sweep as never, start as never) as Sweeps
  // A sweep moves each column all the way round, so that what was added is last again.
  const columns = along(last.x, 2, 0, m)
  const sizes = sqrt(squares(columns))
  const order: Places = argsort(neg(sizes), 1)
  const sorted = (x: Numbers): Numbers => reshape(transposed(rowsAt(transposed(x), order)), given.shape)
  return {
    columns: sorted(columns),
    sizes: reshape(numbersOf(takeAlong(valueOf(sizes), valueOf(order), 1)), [...batch, m]),
    v: sorted(along(along(last.v, 1, 0, m), 2, 0, m))
  }
}
