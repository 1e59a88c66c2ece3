import type { FloatDType } from "../dtype.ts"
import { isFloat } from "../dtype.ts"
import { valueError } from "../errors.ts"
import { requireNumber, shown } from "../required.ts"
import { show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { convert, filled, mul, neg } from "../values.ts"
import { byDType, type Leaves, spread } from "./leaves.ts"

/**
 * A number that a schedule may give: of the number of updates so far, and of the dtype that is worked in, which it may
 * leave aside.
 */
export type ScheduleFunction = (
  step: Tensor<"i32", readonly []>,
  dtype: "f32" | "f64"
) => number | Tensor<FloatDType, readonly []>

/** A learning rate: a number, a scalar of the program, or a schedule. */
export type Rate = number | Tensor<FloatDType, readonly []> | ScheduleFunction

const scalarOf = (op: string, what: string, given: unknown, dtype: "f32" | "f64"): Value => {
  if (typeof given === "number") return filled({ dtype, shape: [] }, requireNumber(op, what, given))
  if (isTensor(given) && isFloat(given.dtype) && given.shape.length === 0)
    return convert(valueOf(given), dtype)
  throw valueError(
    op,
    `${op}: ${what} is ${isTensor(given) ? show(given) : shown(given)}, not a number, a float scalar or a schedule`,
    "give a number such as 0.01, a scalar of the program, or a schedule such as cosineDecaySchedule(0.1, 100)"
  )
}

/** Refuses what is no rate, when a transformation is made. */
export const requireRate = (op: string, what: string, rate: Rate): Rate => {
  if (typeof rate !== "function") scalarOf(op, what, rate, "f64")
  return rate
}

/** A rate at a step, in each dtype that is worked in. */
export const rateAt = (op: string, what: string, rate: Rate, count: Value) =>
  byDType((dtype) =>
    typeof rate === "function"
      ? scalarOf(op, `what ${what} gives`, rate(tensorOf(count), dtype), dtype)
      : scalarOf(op, what, rate, dtype)
  )

/** Multiplies leaves by a scalar of their dtype. */
export const scaled = (leaves: Leaves, factor: (dtype: Value["dtype"]) => Value): Leaves =>
  leaves.map((leaf) => mul(leaf, spread(factor(leaf.dtype), leaf)))

/** The step down: leaves times minus the learning rate. */
export const descended = (op: string, leaves: Leaves, rate: Rate, count: Value): Leaves => {
  const factor = rateAt(op, "the learning rate", rate, count)
  return scaled(leaves, (dtype) => neg(factor(dtype)))
}
