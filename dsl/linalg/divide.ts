import { cummax } from "../ops/cumulative.ts"
import { abs, add, and, div, eq, gt, lt, maximum, mul, not, sign, sqrt, sub } from "../ops/elementwise.ts"
import { argsort } from "../ops/sort.ts"
import { concatenate, convert, reshape, where } from "../ops/structure.ts"
import { max, prod, sum } from "../ops/sums.ts"
import { apply1 } from "../primitives/index.ts"
import type { Tensor } from "../tensor.ts"
import { valueOf } from "../tensor.ts"
import { broadcast, filled, iota, partAt, range, takeAlong } from "../values.ts"
import { type Eigen, jacobi } from "./jacobi.ts"
import {
  along,
  column,
  type Numbers,
  numbersOf,
  type Places,
  placesOf,
  product,
  row,
  rowsAt
} from "./matrices.ts"
import { rootsOf } from "./secular.ts"

/** Divide and conquer of symmetric tridiagonal matrices (Cuppen 1981; Gu and Eisenstat 1995), all pairs at once. */

/** A list that the program knows. */
const listed = (list: ReadonlyArray<number>): Places =>
  placesOf(apply1("constant", { aval: { dtype: "i32", shape: [list.length] }, value: list }))

/** The sizes of the parts of n, after halving so many times: two sizes that differ by one. */
const sizesOf = (n: number, level: number): ReadonlyArray<number> =>
  level === 0 ? [n] : sizesOf(n, level - 1).flatMap((size) => [Math.ceil(size / 2), Math.floor(size / 2)])

const startsOf = (sizes: ReadonlyArray<number>): ReadonlyArray<number> =>
  sizes.map((_, i) => sizes.slice(0, i).reduce((a, b) => a + b, 0))

/** The elements of a vector at places that the program knows; what stands for -1. */
const chosen = (x: Numbers, places: ReadonlyArray<number>, otherwise: Numbers): Numbers => {
  const [many] = x.shape as readonly [number, number]
  const plain = places.map((place) => Math.max(place, 0))
  const at = broadcast(valueOf(listed(plain)), [many, places.length], [1])
  const found = x.shape[1] === 0 ? otherwise : numbersOf(takeAlong(valueOf(x), at, 1))
  if (places.every((place) => place >= 0)) return found
  return where(lt(listed(places), 0), otherwise, found)
}

/** Elements along the last axis, in another order. */
const ordered = <D extends "f32" | "i32" | "bool">(x: Tensor<D>, places: Places): Tensor<D> =>
  numbersOf(takeAlong(valueOf(x), valueOf(places), 1)) as unknown as Tensor<D>

interface Merge {
  readonly left: Eigen
  readonly right: Eigen
  /** What is beside the diagonal between the two. */
  readonly beside: Numbers
  /** Which row of the left vectors is the last that counts. */
  readonly lastRow: Places
  /** Values from here on stand for rows that are not there. */
  readonly beyond: Numbers
  readonly epsilon: number
}

