import { defineComposite } from "../composites.ts"
import { isComplex, realPart } from "../dtype.ts"
import { named } from "../errors.ts"
import { cumprod } from "../ops/cumulative.ts"
import { and, div, eq, exp, gt, isFinite, log, mul, ne, not, sign, sub } from "../ops/elementwise.ts"
import { triangularSolve } from "../ops/linalg.ts"
import { stopGradient } from "../ops/stop-gradient.ts"
import { concatenate, convert, reshape, where } from "../ops/structure.ts"
import { any, prod, sum } from "../ops/sums.ts"
import { apply1 } from "../primitives/index.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import type { RealOf } from "../types.ts"
import { filled, iota } from "../values.ts"
import { factored } from "./lu.ts"
import {
  absolute,
  along,
  column,
  diagonalOf,
  type Numbers,
  numbersOf,
  type Places,
  part,
  placesOf,
  rowsAt
} from "./matrices.ts"
import { requireSquares } from "./requirements.ts"
import type { AreSquare, BatchOf, WideDType } from "./types.ts"

/** 1 or -1 for each permutation that the row swaps make. */
const parityOf = (pivots: Places, dtype: Numbers["dtype"]): Numbers => {
  const rank = pivots.shape.length
  const moved = ne(pivots, placesOf(iota(pivots.shape, rank - 1)))
  return prod(where(moved, numbersOf(filled({ dtype, shape: pivots.shape }, -1)), 1), rank - 1)
}

/** The parts of 1 that numbers are: their signs, or complex numbers of modulus 1; 0 of zero. */
const unit = (x: Numbers): Numbers => {
  if (!isComplex(x.dtype)) return sign(x)
  const size = absolute(x)
  return where(eq(size, 0), 0, div(x, convert(size, x.dtype)))
}

const signAndLog = (packed: Numbers, pivots: Places): readonly [Numbers, Numbers] => {
  const diagonal = diagonalOf(packed)
  const axis = diagonal.shape.length - 1
  return [mul(parityOf(pivots, packed.dtype), prod(unit(diagonal), axis)), sum(log(absolute(diagonal)), axis)]
}

const smallest = { f32: 2 ** -126, f64: 2 ** -1022 } as const

defineComposite("det", {
  infer: ([a]) => [{ dtype: a!.dtype, shape: a!.shape.slice(0, -2) }],
  body: ([, factors, swaps]) => {
    const [packed, pivots] = [numbersOf(factors!), placesOf(swaps!)]
    const diagonal = diagonalOf(packed)
    const axis = diagonal.shape.length - 1
    const product = mul(parityOf(pivots, packed.dtype), prod(diagonal, axis))
    // The product of the first elements may overflow or vanish where that of all does not.
    const [part, size] = signAndLog(packed, pivots)
    const modulus = absolute(product)
    const plain = and(isFinite(modulus), gt(modulus, smallest[realPart(packed.dtype)]))
    return [valueOf(where(plain, product, mul(part, convert(exp(size), packed.dtype))))]
  },
  push: ({ inputs: [a] }, [tangent]) => {
    if (tangent === undefined) return [undefined]
    return [valueOf(sum(diagonalOf(adjugateTimes(numbersOf(a!), numbersOf(tangent))), -1))]
  }
})

/**
 * adj(a) b, where a may be singular. If the last element of u is zero alone, the last row of the solution is found
 * without it, and the others are zero. If more are zero, so is the adjugate.
 */
