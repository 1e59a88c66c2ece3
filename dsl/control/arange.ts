import { count } from "../count.ts"
import { type DType, isInteger } from "../dtype.ts"
import { dtypeError, named, shapeError, valueError } from "../errors.ts"
import { add, div, maximum, minimum, sub } from "../ops/elementwise.ts"
import { convert } from "../ops/structure.ts"
import { apply1 } from "../primitives/index.ts"
import { requireDType, requireRecord, requireTensor, shown } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import type { Counted } from "../types/lengths.ts"
import type { Bound, DefaultDType, IsCounted, RangeRefused } from "../types/ranges.ts"
import type { RealDType } from "../types.ts"
import { defaultDType, rangeLength, requireCountable, requireFits } from "./range.ts"

type IntegerScalar = Tensor<Exclude<RealDType, "f16" | "bf16" | "f32" | "f64">, readonly []>

/** The count of a range where the editor knows it: of whole numbers. */
type Length<From extends Bound, To extends Bound, By extends Bound> = From | To | By extends number
  ? Counted<From & number, To & number, By & number>
  : number

type KindOf<N extends number> = number extends N
  ? "unknown"
  : N extends 0
    ? "none"
    : `${N}` extends `${string}${"." | "e"}${string}`
      ? "fraction"
      : `${N}` extends `-${string}`
        ? "negative"
        : "length"
type KindFit<N extends number, Kind> = [KindOf<N>] extends [Kind] ? true : never

/** What a length, a whole number, or a step must be besides: a literal, or a type parameter. (Fits: see `PairCheck`.) */
type IsLength<N extends number> = [KindFit<N, "length" | "none">] extends [never] ? never : unknown
type IsWhole<N extends number> = [KindFit<N, "length" | "none" | "negative">] extends [never]
  ? never
  : unknown
type IsStep<N extends number> = [KindFit<N, "length" | "negative">] extends [never] ? never : unknown

/** Dtypes that hold each length. */
type LongDType = Exclude<RealDType, "i8" | "i16" | "u8" | "u16" | "f16" | "bf16">

/**
 * Whole numbers whose count is known only when the program runs: at most `max`, or without bound. Give it to `scan`
 * as xs. It is no array; `values` of a scan's result makes one.
 */
export class Range<out D extends DType = DType, out Max extends number | null = number | null> {
  readonly dtype: D
  /** The bound, or null for none. */
  readonly max: Max
  /** How many there are, from 0 to `max`. */
  readonly length: Tensor<"i32", readonly []>
  /** A plain number, or a traced scalar of the range's dtype. */
  readonly start: number | bigint | Tensor
  readonly step: number | bigint
  readonly #made = true

  static is(value: unknown): value is Range {
    return typeof value === "object" && value !== null && #made in value
  }

  constructor(
    dtype: D,
    max: Max,
    length: Tensor<"i32", readonly []>,
    start: number | bigint | Tensor,
    step: number | bigint
  ) {
    requireTensor("arange", "the length", length)
    this.dtype = requireDType("arange", dtype)
    this.max = max
    this.length = length
    this.start = start
    this.step = step
  }
}

/** The bound and the dtype of a traced range. */
export interface RangeOptions<D extends DType, Max extends number> {
  /** The greatest length the range may have; a longer one is cut there. */
  readonly max?: Max
  readonly dtype?: D
}

