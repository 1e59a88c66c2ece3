/** Special functions to some 1e-14, by textbook series; sources are named with each. */

/** Abramowitz and Stegun 7.1.5 near 0, and the continued fraction 7.1.14 beyond. */
export const erf = (x: number): number => {
  if (Number.isNaN(x)) return x
  const size = Math.abs(x)
  if (size > 2.5) return Math.sign(x) * (1 - erfc(size))
  let term = x
  let total = x
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(total); n++) {
    term *= (-x * x) / n
    total += term / (2 * n + 1)
    if (n > 200) break
  }
  return (2 / Math.sqrt(Math.PI)) * total
}

export const erfc = (x: number): number => {
  if (Number.isNaN(x)) return x
  if (x < 2.5) return 1 - erf(x)
  if (x > 27.5) return 0
  let tail = x
  for (let n = 120; n > 0; n--) tail = x + n / 2 / tail
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / tail
}

/** Giles 2010, "Approximating the erfinv function", improved by Newton's method. */
export const erfInv = (y: number): number => {
  if (Number.isNaN(y) || Math.abs(y) > 1) return Number.NaN
  if (Math.abs(y) === 1) return y * Number.POSITIVE_INFINITY
  const w = -Math.log((1 - y) * (1 + y))
  const a = 2 / (Math.PI * 0.147) - w / 2
  let x = Math.sign(y) * Math.sqrt(Math.sqrt(a * a + w / 0.147) - a)
  for (let i = 0; i < 4; i++) {
    // Where y is near 1, the error is better seen from there.
    const error = y > 0.5 ? 1 - y - erfc(x) : y < -0.5 ? erfc(-x) - (1 + y) : erf(x) - y
    x -= error / ((2 / Math.sqrt(Math.PI)) * Math.exp(-x * x))
  }
  return x
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
]

/** Lanczos's approximation (g = 7, nine terms), by reflection below 1/2. */
export const lgamma = (x: number): number => {
  if (Number.isNaN(x)) return x
  if (!Number.isFinite(x)) return Number.POSITIVE_INFINITY
  if (x <= 0 && Number.isInteger(x)) return Number.POSITIVE_INFINITY
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x)
  const shifted = x - 1
  let total = lanczos[0]!
  for (let i = 1; i < 9; i++) total += lanczos[i]! / (shifted + i)
  const t = shifted + 7.5
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(total)
}

const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510]

/** Recurrence up to 10, then the asymptotic series (Abramowitz and Stegun 6.3.18), by reflection below 0. */
export const digamma = (x: number): number => {
  if (Number.isNaN(x) || (x <= 0 && Number.isInteger(x))) return Number.NaN
  if (x < 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * x)
  let [z, total] = [x, 0]
  for (; z < 10; z++) total -= 1 / z
  total += Math.log(z) - 1 / (2 * z)
  bernoulli.forEach((b, i) => {
    total -= b / ((2 * i + 2) * z ** (2 * i + 2))
  })
  return total
}

/**
 * The Hurwitz zeta function: the sum of (q + k)^-s over k from 0. Below 0 the terms are those of two such sums in the
 * other direction. At a pole it is infinite where both sides are, and NaN where their signs differ.
 */
const zeta = (s: number, q: number): number => {
  if (q > 0) return zetaAbove(s, q)
  if (Number.isNaN(q)) return q
  if (Number.isInteger(q) || !Number.isFinite(q)) return s % 2 === 0 ? Number.POSITIVE_INFINITY : Number.NaN
  const mirrored = zetaAbove(s, Math.ceil(q) - q) - zetaAbove(s, 1 - q)
  return zetaAbove(s, q - Math.floor(q)) + (s % 2 === 0 ? mirrored : -mirrored)
}

/** By the Euler-Maclaurin formula. */
const zetaAbove = (s: number, q: number): number => {
  let total = 0
  for (let k = 0; k < 12; k++) total += (q + k) ** -s
  const z = q + 12
  total += z ** (1 - s) / (s - 1) + z ** -s / 2
  let term = s * z ** (-s - 1)
  bernoulli.forEach((b, i) => {
    const n = 2 * i + 2
    total += (b / factorial(n)) * term
    term *= ((s + n - 1) * (s + n)) / (z * z)
  })
  return total
}

const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1))

/** The n-th derivative of digamma: (-1)^(n+1) n! zeta(n + 1, x). */
export const polygamma = (n: number, x: number): number => {
  if (n === 0) return digamma(x)
  // At infinity the series of XLA has no value.
  if (n < 0 || !Number.isInteger(n) || x === Number.POSITIVE_INFINITY) return Number.NaN
  return (n % 2 === 0 ? -1 : 1) * factorial(n) * zeta(n + 1, x)
}
