import { type DType, type FloatDType, type IntegerDType, kindOf } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { requireKind, requireSameDType } from "../primitives/rule.ts"
import {
  isList,
  requireDim,
  requireFlag,
  requireNumber,
  requireOptions,
  requireTensor,
  shown
} from "../required.ts"
import { type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { BinCount, EdgeCount } from "../types/grids.ts"
import type { NumericDType, RealDType } from "../types.ts"
import {
  add,
  binary,
  broadcast,
  compare,
  convert,
  div,
  filled,
  inWorking,
  iota,
  mul,
  plus,
  reshape,
  select,
  sliceAxis,
  sub,
  sum,
  zeros
} from "../values.ts"
import { at } from "./at.ts"
import { diff } from "./layout.ts"
import { requireFloats } from "./moments.ts"
import { splat } from "./operand.ts"
import { reverse } from "./rearrange.ts"
import { searchsorted } from "./search.ts"
import { max, min } from "./sums.ts"

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

const requireVector = (op: string, what: string, x: Tensor): Value => {
  const value = requireTensor(op, what, x)
  if (value.shape.length === 1) return value
  throw refuse(op, `${what} is ${show(value)}, no vector`, "ravel(x) makes one")
}

/** Adds weights up at indices of a vector; what is out of range counts nowhere. */
const addedAt = (length: number, places: Value, weights: Value): Value => {
  const none = tensorOf<"f32", readonly [number]>(zeros({ dtype: weights.dtype, shape: [length] }))
  return valueOf(at(none, tensorOf<"i32", Shape>(places)).add(tensorOf<"f32", Shape>(weights)))
}

/** How many numbers `bincount` counts, and by what weights. */
export interface BincountOptions<N extends number = number, E extends DType = DType> {
  /** How many there are, from 0: greater ones count nowhere. */
  readonly length: N
  /** What each element counts (1). */
  readonly weights?: Tensor<E>
}

/**
 * Counts how often each number from 0 is in a vector of integers or booleans. `length` says up to which, since a shape cannot
 * depend on values: greater numbers count nowhere, and negative ones as 0, as in JAX. Gives i32; with weights, which have the
 * vector's shape, their sums in their dtype. Fails with a `ShapeError` for what is no vector, a length that is none, and
 * weights of another shape, and a `DTypeError` for another dtype.
 *
 * @example bincount(constant([0, 2, 2], "i32"), { length: 4 }) // [1, 0, 2, 0]
 */
export const bincount = named(
  "bincount",
  <const N extends number, E extends NumericDType = "i32">(
    x: Tensor<IntegerDType | "bool", readonly [number]>,
    options: BincountOptions<N, E>
  ): Tensor<NoInfer<E>, readonly [NoInfer<N>]> => {
    const op = "bincount"
    const value = requireVector(op, "x", x)
    requireKind(op, value, ["signed", "unsigned", "bool"])
    const { length, weights } = requireOptions<BincountOptions>(op, options, ["length", "weights"])
    requireDim(op, "length", length as number)
    const given =
      weights === undefined
        ? filled({ dtype: "i32", shape: value.shape }, 1)
        : requireTensor(op, "weights", weights)
    requireKind(op, given, ["float", "signed", "unsigned", "complex"])
    if (!sameShape(given.shape, value.shape))
      throw refuse(op, `weights of ${show(given)} for ${show(value)}`, "give one for each element")
    const places = value.dtype === "bool" ? convert(value, "i32") : value
    const front = kindOf(places.dtype) === "signed" ? binary("maximum", places, zeros(places)) : places
    return tensorOf(inWorking(given, (each) => addedAt(length as number, front, each)))
  }
)

/** To which side an edge belongs. */
export interface DigitizeOptions {
  /** An edge belongs to what lies before it (false). */
  readonly right?: boolean
}

/**
 * Gives for each number the index (i32) of the part that it lies in, among edges in rising or falling order: 0 before the
 * first edge. An edge belongs to what follows it, or with `right` to what lies before it. Fails with a `ShapeError` where the
 * edges are no vector, and a `DTypeError` where dtypes differ.
 *
 * @example digitize(constant([0, 1, 5], "f32"), constant([1, 2], "f32")) // [0, 1, 2]
 */
export const digitize = named(
  "digitize",
  <D extends RealDType, S extends Shape>(
    x: Tensor<D, S>,
    edges: Tensor<NoInfer<D>, readonly [number]>,
    options?: DigitizeOptions
  ): Tensor<"i32", S> => {
    const [value, vector] = [requireTensor("digitize", "x", x), requireVector("digitize", "edges", edges)]
    const right = requireFlag("digitize", "right", requireOptions("digitize", options, ["right"]).right)
    requireSameDType("digitize", vector, value)
    const side = right ? "left" : "right"
    const length = vector.shape[0]!
    const rising = valueOf(
      searchsorted(edges as Tensor<D, readonly [number]>, x as Tensor<NoInfer<D>, S>, { side })
    )
    if (length < 2) return tensorOf(rising)
    const backwards = reverse(edges as Tensor<RealDType, readonly [number]>, 0)
    const after = valueOf(searchsorted(backwards, x as Tensor<RealDType, S>, { side }))
    const isRising = compare("ge", sliceAxis(vector, 0, length - 1, length), sliceAxis(vector, 0, 0, 1))
    const everywhere = broadcast(reshape(isRising, []), rising.shape, [])
    return tensorOf(select(everywhere, rising, sub(filled(after, length), after)))
  }
)

/** A number, or one that the program computes. */
type Bound<D extends DType> = number | Tensor<D, readonly []>

/** The parts of a range that numbers are counted in. */
export interface EdgesOptions<B = number | Tensor, D extends DType = DType> {
  /** How many parts of one width, or their edges in rising order (10). */
  readonly bins?: B
  /** From where to where, both included (the least and the greatest element). */
  readonly range?: readonly [Bound<D>, Bound<D>]
}

/** What each element counts, and in which parts of a range. */
export interface HistogramOptions<B = number | Tensor, D extends DType = DType> extends EdgesOptions<B, D> {
  /** What each element counts (1). */
  readonly weights?: Tensor<D>
  /** Give densities, whose integral over the range is 1 (false). */
  readonly density?: boolean
}

type Bins<D extends DType> = number | Tensor<D, readonly [number]>

const requireBound = (op: string, what: string, bound: unknown, x: Value): Value => {
  if (!isTensor(bound)) return splat(op, requireNumber(op, what, bound as number), x.dtype, [])
  const value = valueOf(bound)
  requireSameDType(op, x, value)
  if (value.shape.length === 0) return value
  throw refuse(op, `${what} is ${show(value)}, not a scalar`, "give a number or a scalar")
}

const rangeOf = (op: string, x: Value, given: EdgesOptions["range"]): readonly [Value, Value] => {
  if (given === undefined) {
    const all = tensorOf<"f32", Shape>(x)
    return [valueOf(min(all) as Tensor), valueOf(max(all) as Tensor)]
  }
  if (!isList(given) || given.length !== 2)
    throw valueError(op, `${op}: range is ${shown(given)}, no pair`, "give two numbers: [0, 1]")
  const [low, high] = given as readonly [unknown, unknown]
  if (typeof low === "number" && typeof high === "number" && low > high)
    throw valueError(op, `${op}: the range goes from ${low} to ${high}`, "give the lesser number first")
  return [requireBound(op, "range[0]", low, x), requireBound(op, "range[1]", high, x)]
}

/** Edges of parts of one width, the first and the last exact; where both are one, they are moved apart. */
const evenEdges = (op: string, x: Value, count: number, given: EdgesOptions["range"]): Value => {
  const [low, high] = rangeOf(op, x, given)
  const isPoint = compare("eq", low, high)
  const [first, last] = [select(isPoint, plus(low, -0.5), low), select(isPoint, plus(high, 0.5), high)]
  const shape = [count + 1]
  const spread = (end: Value) => broadcast(end, shape, [])
  const place = convert(iota(shape, 0), x.dtype)
  const t = div(place, filled(place, count))
  return add(mul(sub(filled(t, 1), t), spread(first)), mul(t, spread(last)))
}

const edgesOf = (op: string, x: Value, { bins = 10, range }: EdgesOptions): Value => {
  if (!isTensor(bins)) return evenEdges(op, x, requireDim(op, "bins", bins, 1), range)
  const edges = requireVector(op, "bins", bins)
  requireSameDType(op, x, edges)
  if (range !== undefined)
    throw valueError(op, `${op}: both edges and a range are given`, "leave one of them out")
  if (edges.shape[0]! < 1) throw refuse(op, "there are no edges", "give at least one")
  return edges
}

/**
 * Gives the edges of the parts that `histogram` counts in: so many of one width, from the least to the greatest element or
 * over `range`. Where both ends are the same, they are moved apart by 1. Takes f16, bf16, f32 and f64. Fails with a
 * `ShapeError` for nothing without a range and what is no count, a `ValueError` for what is no range, and a `DTypeError` for
 * another dtype.
 *
 * @example histogramBinEdges(constant([0, 3, 4], "f32"), { bins: 2 }) // [0, 2, 4]
 */
export const histogramBinEdges = named(
  "histogramBinEdges",
  <D extends FloatDType, const B extends Bins<D> = 10>(
    x: Tensor<D>,
    options?: EdgesOptions<B, NoInfer<D>>
  ): Tensor<D, readonly [EdgeCount<NoInfer<B>>]> => {
    const op = "histogramBinEdges"
    const value = requireFloats(op, x)
    return tensorOf(edgesOf(op, value, requireOptions<EdgesOptions>(op, options, ["bins", "range"])))
  }
)

/**
 * Counts the elements in parts of a range: gives the counts, as floats of the dtype of `x`, and the edges of the parts. The
 * parts are `bins` (10) of one width, from the least to the greatest element or over `range`, or lie between the given edges.
 * An edge belongs to what follows it, the last one to what lies before it. What is out of range and NaN count nowhere.
 * Weights have the shape of `x`. Takes f16, bf16, f32 and f64. Fails with a `ShapeError` for nothing without a range and
 * weights of another shape, a `ValueError` for what is no range, and a `DTypeError` for another dtype.
 *
 * @example
 * const [counts, edges] = histogram(constant([0, 1, 3, 4], "f32"), { bins: 2 })
 * counts // [2, 2]
 * edges // [0, 2, 4]
 */
export const histogram = named(
  "histogram",
  <D extends FloatDType, const B extends Bins<D> = 10>(
    x: Tensor<D>,
    options?: HistogramOptions<B, NoInfer<D>>
  ): [Tensor<D, readonly [BinCount<NoInfer<B>>]>, Tensor<D, readonly [EdgeCount<NoInfer<B>>]>] => {
    const op = "histogram"
    const value = requireFloats(op, x)
    const given = requireOptions<HistogramOptions>(op, options, ["bins", "range", "weights", "density"])
    const weights =
      given.weights === undefined ? filled(value, 1) : requireTensor(op, "weights", given.weights)
    requireSameDType(op, value, weights)
    if (!sameShape(weights.shape, value.shape))
      throw refuse(op, `weights of ${show(weights)} for ${show(value)}`, "give one for each element")
    const edges = edgesOf(op, value, given)
    const count = edges.shape[0]!
    const floats = tensorOf<"f32", readonly [number]>(edges)
    const after = valueOf(searchsorted(floats, tensorOf<"f32", Shape>(value), { side: "right" }))
    const last = broadcast(reshape(sliceAxis(edges, 0, count - 1, count), []), value.shape, [])
    const places = select(compare("eq", value, last), filled(after, count - 1), after)
    const isDensity = requireFlag(op, "density", given.density)
    const counts = inWorking(weights, (each) => {
      const inside = sliceAxis(addedAt(count, places, each), 0, 1, count)
      if (!isDensity) return inside
      const widths = convert(valueOf(diff(floats)), inside.dtype)
      return div(div(inside, widths), broadcast(sum(inside, [0]), inside.shape, []))
    })
    return [tensorOf(counts), tensorOf(edges)]
  }
)
