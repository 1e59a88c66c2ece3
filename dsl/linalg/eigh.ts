import { defineComposite } from "../composites.ts"
import { realPart } from "../dtype.ts"
import { named } from "../errors.ts"
import { add, and, div, eq, ge, gt, isFinite, lt, mul, not, or, sub } from "../ops/elementwise.ts"
import { argsort } from "../ops/sort.ts"
import { convert, reshape, where } from "../ops/structure.ts"
import { max, min, sum } from "../ops/sums.ts"
import { apply } from "../primitives/index.ts"
import { requireSquare, requireWide } from "../primitives/linalg.ts"
import { type Shape, sizeOf } from "../shape.ts"
import { type Tensor, type Value, valueOf } from "../tensor.ts"
import type { RealOf } from "../types.ts"
import { iota, scale, takeAlong, zeros } from "../values.ts"
import { byHalves } from "./divide.ts"
import { type Eigen, jacobi } from "./jacobi.ts"
import {
  absolute,
  adjoint,
  column,
  conjugate,
  diagonalOf,
  eachMatrix,
  epsilonOf,
  identities,
  type Numbers,
  numbersOf,
  type Places,
  placesOf,
  poisonOf,
  product,
  realOf,
  row,
  rowsAt,
  transposed
} from "./matrices.ts"
import { evaluateEigh } from "./reference/eigh.ts"
import { requireSquares } from "./requirements.ts"
import { tridiagonal, turned } from "./tridiagonal.ts"
import type { AreSquare, ColumnsOf, Vectors, WideDType } from "./types.ts"

/** The mean of a matrix and its adjoint. */
const hermitian = (a: Numbers): Numbers => numbersOf(scale(valueOf(add(a, adjoint(a))), 0.5))

/** The values and vectors of Hermitian matrices. */
export const eigen = (a: Numbers): readonly [values: Numbers, vectors: Numbers] =>
  apply("composite", { name: "eigh", options: {} }, [valueOf(a)]) as unknown as readonly [Numbers, Numbers]

/** By what to multiply columns, so that the first of their largest elements becomes positive. */
export const signsOf = (vectors: Numbers): Numbers => {
  const axis = vectors.shape.length - 2
  const size = absolute(vectors)
  // Elements of nearly one size must not take turns in being the largest, by their last bits.
  const large = ge(size, mul(max(size, axis, { keepDims: true }), 0.99))
  const places = placesOf(iota(vectors.shape, axis))
  const first = min(where(large, places, vectors.shape[axis]!), axis, { keepDims: true })
  const chosen = sum(where(eq(places, first), vectors, 0), axis)
  const modulus = absolute(chosen)
  return where(eq(modulus, 0), 1, div(conjugate(chosen), convert(modulus, vectors.dtype)))
}

/** Powers of ten between which nothing on the way overflows or vanishes. */
const within = [1e-6, 1e6] as const

/** Up to which size Jacobi's rotations alone are fastest. */
const small = 16

const sorted = ({ values, vectors }: Eigen): Eigen => {
  const [order] = [argsort(values, 1)] as [Places]
  const along = (x: Numbers): Numbers => transposed(rowsAt(transposed(x), order))
  return { values: numbersOf(takeAlong(valueOf(values), valueOf(order), 1)), vectors: along(vectors) }
}

/** Matrices divided by what brings their largest elements there, which is 1 for most. */
export const plainly = (a: Numbers): { readonly scaled: Numbers; readonly scales: Numbers } => {
  const size = max(absolute(a), [-2, -1], { keepDims: true })
  const plain = and(gt(size, within[0]), lt(size, within[1]))
  const scales = where(or(plain, not(and(gt(size, 0), isFinite(size)))), 1, size)
  return { scaled: div(a, convert(scales, a.dtype)), scales: reshape(scales, [...a.shape.slice(0, -2), 1]) }
}

/** With NaN for what is not finite. */
const ofMatrices = (a: Numbers): readonly [Numbers, Numbers] => {
  const [values, vectors] = ofFinite(a)
  const lost = poisonOf(a)
  return [add(values, column(lost)), add(vectors, convert(column(column(lost)), a.dtype))]
}

