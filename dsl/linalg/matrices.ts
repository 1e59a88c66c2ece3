import { type DType, isComplex, realPart } from "../dtype.ts"
import { abs, add, conj, imag, mul, real } from "../ops/elementwise.ts"
import { eye } from "../ops/linalg.ts"
import { sum } from "../ops/sums.ts"
import { apply1 } from "../primitives/index.ts"
import { type Shape, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { vmap } from "../transform/vmap.ts"
import {
  broadcast,
  compare,
  flip,
  iota,
  range,
  reshape,
  select,
  sliceAxis,
  sum as sumOf,
  zeros
} from "../values.ts"

/** Numbers of one of the dtypes f32, f64, c64 and c128. The type checker takes all of them for f32. */
export type Numbers = Tensor<"f32">
export type Places = Tensor<"i32">

export const numbersOf = (value: Value): Numbers => tensorOf(value)
export const placesOf = (value: Value): Places => tensorOf(value)

/** Matrices are the last two axes of a tensor. The functions below keep the axes before them. */

/** A product that no device computes with rounded operands. */
export const product = (a: Numbers, b: Numbers): Numbers => {
  const rank = a.shape.length
  const batch = range(rank - 2)
  const params = {
    contracting: [[rank - 1], [rank - 2]],
    batch: [batch, batch],
    precision: "highest"
  } as const
  return tensorOf(apply1("dot", params, valueOf(a), valueOf(b)))
}

export const transposed = (x: Numbers): Numbers => tensorOf(flip(valueOf(x)))

export const conjugate = (x: Numbers): Numbers =>
  isComplex(x.dtype) ? tensorOf(valueOf(conj(tensorOf<"c64", Shape>(valueOf(x))))) : x

export const adjoint = (x: Numbers): Numbers => conjugate(transposed(x))

/** The identity in each place of a batch. */
export const identities = (batch: Shape, n: number, dtype: DType): Numbers =>
  tensorOf(broadcast(valueOf(eye(n, dtype)), [...batch, n, n], range(2, batch.length)))

export const zerosOf = (dtype: DType, shape: Shape): Numbers => tensorOf(zeros({ dtype, shape }))

/** One element or line at places that are known when the program runs, and in range. */
export const blockAt = <D extends DType>(
  x: Tensor<D>,
  places: ReadonlyArray<Places>,
  sizes: Shape
): Tensor<D> => tensorOf(apply1("dynamicSlice", { sizes }, valueOf(x), ...places.map(valueOf)))

/** The rows at places that are in range, in each place of a batch. */
export const rowsAt = <D extends DType>(x: Tensor<D>, places: Places): Tensor<D> => {
  const rank = x.shape.length
  const batch = range(rank - 2)
  const shape = [...places.shape, x.shape.at(-1)!]
  if (sizeOf(shape) === 0) return tensorOf(zeros({ dtype: x.dtype, shape }))
  return tensorOf(
    apply1(
      "gather",
      {
        offsetAxes: [rank - 1],
        collapsedAxes: [rank - 2],
        operandBatchAxes: batch,
        indicesBatchAxes: batch,
        indexedAxes: [rank - 2],
        sizes: [...batch.map(() => 1), 1, x.shape.at(-1)!]
      },
      valueOf(x),
      reshape(valueOf(places), [...places.shape, 1])
    )
  )
}

/** Half of the distance from 1 to the next number. */
export const epsilonOf = (x: Numbers): number => (realPart(x.dtype) === "f32" ? 2 ** -24 : 2 ** -53)

/** 0, 1, 2, … */
export const counted = (length: number): Places => placesOf(iota([length], 0))

/** With one more axis of length 1 at the end. */
export const column = <D extends "f32" | "i32" | "bool">(x: Tensor<D>): Tensor<D> =>
  tensorOf(reshape(valueOf(x), [...x.shape, 1]))

/** With one more axis of length 1 before the last. */
export const row = <D extends "f32" | "i32" | "bool">(x: Tensor<D>): Tensor<D> =>
  tensorOf(reshape(valueOf(x), [...x.shape.slice(0, -1), 1, x.shape.at(-1)!]))

/** The elements along an axis, from one place to before another. */
export const along = <D extends DType>(x: Tensor<D>, axis: number, from: number, to: number): Tensor<D> =>
  tensorOf(sliceAxis(valueOf(x), axis, from, to))

/** A block of a matrix, from and to before rows and columns. */
export const part = (
  x: Numbers,
  [top, bottom]: readonly [number, number],
  [left, right]: readonly [number, number]
): Numbers => {
  const rank = x.shape.length
  return numbersOf(sliceAxis(sliceAxis(valueOf(x), rank - 2, top, bottom), rank - 1, left, right))
}

/** The real parts; of real numbers themselves. */
export const realOf = (x: Numbers): Numbers =>
  isComplex(x.dtype) ? numbersOf(valueOf(real(tensorOf<"c64", Shape>(valueOf(x))))) : x

/** The imaginary parts of complex numbers. */
export const imagOf = (x: Numbers): Numbers => numbersOf(valueOf(imag(tensorOf<"c64", Shape>(valueOf(x)))))

/** The squares of moduli. */
export const squared = (x: Numbers): Numbers =>
  isComplex(x.dtype) ? add(mul(realOf(x), realOf(x)), mul(imagOf(x), imagOf(x))) : mul(x, x)

/** 0 for each matrix, and NaN for one that is not finite. */
export const poisonOf = (a: Numbers): Numbers => sum(realOf(mul(a, 0)), [-2, -1]) as Numbers

/** The moduli. */
export const absolute = (x: Numbers): Numbers => numbersOf(valueOf(abs(x)))

type OfMatrices = (...matrices: ReadonlyArray<Tensor>) => ReadonlyArray<Tensor>

/**
 * Applies a function of single matrices to operands that may be batches, with the axes before the last `ranks` of each
 * as their batch.
 */
export const eachMatrix = (
  fn: OfMatrices,
  operands: ReadonlyArray<Value>,
  ranks: ReadonlyArray<number>
): ReadonlyArray<Value> => {
  const batch = operands[0]!.shape.slice(0, operands[0]!.shape.length - ranks[0]!)
  if (batch.length === 0) return fn(...operands.map((each) => tensorOf<DType, Shape>(each))).map(valueOf)
  const own = operands.map(({ shape }, i) => shape.slice(shape.length - ranks[i]!))
  // A loop over no matrices has nothing to begin with: one matrix says what the results are.
  if (sizeOf(batch) === 0)
    return fn(...operands.map(({ dtype }, i) => tensorOf(zeros({ dtype, shape: own[i]! })))).map(
      ({ dtype, shape }) => zeros({ dtype, shape: [...batch, ...shape] })
    )
  const flat = operands.map((each, i) => reshape(each, [sizeOf(batch), ...own[i]!]))
  const results = vmap(fn as never)(...(flat as unknown as ReadonlyArray<never>)) as ReadonlyArray<Tensor>
  return results.map((each) => reshape(valueOf(each), [...batch, ...each.shape.slice(1)]))
}

/** The same in each place of a larger batch. */
export const broadcastBatch = <D extends DType>(x: Tensor<D>, batch: Shape, rank: number): Tensor<D> => {
  const own = x.shape.slice(x.shape.length - rank)
  const shape = [...batch, ...own]
  const offset = shape.length - x.shape.length
  return tensorOf(broadcast(valueOf(x), shape, range(x.shape.length, offset)))
}

/** The diagonals of a batch of matrices. */
export const diagonalOf = (x: Numbers): Numbers => {
  const [m, n] = x.shape.slice(-2) as [number, number]
  const [rank, k] = [x.shape.length, Math.min(m, n)]
  const corner = sliceAxis(sliceAxis(valueOf(x), rank - 2, 0, k), rank - 1, 0, k)
  const on = compare("eq", iota(corner.shape, rank - 2), iota(corner.shape, rank - 1))
  return numbersOf(sumOf(select(on, corner, zeros(corner)), [rank - 1]))
}
