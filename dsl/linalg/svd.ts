import { defineComposite } from "../composites.ts"
import { type DType, realPart } from "../dtype.ts"
import { named } from "../errors.ts"
import { add, div, eq, maximum, mul, sign, sub } from "../ops/elementwise.ts"
import { reverse } from "../ops/rearrange.ts"
import { concatenate, convert, where } from "../ops/structure.ts"
import { apply } from "../primitives/index.ts"
import { requireWide } from "../primitives/linalg.ts"
import { requireFlag, requireOptions } from "../required.ts"
import { type Shape, sizeOf } from "../shape.ts"
import { type Tensor, valueOf } from "../tensor.ts"
import type { RealOf } from "../types.ts"
import { eigen, plainly, signsOf } from "./eigh.ts"
import {
  adjoint,
  column,
  diagonalOf,
  epsilonOf,
  identities,
  type Numbers,
  numbersOf,
  part,
  poisonOf,
  product,
  realOf,
  row,
  zerosOf
} from "./matrices.ts"
import { oneSided, type Sides } from "./one-sided.ts"
import { polar } from "./polar.ts"
import { orthogonal } from "./qr.ts"
import { evaluateSvd } from "./reference/svd.ts"
import { requireAxes, requireMatrices } from "./requirements.ts"
import type { AreMatrices, ColumnsOf, Matrices, RankOf, RowsOf, Vectors, WideDType } from "./types.ts"

/** Singular vectors and values: as many as the lesser of rows and columns. */
export const singular = (a: Numbers): readonly [u: Numbers, s: Numbers, vh: Numbers] =>
  apply("composite", { name: "svd", options: { vectors: true } }, [valueOf(a)]) as unknown as readonly [
    Numbers,
    Numbers,
    Numbers
  ]

/** The singular values alone. */
export const singularValues = (a: Numbers): Numbers =>
  numbersOf(apply("composite", { name: "svd", options: { vectors: false } }, [valueOf(a)])[0]!)

const backwards = (x: Numbers): Numbers => reverse(x, -1) as Numbers

/** The factors U H, of which H has the singular values as its eigenvalues: what to make columns of, and V. */
const byPolar = (a: Numbers): Sides => {
  const [u, h] = polar(a, epsilonOf(a))
  const [values, right] = eigen(h)
  const v = backwards(right)
  return { columns: product(u, v), sizes: maximum(backwards(values), 0), v }
}

/** Up to which size rotations of columns alone are fastest. */
const small = 16

const ofSquares = (a: Numbers, vectors: boolean): ReadonlyArray<Numbers> => {
  const { columns, sizes, v } = a.shape.at(-1)! <= small ? oneSided(a) : byPolar(a)
  const poison = poisonOf(a)
  const s = add(sizes, column(poison))
  if (!vectors) return [s]
  // Columns of singular values near zero are made orthogonal to the others.
  const [q, r] = orthogonal(columns)
  const signs = sign(realOf(diagonalOf(r)))
  const turned = convert(where(eq(signs, 0), 1, signs), a.dtype)
  const lost = convert(column(column(poison)), a.dtype)
  return [add(mul(q, row(turned)), lost), s, add(v, lost)]
}

const ofTall = (a: Numbers, vectors: boolean): ReadonlyArray<Numbers> => {
  const [m, n] = a.shape.slice(-2) as [number, number]
  if (m === n) return ofSquares(a, vectors)
  const [q, r] = orthogonal(a)
  const [first, ...rest] = ofSquares(r, vectors) as [Numbers, ...Array<Numbers>]
  return vectors ? [product(q, first), ...rest] : [first]
}

const ofMatrices = (given: Numbers, vectors: boolean): ReadonlyArray<Numbers> => {
  const [m, n] = given.shape.slice(-2) as [number, number]
  const { scaled: a, scales } = plainly(given)
  const made = m >= n ? ofTall(a, vectors) : ofTall(adjoint(a), vectors)
  const back = (s: Numbers): Numbers => mul(s, scales)
  if (!vectors) return [back(made[0]!)]
  const [left, s, right] = made as [Numbers, Numbers, Numbers]
  const [u, v] = m >= n ? [left, right] : [right, left]
  const signs = signsOf(u)
  return [mul(u, row(signs)), back(s), adjoint(mul(v, row(signs)))]
}