const ofFinite = (a: Numbers): readonly [Numbers, Numbers] => {
  const n = a.shape.at(-1)!
  const batch = a.shape.slice(0, -2)
  const many = sizeOf(batch)
  const { scaled, scales: sizes } = plainly(a)
  const flat = (x: Value, ...own: Shape): Numbers => reshape(numbersOf(x), [many, ...own])
  const epsilon = epsilonOf(a)
  if (n <= small) {
    const solved = sorted(jacobi(flat(valueOf(scaled), n, n), epsilon))
    const vectors = reshape(solved.vectors, a.shape)
    return [mul(reshape(solved.values, [...batch, n]), sizes), mul(vectors, row(signsOf(vectors)))]
  }
  let tops: ReadonlyArray<number> = []
  const [diagonal, beside, ...reflectors] = eachMatrix(
    (each) => {
      const made = tridiagonal(each as Numbers)
      tops = made.reflectors.map(({ top }) => top)
      return [made.diagonal, made.beside, ...made.reflectors.flatMap(({ v, t }) => [v, t])]
    },
    [valueOf(scaled)],
    [2]
  )
  const solved = byHalves(flat(diagonal!, n), flat(beside!, n - 1), epsilon)
  const [vectors] = eachMatrix(
    (z, ...parts) => [
      turned(
        tops.map((top, i) => ({ top, v: parts[2 * i] as Numbers, t: parts[2 * i + 1] as Numbers })),
        z as Numbers,
        a.dtype
      )
    ],
    [valueOf(reshape(solved.vectors, [...batch, n, n])), ...reflectors],
    [2, ...reflectors.map(() => 2)]
  )
  const values = mul(reshape(solved.values, [...batch, n]), sizes)
  const found = numbersOf(vectors!)
  return [values, mul(found, row(signsOf(found)))]
}

defineComposite("eigh", {
  infer: ([a]) => {
    requireWide("eigh", a!)
    requireSquare("eigh", a!)
    return [{ dtype: realPart(a!.dtype), shape: a!.shape.slice(0, -1) }, a!]
  },
  body: ([a]) =>
    sizeOf(a!.shape) === 0
      ? [zeros({ dtype: realPart(a!.dtype), shape: a!.shape.slice(0, -1) }), a!]
      : ofMatrices(numbersOf(a!)).map((each) => valueOf(each)),
  push: ({ outputs: [w, v] }, [tangent]) => {
    if (tangent === undefined) return [undefined, undefined]
    const vectors = numbersOf(v!)
    const values = convert(numbersOf(w!), vectors.dtype)
    const n = vectors.shape.at(-1)!
    const ones = identities(vectors.shape.slice(0, -2), n, vectors.dtype)
    const gaps = sub(div(1, add(ones, sub(row(values), column(values)))), ones)
    const inner = product(product(adjoint(vectors), numbersOf(tangent)), vectors)
    return [diagonalOf(realOf(inner)), product(vectors, mul(gaps, inner))].map((each) => valueOf(each))
  },
  evaluate: evaluateEigh
})

/**
 * Gives the eigenvalues of Hermitian matrices, in rising order, and their eigenvectors, which are columns: f32[n,n]
 * gives f32[n] and f32[n,n]. The two halves of `a` are averaged first, as JAX does. Of each vector the first of its
 * largest elements is positive. Derivatives of vectors need eigenvalues that differ. Takes f32, f64, c64 and c128;
 * values are real. Fails with a `ShapeError` for what is not square, and a `DTypeError` for another dtype.
 *
 * @example
 * const [values, vectors] = eigh(constant([[2, 0], [0, 1]], "f32"))
 * values // [1, 2]
 * vectors // [[0, 1], [1, 0]]
 */
export const eigh = named(
  "eigh",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreSquare<"eigh", D, S>
  ): [values: Tensor<RealOf<D>, Vectors<S, ColumnsOf<S>>>, vectors: Tensor<D, S>] =>
    eigen(hermitian(requireSquares("eigh", "a", a))) as never
)

/**
 * Gives the eigenvalues of Hermitian matrices, in rising order: f32[n,n] gives f32[n]. The two halves of `a` are
 * averaged first. Takes f32, f64, c64 and c128; values are real. Fails with a `ShapeError` for what is not square, and
 * a `DTypeError` for another dtype.
 *
 * @example eigvalsh(constant([[2, 0], [0, 1]], "f32")) // f32[2]: [1, 2]
 */
export const eigvalsh = named(
  "eigvalsh",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreSquare<"eigvalsh", D, S>
  ): Tensor<RealOf<D>, Vectors<S, ColumnsOf<S>>> =>
    eigen(hermitian(requireSquares("eigvalsh", "a", a)))[0] as never
)
