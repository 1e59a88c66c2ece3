import { fori } from "../control/fori.ts"
import { realPart } from "../dtype.ts"
import { named, valueError } from "../errors.ts"
import { add, gt, lt, minimum, mul, ne, sub } from "../ops/elementwise.ts"
import { stopGradient } from "../ops/stop-gradient.ts"
import { convert, where } from "../ops/structure.ts"
import { max, prod, sum } from "../ops/sums.ts"
import { apply1 } from "../primitives/index.ts"
import { requireOptions, requireWhole } from "../required.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import { filled } from "../values.ts"
import {
  absolute,
  column,
  counted,
  identities,
  type Numbers,
  numbersOf,
  type Places,
  product
} from "./matrices.ts"
import { requireSquares } from "./requirements.ts"
import { solve } from "./solve.ts"
import type { AreSquare, WideDType } from "./types.ts"

/** How far `expm` goes. */
export interface ExpmOptions {
  /** The greatest norm is 5.37 (in single precision 3.93) times two to the power of this and one (16). */
  readonly maxSquarings?: number
}

/**
 * The coefficients of the diagonal Padé approximant of exp, and up to which norm it has the dtype's precision (Higham
 * 2005, "The scaling and squaring method for the matrix exponential revisited", table 2.3).
 */
const approximants = {
  f32: {
    reach: 3.92572478313866,
    coefficients: [17297280, 8648640, 1995840, 277200, 25200, 1512, 56, 1]
  },
  f64: {
    reach: 5.371920351148152,
    coefficients: [
      64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000,
      10559470521600, 670442572800, 33522128640, 1323241920, 40840800, 960960, 16380, 182, 1
    ]
  }
} as const

/** The sum of powers of x times coefficients; powers from the third one on are made of the second. */
const polynomial = (powers: ReadonlyArray<Numbers>, coefficients: ReadonlyArray<number>): Numbers => {
  const terms = coefficients.map((coefficient, i) => mul(powers[i]!, coefficient))
  return terms.reduce((total, term) => add(total, term))
}

/** The odd and the even part of the approximant's numerator; its denominator is the even part less the odd one. */
const approximated = (a: Numbers, coefficients: ReadonlyArray<number>): readonly [Numbers, Numbers] => {
  const square = product(a, a)
  const fourth = product(square, square)
  const powers = [
    identities(a.shape.slice(0, -2), a.shape.at(-1)!, a.dtype),
    square,
    fourth,
    product(fourth, square)
  ]
  const of = (parity: 0 | 1): Numbers => {
    const own = coefficients.filter((_, i) => i % 2 === parity)
    const low = polynomial(powers, own.slice(0, 4))
    if (own.length === 4) return low
    return add(low, product(powers[3]!, polynomial(powers.slice(1), own.slice(4))))
  }
  return [product(a, of(1)), of(0)]
}

/** Of each matrix the norm: the greatest sum of sizes of a column. It has no derivative. */
const normsOf = (a: Numbers): Numbers => stopGradient(max(sum(absolute(a), -2), -1) as Numbers)

/** How often each matrix is halved so that its norm is within reach; at most once more than `most + 1`. */
const halvingsOf = (norms: Numbers, reach: number, most: number): Places => {
  const value = Array.from({ length: most + 2 }, (_, k) => reach * 2 ** k)
  const bounds = apply1("constant", { aval: { dtype: norms.dtype, shape: [most + 2] }, value })
  return sum(convert(gt(column(norms), numbersOf(bounds)), "i32"), -1) as Places
}

/** With two more axes, beside those of matrices. */
const wide = <D extends "f32" | "i32">(x: Tensor<D>): Tensor<D> => column(column(x))

/** Two to this power is still a number of f64. */
const mostSquarings = 1000

/**
 * Gives the exponentials of square matrices, by scaling, a Padé approximant and repeated squaring. A matrix of a
 * greatest column sum above 704 108 (in single precision 514 553) gives NaN, as in JAX; `maxSquarings` moves that. So
 * does one with NaN or infinities. Takes f32, f64, c64 and c128. Fails with a `ShapeError` for what is not square, a
 * `DTypeError` for another dtype, and a `ValueError` for what is no number of squarings.
 *
 * @example expm(constant([[0, 1], [0, 0]], "f32")) // [[1, 1], [0, 1]]
 */
export const expm = named(
  "expm",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreSquare<"expm", D, S>,
    options?: ExpmOptions
  ): Tensor<D, S> => {
    const matrix = requireSquares("expm", "a", a)
    const most = requireWhole("expm", "maxSquarings", requireOptions("expm", options).maxSquarings ?? 16)
    if (!(most >= 0 && most <= mostSquarings))
      throw valueError(
        "expm",
        `expm: maxSquarings is ${most}`,
        `give a whole number from 0 to ${mostSquarings}`
      )
    if (a.shape.includes(0)) return matrix as never
    const { reach, coefficients } = approximants[realPart(a.dtype)]
    const norms = normsOf(matrix)
    const counts = halvingsOf(norms, reach, most)
    const ones = numbersOf(filled({ dtype: norms.dtype, shape: [...norms.shape, most + 1] }, 1))
    const halves = prod(where(lt(counted(most + 1), column(counts)), 0.5, ones), -1) as Numbers
    const scales = where(ne(norms, norms), norms, halves)
    const [odd, even] = approximated(mul(matrix, convert(wide(scales), a.dtype as "f32")), coefficients)
    const start = solve(sub(even, odd), add(even, odd)) as Numbers
    const step = (k: Places, x: Numbers): Numbers => where(lt(k, wide(counts)), product(x, x), x)
    const longest = minimum(max(counts), most + 1)
    const squared = fori(0, longest as never, step as never, start as never, { max: most + 1 }) as Numbers
    return where(gt(wide(counts), most + 1), Number.NaN, squared) as never
  }
)
