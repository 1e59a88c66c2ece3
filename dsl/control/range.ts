import { count } from "../count.ts"
import { type DType, isFloat, isInteger, largestFinite, numberFault } from "../dtype.ts"
import { dtypeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { decimal } from "../rounding.ts"

type Bound = number | bigint

const refuse = (message: string, hint: string) => valueError("arange", `arange: ${message}`, hint)

const isWhole = (value: Bound): boolean => typeof value === "bigint" || Number.isInteger(value)

/** JAX's default: integers unless a bound or the step has a fraction. */
export const defaultDType = (bounds: ReadonlyArray<Bound>): "i32" | "f32" =>
  bounds.every(isWhole) ? "i32" : "f32"

/** Refuses bounds and steps that the dtype cannot count with. */
export const requireCountable = (dtype: DType, start: Bound, stop: Bound, step: Bound): void => {
  if (!isInteger(dtype) && !isFloat(dtype)) {
    throw dtypeError("arange", `arange: takes an integer or float dtype, not ${dtype}`, "convert the result")
  }
  for (const [name, value] of [
    ["start", start],
    ["stop", stop],
    ["step", step]
  ] as const) {
    if (typeof value !== "bigint" && !Number.isFinite(value)) {
      throw refuse(`the ${name} is ${value}`, "give finite numbers")
    }
    if (isInteger(dtype) && !isWhole(value)) {
      throw valueError(
        "arange",
        say("fractionBound", { name, n: `${value}`, dtype }),
        'give whole numbers, or a float dtype: arange(0, 1, 0.1, "f32")'
      )
    }
  }
  if (Number(step) === 0) throw refuse("the step is 0", "a range needs a step up or down")
}

/** NumPy's length: `ceil((stop - start) / step)`, and none where the step leads away from the stop. */
export const rangeLength = (dtype: DType, start: Bound, stop: Bound, step: Bound): number => {
  if (!isInteger(dtype)) {
    const steps = Math.ceil((Number(stop) - Number(start)) / Number(step))
    return Math.max(0, Object.is(steps, -0) ? 0 : steps)
  }
  const [from, to, by] = [BigInt(start), BigInt(stop), BigInt(step)]
  const gap = by > 0n ? to - from : from - to
  const size = by > 0n ? by : -by
  return Number(gap <= 0n ? 0n : (gap + size - 1n) / size)
}

/** Refuses a range whose values its dtype cannot hold, and one of more steps than can be counted. */
export const requireFits = (dtype: DType, start: Bound, step: Bound, length: number): void => {
  if (length > Number.MAX_SAFE_INTEGER) {
    throw refuse(`${decimal(length)} steps are too many`, "split the range")
  }
  if (length === 0) return
  const last = isInteger(dtype)
    ? BigInt(start) + BigInt(step) * BigInt(length - 1)
    : Number(start) + Number(step) * (length - 1)
  for (const value of [start, last]) {
    const tooLarge = isFloat(dtype) && Math.abs(Number(value)) > largestFinite[dtype]
    if (numberFault(value, dtype) !== undefined || tooLarge) {
      throw valueError(
        "arange",
        say("rangeUnheld", {
          steps: count(length, "step"),
          from: decimal(start),
          to: decimal(last),
          dtype
        }),
        "shorten it, or choose a wider dtype"
      )
    }
  }
}
