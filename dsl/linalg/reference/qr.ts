import type { Composite } from "../../composites.ts"
import { type Complex, complex, div, modulus, mul, sub } from "../../reference/complex.ts"
import { arrayFrom, conjugate, identity, type Matrix, matricesOf, one, zero } from "./matrices.ts"

interface Reflector {
  readonly v: ReadonlyArray<Complex>
  readonly tau: Complex
}

/** What takes the part of column k from row k on to one number and zeros: LAPACK's larfg. */
const reflectorOf = (a: Matrix, k: number): Reflector & { readonly beta: number } => {
  const alpha = a[k]![k]!
  const tail = a.slice(k + 1).map((row) => row[k]!)
  const size = Math.hypot(...tail.map(modulus))
  if (size === 0 && alpha.im === 0) return { v: [], tau: zero, beta: alpha.re }
  const all = Math.hypot(modulus(alpha), size)
  const beta = alpha.re >= 0 ? -all : all
  const away = sub(alpha, complex(beta, 0))
  const v = a.map((row, i) => (i < k ? zero : i === k ? one : div(row[k]!, away)))
  return { v, tau: complex((beta - alpha.re) / beta, -alpha.im / beta), beta }
}

/** (I - tau v v^H) a, in place. */
const reflect = (a: Matrix, v: ReadonlyArray<Complex>, tau: Complex): void => {
  for (let j = 0; j < (a[0]?.length ?? 0); j++) {
    let sum = zero
    v.forEach((each, i) => {
      const term = mul(conjugate(each), a[i]![j]!)
      sum = complex(sum.re + term.re, sum.im + term.im)
    })
    const times = mul(tau, sum)
    v.forEach((each, i) => {
      a[i]![j] = sub(a[i]![j]!, mul(each, times))
    })
  }
}

/** Q, all of it, and R of one matrix, by Householder reflectors. `a` becomes R. */
export const householder = (a: Matrix, m: number, n: number): readonly [q: Matrix, r: Matrix] => {
  const reflectors: Array<Reflector> = []
  for (let k = 0; k < Math.min(m, n); k++) {
    const { v, tau, beta } = reflectorOf(a, k)
    reflect(a, v, conjugate(tau))
    a.slice(k).forEach((row, i) => {
      row[k] = i === 0 ? complex(beta, 0) : zero
    })
    reflectors.push({ v, tau })
  }
  const q = identity(m)
  for (const { v, tau } of reflectors.reverse()) reflect(q, v, tau)
  return [q, a]
}

export const evaluateQr: NonNullable<Composite["evaluate"]> = ([a], outputs) => {
  const [m, n] = a!.shape.slice(-2) as [number, number]
  const k = outputs[0]!.shape.at(-1)!
  const [q, r]: [Array<Complex>, Array<Complex>] = [[], []]
  for (const matrix of matricesOf(a!)) {
    const [own, upper] = householder(matrix, m, n)
    q.push(...own.flatMap((row) => row.slice(0, k)))
    r.push(...upper.slice(0, k).flat())
  }
  return [arrayFrom(outputs[0]!, q), arrayFrom(outputs[1]!, r)]
}
