import { type DType, isComplex, isInexact } from "../dtype.ts"
import { named, valueError } from "../errors.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import type { Scalar } from "../program.ts"
import { requireDim, requireFlag, requireOptions, requireTensor } from "../required.ts"
import { type Shape, show, sizeOf } from "../shape.ts"
import { type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import {
  binary,
  broadcast,
  compare,
  convert,
  filled,
  iota,
  plus,
  range,
  reshape,
  select,
  sliceAxis,
  sub,
  sum,
  takeAlong,
  unary,
  zeros
} from "../values.ts"
import { at } from "./at.ts"
import { splat } from "./operand.ts"
import { nonzero } from "./search.ts"

/** How many elements `unique` gives, and what more. */
export interface UniqueOptions<
  N extends number = number,
  I extends boolean = boolean,
  V extends boolean = boolean,
  C extends boolean = boolean
> {
  /** How many: the greatest are left out, and what is missing filled. */
  readonly size: N
  /** What stands where there are fewer (the least element). */
  readonly fill?: Scalar
  /** Give the place of the first of each (false). */
  readonly returnIndex?: I
  /** Give for each element its place among the results (false). */
  readonly returnInverse?: V
  /** Give how often each is there (false). */
  readonly returnCounts?: C
  /** Count all NaN as one (true). */
  readonly equalNan?: boolean
}

type If<Asked, T> = Asked extends true ? readonly [T] : readonly []
type Places<S extends Shape> = Tensor<"i32", S>

/** The values alone, or a list of them and of what more is asked for. */
type Unique<
  D extends DType,
  S extends Shape,
  N extends number,
  I extends boolean,
  V extends boolean,
  C extends boolean
> = [I | V | C] extends [false]
  ? Tensor<D, readonly [N]>
  : readonly [
      Tensor<D, readonly [N]>,
      ...If<I, Places<readonly [N]>>,
      ...If<V, Places<S>>,
      ...If<C, Places<readonly [N]>>
    ]

const isNan = (x: Value): Value => compare("ne", x, x)
const joined = (...parts: ReadonlyArray<Value>): Value => apply("concatenate", { axis: 0 }, parts)[0]!
const vector = <D extends DType>(x: Value): Tensor<D, readonly [number]> => tensorOf(x)

/** Complex numbers of which a part is NaN as one number. */
const withOneNan = (x: Value): Value => {
  if (!isComplex(x.dtype)) return x
  const part = unary("real", x)
  return select(isNan(x), binary("complex", filled(part, Number.NaN), zeros(part)), x)
}

/** The order of a vector's elements, and where in it another element comes than before. */
const grouped = (x: Value, equalNan: boolean) => {
  const [length] = x.shape as readonly [number]
  const still = apply1("stopGradient", {}, x)
  const keys = isComplex(x.dtype) ? [unary("real", still), unary("imag", still)] : [still]
  const params = { axis: 0, keys: keys.length, descending: false }
  const order = apply("sort", params, [...keys, iota([length], 0)]).at(-1)!
  const sorted = takeAlong(x, order, 0)
  const [before, after] = [sliceAxis(sorted, 0, 0, length - 1), sliceAxis(sorted, 0, 1, length)]
  const both = equalNan && isInexact(x.dtype) ? binary("and", isNan(before), isNan(after)) : undefined
  const differ = compare("ne", before, after)
  const later = both === undefined ? differ : binary("and", differ, unary("not", both))
  return { order, sorted, isNew: joined(filled({ dtype: "bool", shape: [1] }, true), later) }
}

/**
 * Gives the elements that an array has, each once and in rising order: a vector. NaN is greatest, and one. `size` says how
 * many, since a shape cannot depend on values: the greatest are left out where there are more, and `fill`, or else the least
 * element, stands where there are fewer. With `returnIndex`, `returnInverse` or `returnCounts` it gives a list: the elements,
 * then for each the place (i32) of its first among all of `x` in a row, for each element of `x` its place among the results,
 * and how often each is there; 0 where it is filled. Takes any dtype. Fails with a `ShapeError` for a size that is no length,
 * and a `ValueError` for a `fill` that does not fit, and for nothing without `fill`.
 *
 * @example
 * const x = constant([3, 1, 3, 2], "i32")
 * unique(x, { size: 3 }) // [1, 2, 3]
 * unique(x, { size: 4, fill: -1, returnCounts: true }) // [[1, 2, 3, -1], [1, 1, 2, 0]]
 */
export const unique = named(
  "unique",
  <
    D extends DType,
    S extends Shape,
    const N extends number,
    I extends boolean = false,
    V extends boolean = false,
    C extends boolean = false
  >(
    x: Tensor<D, S>,
    options: UniqueOptions<N, I, V, C>
  ): Unique<D, S, NoInfer<N>, NoInfer<I>, NoInfer<V>, NoInfer<C>> => {
    const op = "unique"
    const value = requireTensor(op, "x", x)
    const given = requireOptions<UniqueOptions>(op, options, [
      "size",
      "fill",
      "returnIndex",
      "returnInverse",
      "returnCounts",
      "equalNan"
    ])
    const size = requireDim(op, "size", given.size as number)
    const filler = given.fill === undefined ? undefined : splat(op, given.fill, value.dtype, [size])
    const length = sizeOf(value.shape)
    const asked = (["returnIndex", "returnInverse", "returnCounts"] as const).map((name) =>
      requireFlag(op, name, given[name])
    )
    const gives = (...all: ReadonlyArray<Value>): never => {
      const [elements, ...more] = all.map((each) => tensorOf<DType, Shape>(each))
      return (asked.includes(true) ? [elements, ...more.filter((_, i) => asked[i])] : elements) as never
    }
    const none = zeros({ dtype: "i32", shape: [size] })
    if (length === 0) {
      if (filler !== undefined) return gives(filler, none, zeros({ dtype: "i32", shape: value.shape }), none)
      if (size === 0)
        return gives(reshape(value, [0]), none, zeros({ dtype: "i32", shape: value.shape }), none)
      throw valueError(op, `${op}: ${show(value)} has no elements`, "say what stands there: { size, fill }")
    }
    const equalNan = requireFlag(op, "equalNan", given.equalNan, true)
    const { order, sorted, isNew } = grouped(withOneNan(reshape(value, [length])), equalNan)
    const count = sum(convert(isNew, "i32"), [0])
    const there = compare("lt", iota([size], 0), broadcast(count, [size], []))
    const [ends] = nonzero(vector<"bool">(isNew), { size: size + 1, fill: length })
    const starts = sliceAxis(valueOf(ends!), 0, 0, size)
    const firsts = select(there, starts, none)
    const found = takeAlong(sorted, firsts, 0)
    const group = plus(apply1("cumsum", { axis: 0, reverse: false }, convert(isNew, "i32")), -1)
    const inverse = at(vector<"i32">(zeros(order)), vector<"i32">(order)).set(vector<"i32">(group))
    return gives(
      filler === undefined ? found : select(there, found, filler),
      takeAlong(order, firsts, 0),
      reshape(valueOf(inverse), value.shape),
      sub(sliceAxis(valueOf(ends!), 0, 1, size + 1), starts)
    )
  }
)

/** What `isin` asks. */
export interface IsinOptions {
  /** Ask which elements are not there (false). */
  readonly invert?: boolean
}

/**
 * Tells of each element whether it is among some values, an array of any shape. NaN is equal to nothing. `invert` asks which
 * are not. Compares each with each. Fails with a `DTypeError` where dtypes differ.
 *
 * @example isin(constant([1, 2, 3], "i32"), constant([3, 1], "i32")) // [true, false, true]
 */
export const isin = named(
  "isin",
  <D extends DType, S extends Shape>(
    x: Tensor<D, S>,
    values: Tensor<NoInfer<D>>,
    options?: IsinOptions
  ): Tensor<"bool", S> => {
    const [value, among] = [requireTensor("isin", "x", x), requireTensor("isin", "values", values)]
    requireSameDType("isin", value, among)
    const invert = requireFlag("isin", "invert", requireOptions("isin", options, ["invert"]).invert)
    const rank = value.shape.length
    const count = sizeOf(among.shape)
    const shape = [...value.shape, count]
    const each = broadcast(value, shape, range(rank))
    const all = broadcast(reshape(among, [count]), shape, [rank])
    const found = apply1("any", { axes: [rank] }, compare("eq", each, all))
    return tensorOf(invert ? unary("not", found) : found)
  }
)

/** How many elements a difference of sets has, and what stands where there are fewer. */
export interface SetOptions<N extends number = number> {
  /** How many: the greatest are left out, and what is missing filled. */
  readonly size: N
  /** What stands where there are fewer (0; false of bool). */
  readonly fill?: Scalar
}

/**
 * Gives the elements of `a` that are not among those of `b`, each once and in rising order: a vector. NaN is greatest, one,
 * and among nothing. `size` says how many, since a shape cannot depend on values: the greatest are left out where there are
 * more, and `fill` (0) stands where there are fewer. Fails with a `ShapeError` for a size that is no length, a `ValueError` for
 * a `fill` that does not fit, and a `DTypeError` where dtypes differ.
 *
 * @example setdiff1d(constant([5, 1, 3], "i32"), constant([3], "i32"), { size: 3 }) // [1, 5, 0]
 */
export const setdiff1d = named(
  "setdiff1d",
  <D extends DType, const N extends number>(
    a: Tensor<D>,
    b: Tensor<NoInfer<D>>,
    options: SetOptions<N>
  ): Tensor<D, readonly [NoInfer<N>]> => {
    const op = "setdiff1d"
    const [value, among] = [requireTensor(op, "a", a), requireTensor(op, "b", b)]
    requireSameDType(op, value, among)
    const given = requireOptions<SetOptions>(op, options, ["size", "fill"])
    const size = requireDim(op, "size", given.size as number)
    const filler = splat(op, given.fill ?? (value.dtype === "bool" ? false : 0), value.dtype, [size])
    const length = sizeOf(value.shape)
    if (length === 0) return tensorOf(filler)
    const { sorted, isNew } = grouped(withOneNan(reshape(value, [length])), true)
    const isOut = valueOf(isin(tensorOf<D, Shape>(sorted), b as Tensor<D>, { invert: true }) as Tensor)
    const [found] = nonzero(vector<"bool">(binary("and", isNew, isOut)), { size, fill: length })
    const places = valueOf(found!)
    const there = compare("lt", places, filled(places, length))
    return tensorOf(select(there, takeAlong(sorted, select(there, places, zeros(places)), 0), filler))
  }
)
