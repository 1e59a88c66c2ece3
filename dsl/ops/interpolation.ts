import type { DType, FloatDType } from "../dtype.ts"
import { named, shapeError, valueError } from "../errors.ts"
import { apply, apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireNumber, requireOptions, requireTensor, shown } from "../required.ts"
import { type Shape, sameShape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import {
  add,
  broadcast,
  compare,
  div,
  filled,
  mul,
  partAt,
  plus,
  select,
  sliceAxis,
  sub,
  takeAlong,
  unary
} from "../values.ts"
import { mod } from "./division.ts"
import { requireFloats } from "./moments.ts"
import { searchsorted } from "./search.ts"

/** What stands beyond the ends of a table, and whether it repeats. */
export interface InterpOptions<D extends DType = DType> {
  /** What stands before the first place; `"extrapolate"` goes on along the line (the first value). */
  readonly left?: number | "extrapolate" | Tensor<D, readonly []>
  /** What stands after the last place; `"extrapolate"` goes on along the line (the last value). */
  readonly right?: number | "extrapolate" | Tensor<D, readonly []>
  /** After how much the table repeats; its places then need no order, and there is nothing beyond the ends. */
  readonly period?: number
}

/** Places nearer than this are one: JAX's bound, the distance of the machine epsilon to the next number. */
const nearest: Readonly<Record<FloatDType, number>> = {
  f16: 2 ** -20,
  bf16: 2 ** -14,
  f32: 2 ** -46,
  f64: 2 ** -104
}

interface Table {
  readonly xs: Value
  readonly ys: Value
}

/** A table over one period, in order, with one more place at each end. */
const periodic = ({ xs, ys }: Table, period: number): Table => {
  const places = valueOf(mod(tensorOf<"f32", Shape>(xs), period))
  const [inOrder, values] = apply("sort", { axis: 0, keys: 1, descending: false }, [places, ys]) as [
    Value,
    Value
  ]
  const last = xs.shape[0]!
  const around = (x: Value, by: number): Value => {
    const [before, after] = [sliceAxis(x, 0, last - 1, last), sliceAxis(x, 0, 0, 1)]
    return apply("concatenate", { axis: 0 }, [plus(before, -by), x, plus(after, by)])[0]!
  }
  return { xs: around(inOrder, period), ys: around(values, 0) }
}

const beyond = (what: "left" | "right", given: InterpOptions["left"], end: Value): Value | undefined => {
  if (given === undefined) return end
  if (given === "extrapolate") return undefined
  if (!isTensor(given)) {
    if (typeof given === "number") return filled(end, given)
    throw valueError(
      "interp",
      `interp: ${what} is ${shown(given)}, no number`,
      'give a number, a scalar, or "extrapolate"'
    )
  }
  const value = valueOf(given)
  requireSameDType("interp", end, value)
  if (value.shape.length === 0) return value
  throw shapeError("interp", `interp: ${what} is ${show(value)}, not a scalar`, "give a number or a scalar")
}

/**
 * Reads a table between its places, along straight lines: `places` in rising order and `values` are vectors of one length.
 * Before the first place stands the first value and after the last the last, or `left` and `right`. `period` says after how
 * much the table repeats. Takes f16, bf16, f32 and f64 of one dtype. Fails with a `ShapeError` where the table is none, a
 * `DTypeError` where dtypes differ, and a `ValueError` for another option.
 *
 * @example interp(constant([0.5, 9], "f32"), constant([0, 1], "f32"), constant([10, 20], "f32")) // [15, 20]
 */
export const interp = named(
  "interp",
  <D extends FloatDType, S extends Shape, N extends number>(
    x: Tensor<D, S>,
    places: Tensor<NoInfer<D>, readonly [N]>,
    values: Tensor<NoInfer<D>, readonly [NoInfer<N>]>,
    options?: InterpOptions<NoInfer<D>>
  ): Tensor<D, S> => {
    const op = "interp"
    const given = requireFloats(op, x)
    const table = { xs: requireTensor(op, "places", places), ys: requireTensor(op, "values", values) }
    requireSameDType(op, given, table.xs)
    requireSameDType(op, given, table.ys)
    if (table.xs.shape.length !== 1 || !sameShape(table.xs.shape, table.ys.shape) || table.xs.shape[0] === 0)
      throw shapeError(
        op,
        `${op}: ${show(table.xs)} and ${show(table.ys)} are no table`,
        "give two vectors of one length, at least one element long"
      )
    const { left, right, period } = requireOptions<InterpOptions>(op, options, ["left", "right", "period"])
    const turn = period === undefined ? undefined : Math.abs(requireNumber(op, "period", period))
    if (turn === 0) throw valueError(op, `${op}: period is 0`, "give another number")
    const { xs, ys } = turn === undefined ? table : periodic(table, turn)
    const at = turn === undefined ? given : valueOf(mod(tensorOf<"f32", Shape>(given), turn))
    const length = xs.shape[0]!
    const asked = tensorOf<"f32", Shape>(at)
    const sorted = tensorOf<"f32", readonly [number]>(xs)
    const after = valueOf(searchsorted(sorted, asked, { side: "right" }))
    const high = apply1("clamp", {}, filled(after, Math.min(1, length - 1)), after, filled(after, length - 1))
    const low = apply1("clamp", {}, filled(after, 0), plus(high, -1), filled(after, length - 1))
    const [x0, x1] = [takeAlong(xs, low, 0), takeAlong(xs, high, 0)]
    const [y0, y1] = [takeAlong(ys, low, 0), takeAlong(ys, high, 0)]
    const width = sub(x1, x0)
    const isPoint = compare("le", unary("abs", width), filled(width, nearest[given.dtype as FloatDType]))
    const share = div(sub(at, x0), select(isPoint, filled(width, 1), width))
    const line = select(isPoint, y0, add(y0, mul(share, sub(y1, y0))))
    if (turn !== undefined) return tensorOf(line)
    const everywhere = (end: Value): Value => broadcast(end, at.shape, [])
    const [first, last] = [partAt(ys, 0, 0), partAt(ys, 0, length - 1)]
    const [before, behind] = [beyond("left", left, first), beyond("right", right, last)]
    const isBefore = compare("lt", at, everywhere(partAt(xs, 0, 0)))
    const isBehind = compare("gt", at, everywhere(partAt(xs, 0, length - 1)))
    const withLeft = before === undefined ? line : select(isBefore, everywhere(before), line)
    return tensorOf(behind === undefined ? withLeft : select(isBehind, everywhere(behind), withLeft))
  }
)
