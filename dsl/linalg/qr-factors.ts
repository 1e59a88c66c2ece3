import { fori } from "../control/fori.ts"
import { isComplex, realPart } from "../dtype.ts"
import {
  abs,
  add,
  and,
  div,
  eq,
  ge,
  gt,
  lt,
  maximum,
  mul,
  ne,
  neg,
  or,
  sqrt,
  sub
} from "../ops/elementwise.ts"
import { tril, triu } from "../ops/linalg.ts"
import { concatenate, convert, reshape, where } from "../ops/structure.ts"
import { max, sum } from "../ops/sums.ts"
import { tensorOf } from "../tensor.ts"
import { zeros } from "../values.ts"
import {
  adjoint,
  blockAt,
  column,
  conjugate,
  counted,
  identities,
  imagOf,
  type Numbers,
  type Places,
  part,
  product,
  realOf,
  squared,
  zerosOf
} from "./matrices.ts"

/**
 * Householder's form of Q R: `Q = I - V T V^H`, of which V has ones on its diagonal and zeros above, and T is upper
 * triangular (Schreiber and Van Loan 1989, "A storage-efficient WY representation").
 */
export interface QrFactors {
  readonly v: Numbers
  readonly t: Numbers
  readonly r: Numbers
}

/** A reflector that takes a vector to beta at one place and zero after it, as LAPACK's larfg. */
export const reflector = (
  x: Numbers,
  k: Places
): { readonly v: Numbers; readonly tau: Numbers; readonly beta: Numbers } => {
  const rows = counted(x.shape[0]!)
  const alpha = reshape(blockAt(x, [k], [1]), [])
  const tail = where(gt(rows, k), x, 0)
  const squares = sum(squared(tail), 0)
  const size = sqrt(add(squares, squared(alpha)))
  const head = realOf(alpha)
  const still = isComplex(x.dtype) ? and(eq(squares, 0), eq(imagOf(alpha), 0)) : eq(squares, 0)
  const reached = where(ge(head, 0), neg(size), size)
  const beta = convert(where(still, head, reached), x.dtype)
  const away = where(still, 1, sub(alpha, beta))
  return {
    v: where(eq(rows, k), 1, div(tail, away)),
    tau: where(still, 0, div(sub(beta, alpha), where(still, 1, beta))),
    beta
  }
}

/** A row times a matrix. */
const rowTimes = (x: Numbers, a: Numbers): Numbers =>
  reshape(product(reshape(x, [1, x.shape[0]!]), a), [a.shape[1]!])

interface Panel {
  readonly packed: Numbers
  readonly t: Numbers
}

/** A few columns, one after another: V below the diagonal of R. */
const ofPanel = (a: Numbers): QrFactors => {
  const [m, n] = a.shape as readonly [number, number]
  const [rows, columns] = [counted(m), counted(n)]
  const origin: Places = tensorOf(zeros({ dtype: "i32", shape: [] }))
  const step = (k: Places, { packed, t }: Panel): Panel => {
    const at = reshape(blockAt(packed, [origin, k], [m, 1]), [m])
    const { v, tau, beta } = reflector(at, k)
    // Left of column k the array holds V, below row k at least: these are the products with its columns.
    const w = rowTimes(conjugate(v), packed)
    const rest = sub(packed, mul(column(mul(conjugate(tau), v)), w))
    const own = where(eq(rows, k), beta, where(gt(rows, k), v, at))
    const before = where(lt(columns, k), conjugate(w), 0)
    const products = reshape(product(t, column(before)), [n])
    const beside = where(eq(columns, k), tau, neg(mul(tau, products)))
    return {
      packed: where(eq(columns, k), column(own), where(gt(columns, k), rest, packed)),
      t: where(eq(columns, k), column(beside), t)
    }
  }
  const start: Panel = { packed: a, t: zerosOf(a.dtype, [n, n]) }
  const { packed, t } = fori(0, n, step as never, start as never) as Panel
  const ones = part(identities([], m, a.dtype), [0, m], [0, n])
  return { v: add(tril(packed, -1), ones), t, r: triu(part(packed, [0, n], [0, n])) }
}

/** What panels are at most wide. */
const panel = 16

/** The QR factors of a matrix with no more columns than rows, by halves (Elmroth and Gustavson 2000). */
const byHalves = (a: Numbers): QrFactors => {
  const [m, n] = a.shape as readonly [number, number]
  if (n <= panel) return ofPanel(a)
  const half = Math.ceil(n / 2 / panel) * panel
  const left = byHalves(part(a, [0, m], [0, half]))
  const moved = reflected(left, part(a, [0, m], [half, n]))
  const right = byHalves(part(moved, [half, m], [0, n - half]))
  const zero = (rows: number, columns: number): Numbers => zerosOf(a.dtype, [rows, columns])
  const below = part(left.v, [half, m], [0, half])
  const between = product(adjoint(below), right.v)
  const beside = neg(product(product(left.t, between), right.t))
  const square = (x: Numbers, y: Numbers, z: Numbers): Numbers =>
    concatenate([concatenate([x, y], 1), concatenate([zero(n - half, half), z], 1)], 0)
  return {
    v: concatenate([left.v, concatenate([zero(half, n - half), right.v], 0)], 1),
    t: square(left.t, beside, right.t),
    r: square(left.r, part(moved, [0, half], [0, n - half]), right.r)
  }
}

/** Q^H x. */
const reflected = ({ v, t }: QrFactors, x: Numbers): Numbers =>
  sub(x, product(v, product(adjoint(t), product(adjoint(v), x))))

/** The first columns of Q. */
const columnsOf = ({ v, t }: QrFactors, k: number): Numbers => {
  const [m, n] = v.shape as readonly [number, number]
  const whole = part(identities([], m, v.dtype), [0, m], [0, k])
  return sub(whole, product(v, product(t, adjoint(part(v, [0, k], [0, n])))))
}

/** Numbers whose squares and their sums neither overflow nor vanish. */
const within = { f32: [1e-12, 1e12], f64: [1e-120, 1e120] } as const

/** By what to divide columns, so that sums of their squares can be held: 1 for most. */
const scalesOf = (a: Numbers): Numbers => {
  const parts = isComplex(a.dtype) ? maximum(abs(realOf(a)), abs(imagOf(a))) : abs(a)
  const size = max(parts, 0)
  const [least, most] = within[realPart(a.dtype)]
  const far = and(or(lt(size, least), gt(size, most)), and(ne(size, 0), lt(size, Number.POSITIVE_INFINITY)))
  return convert(where(far, size, 1), a.dtype)
}

/** Q with k columns, and R with as many rows. */
export const qrFactors = (a: Numbers, k: number): readonly [q: Numbers, r: Numbers] => {
  const [m, n] = a.shape as readonly [number, number]
  const scales = scalesOf(a)
  const scaled = div(a, scales)
  const factors = byHalves(part(scaled, [0, m], [0, Math.min(m, n)]))
  const q = columnsOf(factors, k)
  const right = m < n ? [part(reflected(factors, part(scaled, [0, m], [m, n])), [0, m], [0, n - m])] : []
  const upper = concatenate([factors.r, ...right], 1)
  const rows = upper.shape[0]!
  const r = rows < k ? concatenate([upper, zerosOf(a.dtype, [k - rows, n])], 0) : upper
  return [q, mul(r, scales)]
}