/** The eigenvalues and vectors of two parts joined by one element, of which each was lowered by its size. */
const merged = ({ left, right, beside, lastRow, beyond, epsilon }: Merge): Eigen => {
  const [many, w] = left.values.shape as readonly [number, number]
  const n = 2 * w
  const rho = mul(2, abs(beside))
  const edge = (rows: Numbers): Numbers => reshape(rows, [many, w])
  const below = edge(rowsAt(left.vectors, reshape(lastRow, [many, 1])))
  const above = edge(numbersOf(partAt(valueOf(right.vectors), 1, 0)))
  const signs = where(lt(beside, 0), -1, numbersOf(filled(beside, 1)))
  const z = mul(concatenate([below, mul(column(signs), above)], 1), Math.SQRT1_2)
  const d = concatenate([left.values, right.values], 1)
  const there = lt(d, column(beyond))
  const scale = maximum(max(where(there, abs(d), 0), 1), rho)
  const small = column(mul(8 * epsilon, scale))
  const takesPart = and(there, gt(mul(column(rho), abs(z)), small))
  const count = sum(convert(takesPart, "i32"), 1) as Places
  const places = placesOf(iota([many, n], 1))
  const first: Places = argsort(where(takesPart, d, Number.POSITIVE_INFINITY), 1)
  const [sorted, moved] = [ordered(d, first), ordered(z, first)]
  const active = lt(places, column(count))
  const poles = where(active, apart(sorted, convert(places, "f32"), small), sorted)
  const weights = where(active, mul(moved, moved), 0)
  const roots = rootsOf({ poles, weights, rho, count, places }, epsilon)
  const values = where(active, add(roots.origin, roots.beyond), sorted)
  const order: Places = argsort(values, 1)
  // From here on j counts poles as they were at first, and i roots in their last order.
  const back: Places = argsort(first, 1)
  const pole = { at: ordered(poles, back), active: ordered(active, back), sign: sign(z), place: back }
  const root = {
    origin: ordered(roots.origin, order),
    beyond: ordered(roots.beyond, order),
    active: ordered(active, order),
    place: order
  }
  const own = eq(column(pole.place), row(root.place))
  const both = and(column(pole.active), row(root.active))
  const away = where(both, sub(sub(column(pole.at), row(root.origin)), row(root.beyond)), 1)
  const poleOfRoot = ordered(poles, order)
  const between = where(and(both, not(own)), sub(column(pole.at), row(poleOfRoot)), 1)
  // Weights for which the roots are exact: with these the vectors are orthogonal.
  const exact = mul(pole.sign, sqrt(abs(prod(div(away, between), 2))))
  const raw = where(
    both,
    div(column(exact), away),
    where(own, 1, numbersOf(filled({ dtype: z.dtype, shape: [many, n, n] }, 0)))
  )
  const vectors = div(raw, row(sqrt(sum(mul(raw, raw), 1))))
  return {
    values: ordered(values, order),
    vectors: concatenate(
      [product(left.vectors, along(vectors, 1, 0, w)), product(right.vectors, along(vectors, 1, w, n))],
      1
    )
  }
}

/** Numbers in rising order, moved up where they are too close to the one before. */
const apart = (sorted: Numbers, places: Tensor<"f32">, least: Numbers): Numbers => {
  const steps = mul(convert(places, sorted.dtype), least)
  const spread = add(numbersOf(valueOf(cummax(sub(sorted, steps), 1))), steps)
  return where(gt(sub(spread, sorted), mul(0.5, least)), spread, sorted)
}

/** What Jacobi's rotations do faster than further halves. */
const largestLeaf = 16

/** The eigenvalues in rising order, and their vectors, of symmetric tridiagonal matrices, one in each place of a batch. */
export const byHalves = (diagonal: Numbers, beside: Numbers, epsilon: number): Eigen => {
  const [many, n] = diagonal.shape as readonly [number, number]
  const { dtype } = diagonal
  const none = numbersOf(filled({ dtype, shape: [many, 1] }, 0))
  const size = abs(beside)
  const [before, after] = [concatenate([none, size], 1), concatenate([size, none], 1)]
  const most = max(add(abs(diagonal), add(before, after)), 1)
  const outside = where(eq(most, 0), 1, mul(8, most))
  const beyond = mul(0.5, outside)
  const depth = Math.max(0, Math.ceil(Math.log2(n / largestLeaf)))
  const leaves = sizesOf(n, depth)
  const w = leaves[0]!
  const starts = startsOf(leaves)
  const listOf = (size: (length: number) => number): ReadonlyArray<number> =>
    leaves.flatMap((length, i) =>
      Array.from({ length: w }, (_, k) => (k < size(length) ? starts[i]! + k : -1))
    )
  // What lies between two leaves is taken from the diagonal on both sides of it.
  const cuts = where(eq(listed(range(n - 1).map((i) => (starts.includes(i + 1) ? 1 : 0))), 1), size, 0)
  const lowered = sub(diagonal, add(concatenate([none, cuts], 1), concatenate([cuts, none], 1)))
  const on = reshape(
    chosen(
      lowered,
      listOf((length) => length),
      column(outside)
    ),
    [many * leaves.length, w]
  )
  const off = reshape(
    chosen(
      beside,
      listOf((length) => length - 1),
      none
    ),
    [many * leaves.length, w]
  )
  let now = jacobi(bandsOf(on, off), epsilon)
  for (let level = depth - 1; level >= 0; level--)
    now = joined(now, { n, level, beside, beyond, many, epsilon })
  return now
}