const adjugateTimes = (a: Numbers, b: Numbers): Numbers => {
  const [packed, pivots, order] = factored(a)
  const n = a.shape.at(-1)!
  const rank = a.shape.length
  const parity = column(parityOf(pivots, a.dtype))
  const products = mul(parity, cumprod(diagonalOf(packed), rank - 2))
  const places = { dtype: "i32", shape: a.shape } as const
  const last = placesOf(filled(places, n - 1))
  const corner = and(eq(placesOf(iota(a.shape, rank - 2)), last), eq(placesOf(iota(a.shape, rank - 1)), last))
  const others = column(along(products, rank - 2, n - 2, n - 1))
  const upper = where(corner, div(1, others), packed)
  const ones = numbersOf(filled({ dtype: a.dtype, shape: [...a.shape.slice(0, -1), 1] }, 1))
  const tried = absolute(triangularSolve(upper, ones, { lower: false }))
  const lost = column(any(not(isFinite(tried)), rank - 2, { keepDims: false }))
  const given = rowsAt(where(lost, 0, b), order)
  const first = triangularSolve(packed, given, { unitDiagonal: true })
  const whole = column(along(products, rank - 2, n - 1, n))
  const scaled = concatenate(
    [mul(along(first, rank - 2, 0, n - 1), whole), along(first, rank - 2, n - 1, n)],
    rank - 2
  )
  return where(lost, 0, triangularSolve(upper, scaled, { lower: false }))
}

/** The element at a row and a column of each matrix. */
const element = (a: Numbers, i: number, j: number): Numbers => {
  return reshape(part(a, [i, i + 1], [j, j + 1]), a.shape.slice(0, -2))
}

/** By the definition, for matrices of at most three rows. */
const ofSmall = (a: Numbers): Numbers => {
  const at = (i: number, j: number) => element(a, i, j)
  const minor = (i: number, j: number) => sub(mul(at(1, i), at(2, j)), mul(at(1, j), at(2, i)))
  switch (a.shape.at(-1)) {
    case 0:
      return numbersOf(filled({ dtype: a.dtype, shape: a.shape.slice(0, -2) }, 1))
    case 1:
      return at(0, 0)
    case 2:
      return sub(mul(at(0, 0), at(1, 1)), mul(at(0, 1), at(1, 0)))
    default: {
      const [first, second, third] = [minor(1, 2), minor(0, 2), minor(0, 1)]
      return sub(mul(at(0, 0), first), sub(mul(at(0, 1), second), mul(at(0, 2), third)))
    }
  }
}

/**
 * Gives the determinants of square matrices, by LU factors; 1 of an empty matrix. Its derivative is right for singular
 * matrices. Takes f32, f64, c64 and c128. Fails with a `ShapeError` for what is not square, and a `DTypeError` for
 * another dtype.
 *
 * @example det(constant([[1, 2], [3, 4]], "f32")) // f32[]: -2
 */
export const det = named(
  "det",
  <D extends WideDType, S extends Shape>(a: Tensor<D, S> & AreSquare<"det", D, S>): Tensor<D, BatchOf<S>> => {
    const matrix = requireSquares("det", "a", a)
    if (a.shape.at(-1)! <= 3) return ofSmall(matrix) as never
    const [packed, pivots] = factored(matrix)
    const operands = [matrix, stopGradient(packed), pivots].map((each) => valueOf(each))
    return tensorOf(apply1("composite", { name: "det", options: {} }, ...operands))
  }
)

/**
 * Gives the sign of the determinants of square matrices, and the logarithm of their size, which does not overflow: a
 * singular matrix gives 0 and -Infinity. Of complex matrices the sign is a number of modulus 1. Takes f32, f64, c64 and
 * c128. Fails with a `ShapeError` for what is not square, and a `DTypeError` for another dtype.
 *
 * @example slogdet(constant([[1, 0], [0, -1]], "f32")) // [-1, 0]
 */
export const slogdet = named(
  "slogdet",
  <D extends WideDType, S extends Shape>(
    a: Tensor<D, S> & AreSquare<"slogdet", D, S>
  ): [sign: Tensor<D, BatchOf<S>>, logdet: Tensor<RealOf<D>, BatchOf<S>>] => {
    const matrix = requireSquares("slogdet", "a", a)
    if (a.shape.at(-1)! <= 2) {
      const small = ofSmall(matrix)
      return [unit(small), log(absolute(small))] as never
    }
    const [packed, pivots] = factored(matrix)
    return signAndLog(packed, pivots) as never
  }
)
