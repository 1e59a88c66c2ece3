import { fori } from "../control/fori.ts"
import { isComplex } from "../dtype.ts"
import { abs, add, and, div, eq, ge, gt, imag, mul, ne, real, sub } from "../ops/elementwise.ts"
import { triangularSolve } from "../ops/linalg.ts"
import { argmax } from "../ops/reduce.ts"
import { concatenate, reshape, slice, where } from "../ops/structure.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { zeros } from "../values.ts"
import { blockAt, column, counted, type Numbers, type Places, part, product, rowsAt } from "./matrices.ts"

/** The factors of one matrix: L and U in one array, the row swaps, and the order of rows that they make. */
export interface LuFactors {
  readonly packed: Numbers
  readonly pivots: Places
  readonly order: Places
}

/** LAPACK's size of a pivot: of complex numbers a cheaper one than the modulus. */
const sizes = (x: Numbers): Numbers => {
  if (!isComplex(x.dtype)) return abs(x)
  const z = tensorOf<"c64", Shape>(valueOf(x))
  return add(abs(real(z)), abs(imag(z)))
}

/** A few columns, one after another. Each step makes one column of L and one row of U. */
const ofPanel = (a: Numbers): LuFactors => {
  const [m, n] = a.shape as readonly [number, number]
  const [rows, columns] = [counted(m), counted(n)]
  const origin: Places = tensorOf(zeros({ dtype: "i32", shape: [] }))
  const step = (k: Places, { packed, pivots, order }: LuFactors): LuFactors => {
    const at = reshape(blockAt(packed, [origin, k], [m, 1]), [m])
    const i: Places = argmax(where(ge(rows, k), sizes(at), -1), 0)
    const line = (place: Places): Numbers => reshape(blockAt(packed, [place, origin], [1, n]), [n])
    const element = <D extends "f32" | "i32">(x: Tensor<D>, place: Places): Tensor<D> =>
      reshape(blockAt(x, [place], [1]), [])
    const swap = (x: Numbers, places: Places, top: Numbers, low: Numbers): Numbers =>
      where(eq(places, k), low, where(eq(places, i), top, x))
    const [upper, found] = [line(k), line(i)]
    const [head, pivot] = [element(upper, k), element(found, k)]
    const below = gt(rows, k)
    const own = swap(at, rows, head, pivot)
    const factors = where(and(below, ne(pivot, 0)), div(own, pivot), own)
    const moved = swap(packed, column(rows), upper, found)
    const rest = sub(moved, mul(column(factors), found))
    return {
      packed: where(eq(columns, k), column(factors), where(and(column(below), gt(columns, k)), rest, moved)),
      pivots: where(eq(counted(pivots.shape[0]!), k), i, pivots),
      order: where(eq(rows, k), element(order, i), where(eq(rows, i), element(order, k), order))
    }
  }
  const pivots: Places = tensorOf(zeros({ dtype: "i32", shape: [Math.min(m, n)] }))
  const start: LuFactors = { packed: a, pivots, order: rows }
  return fori(0, Math.min(m, n), step as never, start as never) as LuFactors
}

/** What panels are at most wide. */
const panel = 16

/**
 * LU with partial pivoting, as LAPACK's getrf: by halves of the columns, so that most of the work is products of
 * matrices (Toledo 1997, "Locality of reference in LU decomposition with partial pivoting").
 */
export const luFactors = (a: Numbers): LuFactors => {
  const [m, n] = a.shape as readonly [number, number]
  const wide = m < n
  if (n <= panel && !wide) return ofPanel(a)
  const half = wide ? m : Math.ceil(n / 2 / panel) * panel
  const left = luFactors(part(a, [0, m], [0, half]))
  const right = rowsAt(part(a, [0, m], [half, n]), left.order)
  const factor = part(left.packed, [0, half], [0, half])
  const upper = triangularSolve(factor, part(right, [0, half], [0, n - half]), { unitDiagonal: true })
  if (wide) return { ...left, packed: concatenate([left.packed, upper], 1) }
  const below = part(left.packed, [half, m], [0, half])
  const rest = luFactors(sub(part(right, [half, m], [0, n - half]), product(below, upper)))
  const first = (x: Places): Places => slice(x, [0], [half])
  const later: Places = slice(left.order, [half], [m])
  const packed = concatenate(
    [concatenate([factor, upper], 1), concatenate([rowsAt(below, rest.order), rest.packed], 1)],
    0
  )
  return {
    packed,
    pivots: concatenate([first(left.pivots), add(rest.pivots, half)], 0),
    order: concatenate([first(left.order), reshape(rowsAt(column(later), rest.order), [m - half])], 0)
  }
}