/** Symmetric matrices of a diagonal and what is beside it, after which there is one more that does not count. */
const bandsOf = (diagonal: Numbers, beside: Numbers): Numbers => {
  const [many, n] = diagonal.shape as readonly [number, number]
  const [i, j] = [1, 2].map((axis) => placesOf(iota([many, n, n], axis))) as [Places, Places]
  const below = where(eq(i, add(j, 1)), row(beside), 0)
  return where(eq(i, j), column(diagonal), where(eq(j, add(i, 1)), column(beside), below))
}

interface Level {
  readonly n: number
  readonly level: number
  readonly beside: Numbers
  readonly beyond: Numbers
  readonly many: number
  readonly epsilon: number
}

const joined = ({ values, vectors }: Eigen, { n, level, beside, beyond, many, epsilon }: Level): Eigen => {
  const halves = sizesOf(n, level + 1)
  const wholes = sizesOf(n, level)
  const pairs = wholes.length
  const w = values.shape.at(-1)!
  const width = Math.ceil(n / 2 ** level)
  const side = (which: 0 | 1): Eigen => ({
    values: reshape(numbersOf(partAt(valueOf(reshape(values, [many * pairs, 2, w])), 1, which)), [
      many * pairs,
      w
    ]),
    vectors: numbersOf(partAt(valueOf(reshape(vectors, [many * pairs, 2, w, w])), 1, which))
  })
  const each = (list: Places): Places =>
    reshape(placesOf(broadcast(valueOf(list), [many, pairs], [1])), [many * pairs])
  const starts = startsOf(wholes)
  const lefts = wholes.map((_, i) => halves[2 * i]!)
  const rights = wholes.map((_, i) => halves[2 * i + 1]!)
  const edges = wholes.map((_, i) => (rights[i] === 0 ? -1 : starts[i]! + lefts[i]! - 1))
  const zero = numbersOf(filled({ dtype: beside.dtype, shape: [many, pairs] }, 0))
  const made = merged({
    left: side(0),
    right: side(1),
    beside: reshape(chosen(beside, edges, zero), [many * pairs]),
    lastRow: each(listed(lefts.map((length) => Math.max(length - 1, 0)))),
    beyond: reshape(numbersOf(broadcast(valueOf(beyond), [many, pairs], [0])), [many * pairs]),
    epsilon
  })
  // Rows that are not there go last, with the vectors of the values that stand for them.
  const rows = wholes.map((_, i) => {
    const own = [...Array(lefts[i]!).keys(), ...[...Array(rights[i]!).keys()].map((k) => w + k)]
    const rest = [...Array(2 * w).keys()].filter((k) => !own.includes(k))
    return [...own, ...rest].slice(0, width)
  })
  const trimmed = along(made.vectors, 2, 0, width)
  const plain = rows.every((list) => list.every((k, i) => k === i))
  const moved = plain
    ? along(trimmed, 1, 0, width)
    : rowsAt(
        trimmed,
        reshape(
          placesOf(
            broadcast(valueOf(reshape(listed(rows.flat()), [pairs, width])), [many, pairs, width], [1, 2])
          ),
          [many * pairs, width]
        )
      )
  return { values: along(made.values, 1, 0, width), vectors: moved }
}