interface Arange {
  <const N extends number>(stop: N & IsLength<N>): Tensor<"i32", readonly [N]>
  <const N extends number, D extends LongDType>(stop: N & IsLength<N>, dtype: D): Tensor<D, readonly [N]>
  <const N extends number>(start: 0, stop: N & IsLength<N>): Tensor<"i32", readonly [N]>
  <const N extends number, D extends LongDType>(
    start: 0,
    stop: N & IsLength<N>,
    dtype: D
  ): Tensor<D, readonly [N]>
  <const N extends number, D extends LongDType>(
    start: 0,
    stop: N & IsLength<N>,
    step: 1,
    dtype: D
  ): Tensor<D, readonly [N]>
  <const A extends number, const N extends number, const By extends number = 1>(
    start: A & IsWhole<A>,
    stop: N & IsWhole<N>,
    step?: By & IsStep<By>
  ): Tensor<"i32", readonly [Length<A, N, By>]>
  <const N extends Bound>(
    stop: N & IsCounted<0, N, 1, DefaultDType<N>>
  ): Tensor<DefaultDType<N>, readonly [Length<0, N, 1>]>
  <const N extends Bound, D extends RealDType>(
    stop: N & IsCounted<0, N, 1, D>,
    dtype: D
  ): Tensor<D, readonly [Length<0, N, 1>]>
  <const A extends Bound, const N extends Bound>(
    start: A,
    stop: N & IsCounted<A, N, 1, DefaultDType<A | N>>
  ): Tensor<DefaultDType<A | N>, readonly [Length<A, N, 1>]>
  <const A extends Bound, const N extends Bound, D extends RealDType>(
    start: A,
    stop: N & IsCounted<A, N, 1, D>,
    dtype: D
  ): Tensor<D, readonly [Length<A, N, 1>]>
  <const A extends Bound, const N extends Bound, const By extends Bound>(
    start: A,
    stop: N,
    step: By & IsCounted<A, N, By, DefaultDType<A | N | By>>
  ): Tensor<DefaultDType<A | N | By>, readonly [Length<A, N, By>]>
  <const A extends Bound, const N extends Bound, const By extends Bound, D extends RealDType>(
    start: A,
    stop: N,
    step: By & IsCounted<A, N, By, D>,
    dtype: D
  ): Tensor<D, readonly [Length<A, N, By>]>
  <T extends IntegerScalar>(stop: T): Range<T["dtype"], null>
  <T extends IntegerScalar, const Max extends number, D extends RealDType = T["dtype"]>(
    stop: T,
    options: { readonly max: Max; readonly dtype?: D }
  ): Range<NoInfer<D>, Max>
  <T extends IntegerScalar, D extends RealDType = T["dtype"]>(
    stop: T,
    options: { readonly dtype: D }
  ): Range<NoInfer<D>, null>
  <T extends IntegerScalar>(start: Bound | NoInfer<T>, stop: T): Range<T["dtype"], null>
  <T extends IntegerScalar, const Max extends number, D extends RealDType = T["dtype"]>(
    start: Bound | NoInfer<T>,
    stop: T,
    options: { readonly max: Max; readonly dtype?: D }
  ): Range<NoInfer<D>, Max>
  <T extends IntegerScalar, const Max extends number, D extends RealDType = T["dtype"]>(
    start: Bound | NoInfer<T>,
    stop: T,
    step: Bound,
    options: { readonly max: Max; readonly dtype?: D }
  ): Range<NoInfer<D>, Max>
  <T extends IntegerScalar>(start: T, stop: Bound | NoInfer<T>): Range<T["dtype"], null>
  <T extends IntegerScalar, const Max extends number, D extends RealDType = T["dtype"]>(
    start: T,
    stop: Bound | NoInfer<T>,
    options: { readonly max: Max; readonly dtype?: D }
  ): Range<NoInfer<D>, Max>
  /** What none of these takes. */
  <const B extends ReadonlyArray<unknown>>(
    ...bounds: B & RangeRefused<B>
  ): Tensor<RealDType, readonly [number]>
}

/**
 * Counts from `start` (0) to before `stop` by `step` (1), by JAX's rules: `ceil((stop - start) / step)` numbers, each
 * `start + step * i`. The dtype is i32, f32 where a number has a fraction, or the one given. As the xs of a `scan` it
 * is counted, never stored.
 *
 * A traced bound is an integer scalar of the program; the result is then a `Range`, of at most `max` numbers. Fails
 * with a `ShapeError`, a `DTypeError` or a `ValueError` for bounds that cannot be counted, and for a range that its
 * dtype cannot hold.
 *
 * @example
 * arange(4, "f32") // f32[4]: [0, 1, 2, 3]
 * arange(1, 10, 3) // i32[3]: [1, 4, 7]
 * const n = scalar(3, "i32")
 * scan(n, arange(n, { max: 5 }), (total, i) => [add(total, i), i])[1] // { values: [0, 1, 2, 0, 0], length: 3 }
 */
