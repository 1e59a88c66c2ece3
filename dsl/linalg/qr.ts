import { defineComposite } from "../composites.ts"
import { isComplex } from "../dtype.ts"
import { named } from "../errors.ts"
import { add, mul, sub } from "../ops/elementwise.ts"
import { triangularSolve, tril } from "../ops/linalg.ts"
import { concatenate, convert } from "../ops/structure.ts"
import { apply } from "../primitives/index.ts"
import { requireWide } from "../primitives/linalg.ts"
import { requireOneOf, requireOptions } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, valueOf } from "../tensor.ts"
import {
  adjoint,
  eachMatrix,
  identities,
  type Numbers,
  numbersOf,
  part,
  product,
  realOf,
  zerosOf
} from "./matrices.ts"
import { qrFactors } from "./qr-factors.ts"
import { evaluateQr } from "./reference/qr.ts"
import { requireAxes, requireMatrices } from "./requirements.ts"
import { solve } from "./solve.ts"
import type { AreMatrices, ColumnsOf, Matrices, RankOf, RowsOf, WideDType } from "./types.ts"

/** Q and R: with all columns of Q where `full`, or else as many as R needs. */
export const orthogonal = (a: Numbers, full = false): readonly [q: Numbers, r: Numbers] =>
  apply("composite", { name: "qr", options: { full } }, [valueOf(a)]) as unknown as readonly [
    Numbers,
    Numbers
  ]

const joined = (left: Numbers, right: Numbers, axis: -1 | -2): Numbers =>
  concatenate([left, right], left.shape.length + axis)

const realPartOf = (x: Numbers): Numbers => convert(realOf(x), x.dtype)

/**
 * The tangents of Q and R with no more columns than rows: j-towns.github.io/papers/qr-derivative.pdf. R's diagonal
 * stays real.
 */
const thin = (q: Numbers, r: Numbers, tangent: Numbers): readonly [Numbers, Numbers] => {
  const right = triangularSolve(r, tangent, { leftSide: false, lower: false })
  const inner = product(adjoint(q), right)
  const strict = tril(inner, -1)
  const skew = sub(strict, adjoint(strict))
  const n = r.shape.at(-1)!
  const turn = isComplex(q.dtype)
    ? add(skew, mul(identities(r.shape.slice(0, -2), n, r.dtype), sub(inner, realPartOf(inner))))
    : skew
  return [add(product(q, sub(turn, inner)), right), product(sub(inner, turn), r)]
}

/** The tangent of the columns of Q that R does not need (arXiv 2409.13374, equations 32 and 33). */
const restOf = (q: Numbers, n: number, dq: Numbers): Numbers => {
  const m = q.shape.at(-2)!
  const own = part(q, [0, m], [0, n])
  const square = part(own, [0, n], [0, n])
  const shifted = sub(square, identities(q.shape.slice(0, -2), n, q.dtype))
  const z = solve(adjoint(shifted), adjoint(part(own, [n, m], [0, n]))) as Numbers
  const [top, low] = [part(dq, [0, n], [0, n]), part(dq, [n, m], [0, n])]
  const beside = add(own, product(part(q, [0, m], [n, m]), adjoint(z)))
  return sub(product(dq, z), product(beside, adjoint(sub(low, product(adjoint(z), top)))))
}

defineComposite("qr", {
  infer: ([a], { full }) => {
    requireWide("qr", a!)
    requireAxes("qr", a!)
    const [m, n] = a!.shape.slice(-2) as [number, number]
    const k = full === true ? m : Math.min(m, n)
    const batch = a!.shape.slice(0, -2)
    return [
      { dtype: a!.dtype, shape: [...batch, m, k] },
      { dtype: a!.dtype, shape: [...batch, k, n] }
    ]
  },
  body: ([a], { full }) => {
    const [m, n] = a!.shape.slice(-2) as [number, number]
    const batch = a!.shape.slice(0, -2)
    const k = full === true ? m : Math.min(m, n)
    if (m === 0 || n === 0) {
      const q = part(identities(batch, m, a!.dtype), [0, m], [0, k])
      return [q, zerosOf(a!.dtype, [...batch, k, n])].map((each) => valueOf(each))
    }
    return eachMatrix((each) => qrFactors(each as Numbers, k), [a!], [2])
  },
  push: ({ inputs: [a], outputs, options: { full } }, [tangent]) => {
    if (tangent === undefined) return [undefined, undefined]
    const [q, r] = outputs.map(numbersOf) as [Numbers, Numbers]
    const moved = numbersOf(tangent)
    const [m, n] = a!.shape.slice(-2) as [number, number]
    if (m < n) {
      const [dq, left] = thin(q, part(r, [0, m], [0, m]), part(moved, [0, m], [0, m]))
      const right = add(
        product(adjoint(dq), part(numbersOf(a!), [0, m], [m, n])),
        product(adjoint(q), part(moved, [0, m], [m, n]))
      )
      return [dq, joined(left, right, -1)].map((each) => valueOf(each))
    }
    const [dq, dr] = thin(part(q, [0, m], [0, n]), part(r, [0, n], [0, n]), moved)
    if (full !== true || m === n) return [dq, dr].map((each) => valueOf(each))
    const none = zerosOf(r.dtype, [...r.shape.slice(0, -2), m - n, n])
    return [joined(dq, restOf(q, n, dq), -1), joined(dr, none, -2)].map((each) => valueOf(each))
  },
  evaluate: evaluateQr
})

/** How many columns of Q `qr` gives. */
export interface QrOptions<M extends QrMode = QrMode> {
  /** `"reduced"`: as many as `r` needs, the lesser of rows and columns. `"complete"`: a square `q`. */
  readonly mode?: M
}

type QrMode = "reduced" | "complete"

type Inner<S extends Shape, M extends QrMode> = M extends "complete" ? RowsOf<S> : RankOf<S>

/**
 * Factors matrices as `q r`: orthonormal columns, and an upper triangular matrix. The signs are those of LAPACK's
 * Householder reflectors, as in NumPy: the diagonal of `r` is real, and mostly negative. f32[...,m,n] gives matrices
 * of m by k and k by n, with k the lesser of m and n, or m where `mode` is `"complete"`. Derivatives need the first k
 * columns to be independent. Takes f32, f64, c64 and c128. Fails with a `DTypeError` for another dtype, and a
 * `ShapeError` for fewer than two axes.
 *
 * @example
 * const [q, r] = qr(constant([[3], [4]], "f32"))
 * r // f32[1,1]: [[-5]]
 */
export const qr = named(
  "qr",
  <D extends WideDType, S extends Shape, const M extends QrMode = "reduced">(
    a: Tensor<D, S> & AreMatrices<"qr", D, S>,
    options?: QrOptions<M>
  ): [
    q: Tensor<D, Matrices<S, RowsOf<S>, Inner<S, NoInfer<M>>>>,
    r: Tensor<D, Matrices<S, Inner<S, NoInfer<M>>, ColumnsOf<S>>>
  ] => {
    const matrix = requireMatrices("qr", "a", a)
    const mode = requireOneOf("qr", "mode", requireOptions("qr", options).mode ?? "reduced", [
      "reduced",
      "complete"
    ])
    return orthogonal(matrix, mode === "complete") as never
  }
)