defineComposite("svd", {
  infer: ([a], { vectors }) => {
    requireWide("svd", a!)
    requireAxes("svd", a!)
    const [m, n] = a!.shape.slice(-2) as [number, number]
    const batch = a!.shape.slice(0, -2)
    const k = Math.min(m, n)
    const s = { dtype: realPart(a!.dtype), shape: [...batch, k] }
    if (vectors !== true) return [s]
    return [{ dtype: a!.dtype, shape: [...batch, m, k] }, s, { dtype: a!.dtype, shape: [...batch, k, n] }]
  },
  body: ([a], { vectors }) => {
    const [m, n] = a!.shape.slice(-2) as [number, number]
    const batch = a!.shape.slice(0, -2)
    if (sizeOf(a!.shape) > 0) return ofMatrices(numbersOf(a!), vectors === true).map((each) => valueOf(each))
    const none = (dtype: DType, ...own: Shape) => valueOf(zerosOf(dtype, [...batch, ...own]))
    const k = Math.min(m, n)
    const s = none(realPart(a!.dtype), k)
    return vectors === true ? [none(a!.dtype, m, k), s, none(a!.dtype, k, n)] : [s]
  },
  push: ({ inputs: [given], outputs, options: { vectors } }, [tangent]) => {
    if (tangent === undefined) return outputs.map(() => undefined)
    const a = numbersOf(given!)
    const [u, s, vh] =
      vectors === true ? (outputs.map(numbersOf) as [Numbers, Numbers, Numbers]) : singular(a)
    const moved = numbersOf(tangent)
    const [uh, v] = [adjoint(u), adjoint(vh)]
    const inner = product(product(uh, moved), v)
    const change = realOf(diagonalOf(inner))
    if (vectors !== true) return [valueOf(change)]
    const [m, n] = a.shape.slice(-2) as [number, number]
    const k = s.shape.at(-1)!
    const ones = identities(s.shape.slice(0, -1), k, s.dtype)
    const gaps = mul(add(row(s), column(s)), sub(row(s), column(s)))
    const factors = convert(sub(div(1, add(gaps, ones)), ones), a.dtype)
    const size = convert(s, a.dtype)
    const [right, left] = [mul(row(size), inner), mul(column(size), inner)]
    const isZero = where(eq(s, 0), 1, zerosOf(s.dtype, s.shape))
    const inverse = convert(sub(div(1, add(s, isZero)), isZero), a.dtype)
    // Of complex matrices: the phases that u and v share.
    const phases = mul(mul(mul(sub(inner, adjoint(inner)), 0.5), convert(ones, a.dtype)), row(inverse))
    const du = product(u, add(mul(factors, add(right, adjoint(right))), phases))
    const dv = product(v, mul(factors, add(left, adjoint(left))))
    const rest = (own: Numbers, x: Numbers): Numbers =>
      div(sub(x, product(own, product(adjoint(own), x))), row(size))
    const whole = [
      m > n ? add(du, rest(u, product(moved, v))) : du,
      n > m ? add(dv, rest(v, product(adjoint(moved), u))) : dv
    ] as const
    return [whole[0], change, adjoint(whole[1])].map((each) => valueOf(each))
  },
  evaluate: evaluateSvd
})

/** Which singular vectors `svd` gives. */
export interface SvdOptions<F extends boolean = boolean> {
  /** Square matrices of vectors (false): more than there are singular values, where `a` is not square. */
  readonly fullMatrices?: F
}

type Inner<S extends Shape, N extends number, F> = F extends true ? N : RankOf<S>

/** The columns that complete a unitary matrix. */
const completed = (u: Numbers): Numbers => {
  const [m, k] = u.shape.slice(-2) as [number, number]
  if (m === k) return u
  const [q] = orthogonal(u, true)
  return concatenate([u, part(q, [0, m], [k, m])], u.shape.length - 1)
}

/**
 * Gives the singular value decomposition of matrices: `a = u diag(s) vh`. The values fall. f32[m,n] gives f32[m,k],
 * f32[k] and f32[k,n], with k the lesser of m and n; `fullMatrices` gives square `u` and `vh`. Of each column of `u`
 * the first of its largest elements is positive. Derivatives of vectors need values that differ. Takes f32, f64, c64
 * and c128; the values are real. Fails with a `ShapeError` for fewer than two axes, and a `DTypeError` for another
 * dtype.
 *
 * @example
 * const [u, s, vh] = svd(constant([[0, 2], [1, 0]], "f32"))
 * s // f32[2]: [2, 1]
 */
export const svd = named(
  "svd",
  <D extends WideDType, S extends Shape, const F extends boolean = false>(
    a: Tensor<D, S> & AreMatrices<"svd", D, S>,
    options?: SvdOptions<F>
  ): [
    u: Tensor<D, Matrices<S, RowsOf<S>, Inner<S, RowsOf<S>, NoInfer<F>>>>,
    s: Tensor<RealOf<D>, Vectors<S, RankOf<S>>>,
    vh: Tensor<D, Matrices<S, Inner<S, ColumnsOf<S>, NoInfer<F>>, ColumnsOf<S>>>
  ] => {
    const matrix = requireMatrices("svd", "a", a)
    const full = requireFlag("svd", "fullMatrices", requireOptions("svd", options).fullMatrices)
    const [u, s, vh] = singular(matrix)
    return (full ? [completed(u), s, adjoint(completed(adjoint(vh)))] : [u, s, vh]) as never
  }
)

/**
 * Gives the singular values of matrices, falling: f32[m,n] gives f32[k], with k the lesser of m and n. Takes f32, f64,
 * c64 and c128; the values are real. Fails with a `ShapeError` for fewer than two axes, and a `DTypeError` for another
 * dtype.
 *
 * @example svdvals(constant([[0, 2], [1, 0]], "f32")) // f32[2]: [2, 1]
 */
export const svdvals = named(
  "svdvals",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreMatrices<"svdvals", D, S>
  ): Tensor<RealOf<D>, Vectors<S, RankOf<S>>> => singularValues(requireMatrices("svdvals", "a", a)) as never
)
