import type { Composite } from "../../composites.ts"
import { type Complex, complex, modulus, mul } from "../../reference/complex.ts"
import { rotate, withSigns } from "./eigh.ts"
import {
  adjointOf,
  arrayFrom,
  conjugate,
  dot,
  identity,
  isFinite,
  lost,
  type Matrix,
  matricesOf,
  scaled,
  squareOf,
  zero
} from "./matrices.ts"
import { householder } from "./qr.ts"

interface Svd {
  readonly u: Matrix
  readonly s: ReadonlyArray<number>
  readonly v: Matrix
}

const columnOf = (a: Matrix, j: number): ReadonlyArray<Complex> => a.map((row) => row[j]!)

/** Jacobi's rotations of the columns of a tall matrix, until they are orthogonal. */
const ofTall = (given: Matrix, n: number): Svd => {
  const a = given.map((row) => [...row])
  const v = identity(n)
  for (let sweep = 0; sweep < 60; sweep++) {
    let turned = false
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const [x, y] = [columnOf(a, p), columnOf(a, q)]
        const between = dot(x.map(conjugate), y)
        const [first, second] = [x, y].map((each) => each.reduce((sum, z) => sum + squareOf(z), 0)) as [
          number,
          number
        ]
        const length = modulus(between)
        if (!(length > 1e-16 * Math.sqrt(first * second))) continue
        turned = true
        const theta = (second - first) / (2 * length)
        const tangent = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const cosine = 1 / Math.sqrt(tangent * tangent + 1)
        const sine = scaled(between, (tangent * cosine) / length)
        for (const each of [a, v]) rotate(each, p, q, cosine, sine)
      }
    if (!turned) break
  }
  const sizes = Array.from({ length: n }, (_, j) => Math.hypot(...columnOf(a, j).map(modulus)))
  const order = sizes.map((_, j) => j).sort((i, j) => sizes[j]! - sizes[i]!)
  const s = order.map((j) => sizes[j]!)
  const own = a.map((row) => order.map((j) => scaled(row[j]!, sizes[j]! > 1e-300 ? 1 / sizes[j]! : 0)))
  // Columns of singular values near zero are made orthogonal to the others.
  const [q, r] = householder(own, a.length, n)
  return {
    u: q.map((row) => order.map((_, j) => scaled(row[j]!, r[j]![j]!.re < 0 ? -1 : 1))),
    s,
    v: v.map((row) => order.map((j) => row[j]!))
  }
}

export const evaluateSvd: NonNullable<Composite["evaluate"]> = ([a], outputs, { vectors }) => {
  const [m, n] = a!.shape.slice(-2) as [number, number]
  const [us, ss, vs]: [Array<Complex>, Array<Complex>, Array<Complex>] = [[], [], []]
  const k = Math.min(m, n)
  for (const matrix of matricesOf(a!)) {
    if (!isFinite(matrix)) {
      us.push(...lost(m * k))
      ss.push(...lost(k))
      vs.push(...lost(k * n))
      continue
    }
    const tall = m >= n ? ofTall(matrix, n) : ofTall(adjointOf(matrix), m)
    const [u, v] = m >= n ? [tall.u, tall.v] : [tall.v, tall.u]
    const signs = withSigns(u)
    us.push(...u.flatMap((row) => row.map((z, j) => mul(z, signs[j]!))))
    ss.push(...tall.s.map((size) => complex(size, 0)))
    vs.push(...signs.flatMap((sign, j) => v.map((row) => conjugate(mul(row[j] ?? zero, sign)))))
  }
  return vectors === true
    ? [us, ss, vs].map((numbers, i) => arrayFrom(outputs[i]!, numbers))
    : [arrayFrom(outputs[0]!, ss)]
}
