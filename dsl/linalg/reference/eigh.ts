import type { Composite } from "../../composites.ts"
import { add, type Complex, complex, modulus, mul, sub } from "../../reference/complex.ts"
import {
  adjointOf,
  arrayFrom,
  conjugate,
  identity,
  isFinite,
  lost,
  type Matrix,
  matricesOf,
  scaled,
  squareOf
} from "./matrices.ts"

/** Rotates columns p and q of a matrix, in place. */
export const rotate = (a: Matrix, p: number, q: number, cosine: number, sine: Complex): void => {
  for (const row of a) {
    const [x, y] = [row[p]!, row[q]!]
    row[p] = sub(scaled(x, cosine), mul(conjugate(sine), y))
    row[q] = add(mul(sine, x), scaled(y, cosine))
  }
}

const transposeInto = (a: Matrix): Matrix => adjointOf(a)

/** Jacobi's rotations, until nothing is left beside the diagonal. The vectors are columns. */
export const jacobi = (
  given: Matrix
): { readonly values: ReadonlyArray<number>; readonly vectors: Matrix } => {
  const n = given.length
  let a = given.map((row) => [...row])
  const v = identity(n)
  const size = Math.sqrt(a.flat().reduce((sum, z) => sum + squareOf(z), 0))
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const between = a[p]![q]!
        const length = modulus(between)
        off = Math.max(off, length)
        if (!(length > 0)) continue
        const theta = (a[q]![q]!.re - a[p]![p]!.re) / (2 * length)
        const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const cosine = 1 / Math.sqrt(tangent * tangent + 1)
        const sine = scaled(between, (tangent * cosine) / length)
        rotate(a, p, q, cosine, sine)
        a = transposeInto(a)
        rotate(a, p, q, cosine, sine)
        a = transposeInto(a)
        rotate(v, p, q, cosine, sine)
      }
    if (!(off > 1e-17 * size)) break
  }
  const order = a.map((_, i) => i).sort((i, j) => a[i]![i]!.re - a[j]![j]!.re)
  return {
    values: order.map((i) => a[i]![i]!.re),
    vectors: v.map((row) => order.map((i) => row[i]!))
  }
}

/** Columns times numbers of modulus 1, so that the first of their largest elements is positive. */
export const withSigns = (columns: Matrix): ReadonlyArray<Complex> =>
  (columns[0] ?? []).map((_, j) => {
    const sizes = columns.map((row) => modulus(row[j]!))
    const most = Math.max(...sizes)
    const first = columns[sizes.findIndex((size) => size >= 0.99 * most)]?.[j]
    return first === undefined || most === 0 ? complex(1, 0) : scaled(conjugate(first), 1 / modulus(first))
  })

export const evaluateEigh: NonNullable<Composite["evaluate"]> = ([a], outputs) => {
  const [values, vectors]: [Array<Complex>, Array<Complex>] = [[], []]
  const n = a!.shape.at(-1)!
  for (const matrix of matricesOf(a!)) {
    if (!isFinite(matrix)) {
      values.push(...lost(n))
      vectors.push(...lost(n * n))
      continue
    }
    const found = jacobi(matrix)
    const signs = withSigns(found.vectors)
    values.push(...found.values.map((value) => complex(value, 0)))
    vectors.push(...found.vectors.flatMap((row) => row.map((z, j) => mul(z, signs[j]!))))
  }
  return [arrayFrom(outputs[0]!, values), arrayFrom(outputs[1]!, vectors)]
}
