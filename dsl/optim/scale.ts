import { requireFunction } from "../required.ts"
import type { CountState, GradientTransformation, Stateless, TransformationKind } from "./kinds.ts"
import { type Rate, rateAt, requireRate, type ScheduleFunction, scaled } from "./rate.ts"
import { counted } from "./transformation.ts"

/**
 * Makes a transformation that multiplies gradients by a number or a scalar of the program. Fails with a `ValueError` for
 * what is neither. Its `update` fails with a `DTypeError` for a leaf that is no float.
 *
 * @example
 * const half = scale(0.5)
 * const grads = { w: constant([2, 4], "f32") }
 * half.update(grads, half.init(grads))[0] // { w: [1, 2] }
 */
export const scale = (
  stepSize: Exclude<Rate, ScheduleFunction>
): GradientTransformation<Stateless<"scale">> => {
  requireRate("scale", "stepSize", stepSize)
  return counted("scale", false, (grads, count, { op }) =>
    scaled(grads, rateAt(op, "stepSize", stepSize, count))
  )
}

/** What kind of transformation `scaleBySchedule` makes. */
export interface ScaleByScheduleKind extends TransformationKind {
  readonly name: "scaleBySchedule"
  readonly needs: "grads"
  readonly state: CountState
}

/**
 * Makes a transformation that multiplies gradients by what a schedule gives for the number of the step, which counts
 * from 0. Fails with a `ValueError` for what is no function. Its `update` fails with a `ValueError` where the function
 * gives no number and no scalar, and with a `DTypeError` for a leaf that is no float.
 *
 * @example
 * const schedule = scaleBySchedule(linearSchedule(1, 0, 2))
 * const grads = { w: constant([2, 4], "f32") }
 * const [, state] = schedule.update(grads, schedule.init(grads))
 * schedule.update(grads, state)[0] // { w: [1, 2] }
 */
export const scaleBySchedule = (schedule: ScheduleFunction): GradientTransformation<ScaleByScheduleKind> => {
  requireFunction("scaleBySchedule", "the schedule", schedule)
  return counted("scaleBySchedule", true, (grads, count, { op }) =>
    scaled(grads, rateAt(op, "the schedule", schedule, count))
  )
}
