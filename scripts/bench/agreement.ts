import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { sizeOf } from "../../dsl/shape.ts"

/** How far an element may be from the other side's: `absolute + relative * |other|`. */
export interface Tolerance {
  readonly relative: number
  readonly absolute: number
  /** Of a chaotic program, how many of the first elements of each result are compared; all where it is left out. */
  readonly first?: number
}

/** A result as both sides give it. */
export interface Result {
  readonly dtype: string
  readonly shape: ReadonlyArray<number>
  readonly values: ArrayLike<number>
}

/** Two programs of one row give different results: what it takes them says nothing. */
export class Disagreement extends Data.TaggedError("Disagreement")<{
  readonly row: string
  readonly message: string
  readonly hint: string
}> {}

const showType = ({ dtype, shape }: Result): string => `${dtype}[${shape.join()}]`

/** Equal infinities agree, and NaN with NaN. */
const isNear = (one: number, other: number, { relative, absolute }: Tolerance): boolean =>
  Object.is(one, other) ||
  one === other ||
  (Number.isFinite(other) && Math.abs(one - other) <= absolute + relative * Math.abs(other))

/** Whether floats are all so small that the tolerance lets anything like them pass. */
const isFaint = ({ dtype, values }: Result, compared: number, { absolute }: Tolerance): boolean => {
  if (dtype === "i32" || compared === 0) return false
  for (let at = 0; at < compared; at++) if (!(Math.abs(values[at]!) <= 10 * absolute)) return false
  return true
}

const fault = (one: ReadonlyArray<Result>, other: ReadonlyArray<Result>, tolerance: Tolerance) => {
  if (one.length !== other.length) return `${one.length} results, where there should be ${other.length}`
  for (const [i, result] of one.entries()) {
    const wanted = other[i]!
    if (showType(result) !== showType(wanted))
      return `result ${i} is ${showType(result)}, not ${showType(wanted)}`
    const size = sizeOf(wanted.shape)
    if (result.values.length !== size || wanted.values.length !== size)
      return `result ${i} has not the elements of ${showType(wanted)}`
    const compared = Math.min(size, tolerance.first ?? size)
    if (isFaint(wanted, compared, tolerance)) return `result ${i} is hardly above the tolerance everywhere`
    for (let at = 0; at < compared; at++) {
      if (isNear(result.values[at]!, wanted.values[at]!, tolerance)) continue
      return `element ${at} of result ${i} is ${result.values[at]}, not ${wanted.values[at]}`
    }
  }
  return undefined
}

/** Fails with a `Disagreement` where the results of two programs of a row differ. */
export const agree = (
  { name, tolerance }: { readonly name: string; readonly tolerance: Tolerance },
  whose: string,
  one: ReadonlyArray<Result>,
  other: ReadonlyArray<Result>
): Effect.Effect<void, Disagreement> =>
  Effect.suspend(() => {
    const found = fault(one, other, tolerance)
    if (found === undefined) return Effect.void
    return new Disagreement({
      row: name,
      message: `${name}: ${whose} differs: ${found}`,
      hint: "one of the programs is wrong, or its tolerance; nothing of this row was timed"
    })
  })
