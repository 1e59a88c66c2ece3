import { requireNumber, requireOptions } from "../../required.ts"
import { constantFormula, type Formula, type Schedule, scheduleOf, steps } from "./schedule.ts"

/**
 * Makes a schedule that is always one number. Fails with a `ValueError` for what is no number.
 *
 * @example constantSchedule(0.1)(7) // 0.1
 */
export const constantSchedule = (value: number): Schedule =>
  scheduleOf("constantSchedule", constantFormula(requireNumber("constantSchedule", "value", value)))

/** When a schedule begins to change. */
export interface BeginOptions {
  /** The step before which it has its first value (0). */
  readonly transitionBegin?: number
}

export const polynomial = (
  op: string,
  initValue: number,
  endValue: number,
  power: number,
  transitionSteps: number,
  options: BeginOptions | undefined
): Formula => {
  const from = requireNumber(op, "initValue", initValue)
  const to = requireNumber(op, "endValue", endValue)
  const exponent = requireNumber(op, "power", power)
  const length = steps(op, "transitionSteps", transitionSteps)
  const { transitionBegin = 0 } = requireOptions(op, options, ["transitionBegin"])
  const begin = steps(op, "transitionBegin", transitionBegin)
  if (length === 0) return constantFormula(from)
  return (step, { number, add, sub, mul, div, pow, min, max }) => {
    const past = min(max(sub(step, number(begin)), number(0)), number(length))
    const left = sub(number(1), div(past, number(length)))
    const share = exponent === 1 ? left : pow(left, number(exponent))
    return add(mul(number(from - to), share), number(to))
  }
}

/**
 * Makes a schedule that goes from one value to another in so many steps, as a power of the share that is left. Without
 * steps it stays at the first value. Fails with a `ValueError` for what is no number, or no number of steps.
 *
 * @example
 * const schedule = polynomialSchedule(1, 0, 2, 4)
 * schedule(2) // 0.25
 * schedule(9) // 0
 */
export const polynomialSchedule = (
  initValue: number,
  endValue: number,
  power: number,
  transitionSteps: number,
  options?: BeginOptions
): Schedule => {
  const op = "polynomialSchedule"
  return scheduleOf(op, polynomial(op, initValue, endValue, power, transitionSteps, options))
}

/**
 * Makes a schedule that goes from one value to another in so many even steps. Without steps it stays at the first value.
 * Fails with a `ValueError` for what is no number, or no number of steps.
 *
 * @example linearSchedule(1, 0, 4)(1) // 0.75
 */
export const linearSchedule = (
  initValue: number,
  endValue: number,
  transitionSteps: number,
  options?: BeginOptions
): Schedule => {
  const op = "linearSchedule"
  return scheduleOf(op, polynomial(op, initValue, endValue, 1, transitionSteps, options))
}