export const arange: Arange = named("arange", (...args: ReadonlyArray<unknown>) => {
  const bounds: Array<Bound | Tensor> = []
  let options: RangeOptions<DType, number> = {}
  for (const arg of args) {
    if (typeof arg === "number" || typeof arg === "bigint" || isTensor(arg)) bounds.push(arg)
    else if (typeof arg === "string") options = { dtype: requireDType("arange", arg as DType) }
    else if (typeof arg === "object" && arg !== null)
      options = requireRecord("arange", "options", arg as RangeOptions<DType, number>, "give { max, dtype }")
    else
      throw valueError(
        "arange",
        `arange: ${shown(arg)} is no bound`,
        "give numbers, or integer scalars of the program"
      )
  }
  if (options.dtype !== undefined) requireDType("arange", options.dtype)
  const [start, stop, step] =
    bounds.length === 1 ? [0, bounds[0]!, 1] : [bounds[0], bounds[1], bounds[2] ?? 1]
  if (start === undefined || stop === undefined || bounds.length > 3) {
    throw valueError(
      "arange",
      `arange: ${count(bounds.length, "bound is", "bounds are")} given`,
      "give stop, or start and stop, or start, stop and step"
    )
  }
  if (isTensor(step))
    throw valueError("arange", `arange: the step is ${show(step)}`, "a step must be a plain number")
  const range =
    isTensor(start) || isTensor(stop)
      ? tracedRange(start, stop, step, options)
      : plainRange(start, stop, step, options, bounds)
  return range as never
})

const plainRange = (
  start: Bound,
  stop: Bound,
  step: Bound,
  options: RangeOptions<DType, number>,
  bounds: ReadonlyArray<Bound | Tensor>
): Tensor => {
  const dtype = options.dtype ?? defaultDType(bounds as ReadonlyArray<Bound>)
  requireCountable(dtype, start, stop, step)
  const length = rangeLength(dtype, start, stop, step)
  requireFits(dtype, start, step, length)
  return tensorOf(apply1("arange", { dtype, start, step, length }))
}

const requireIntegerScalar = (bound: Tensor): void => {
  if (isInteger(bound.dtype) && bound.shape.length === 0) return
  throw dtypeError(
    "arange",
    `arange: a traced bound is ${show(bound)}, not an integer scalar`,
    'convert(x, "i32") makes an integer'
  )
}

/** How many steps lead from one bound to the other; in i64, where the difference of any two 32-bit bounds is exact. */
const stepCount = (
  from: Bound | Tensor,
  to: Bound | Tensor,
  size: bigint
): Tensor<"i32" | "i64", readonly []> => {
  if (from === 0 && size === 1n && isTensor(to) && to.dtype === "i32") return to as Tensor<"i32", readonly []>
  const wide = (bound: Bound | Tensor) =>
    isTensor(bound) ? convert(bound as Tensor<DType, readonly []>, "i64") : bound
  const gap = difference(wide(to), wide(from))
  return size === 1n ? gap : div(add(gap, size - 1n), size)
}

const tracedRange = (
  start: Bound | Tensor,
  stop: Bound | Tensor,
  step: Bound,
  options: RangeOptions<DType, number>
): Range => {
  const bounds = [start, stop].filter(isTensor)
  for (const bound of bounds) requireIntegerScalar(bound)
  const dtype = options.dtype ?? bounds[0]!.dtype
  const plain = (bound: Bound | Tensor): Bound => (isTensor(bound) ? 0 : bound)
  requireCountable("i64", plain(start), plain(stop), step)
  const { max } = options
  if (max !== undefined && !(Number.isSafeInteger(max) && max >= 0 && max < 2 ** 31)) {
    throw shapeError("arange", `arange: max is ${shown(max)}`, "give a whole number from 0 to 2147483647")
  }
  const [from, to, size] = Number(step) > 0 ? [start, stop, BigInt(step)] : [stop, start, -BigInt(step)]
  const steps = stepCount(from, to, size)
  const length = convert(minimum(maximum(steps, 0), max ?? 2 ** 31 - 1), "i32")
  const begin = isTensor(start) ? (convert(start as Tensor<DType, Shape>, dtype) as Tensor) : start
  if (!isTensor(begin)) requireFits(dtype, begin, step, max ?? 1)
  return new Range(dtype, max ?? null, length, begin, step)
}

const difference = (
  to: Bound | Tensor<"i64", readonly []>,
  from: Bound | Tensor<"i64", readonly []>
): Tensor<"i64", readonly []> =>
  isTensor(to)
    ? from === 0
      ? (to as Tensor<"i64", readonly []>)
      : sub(to as Tensor<"i64", readonly []>, from as Tensor<"i64", readonly []>)
    : sub(to as Bound, from as Tensor<"i64", readonly []>)

/** The start of a range as a scan operand: undefined where it is a plain number. */
export const rangeStart = (range: Range): Value | undefined =>
  isTensor(range.start) ? valueOf(range.start) : undefined
