import { valueError } from "../../errors.ts"
import { requireFlag, requireNumber, requireOptions } from "../../required.ts"
import { joined } from "./join.ts"
import { type BeginOptions, polynomial } from "./polynomial.ts"
import { constantFormula, type Formula, type Schedule, scheduleOf, steps } from "./schedule.ts"

/** How an exponential decay goes. */
export interface ExponentialDecayOptions extends BeginOptions {
  /** Whether it falls in jumps, one for each `transitionSteps` (false). */
  readonly staircase?: boolean
  /** Where it stops: a lower bound, or an upper one where the rate is 1 or more. */
  readonly endValue?: number
}

/**
 * Makes a schedule that is multiplied by `decayRate` for each `transitionSteps`. Without steps, or with the rate 0, it
 * stays at the first value. Fails with a `ValueError` for what is no number, or no number of steps.
 *
 * @example exponentialDecay(1, 10, 0.5)(20) // 0.25
 */
export const exponentialDecay = (
  initValue: number,
  transitionSteps: number,
  decayRate: number,
  options?: ExponentialDecayOptions
): Schedule => {
  const op = "exponentialDecay"
  const from = requireNumber(op, "initValue", initValue)
  const length = steps(op, "transitionSteps", transitionSteps)
  const rate = requireNumber(op, "decayRate", decayRate)
  if (rate < 0) throw valueError(op, `${op}: decayRate is ${rate}`, "give a number from 0")
  const given = requireOptions(op, options, ["transitionBegin", "staircase", "endValue"])
  const begin = steps(op, "transitionBegin", given.transitionBegin ?? 0)
  const staircase = requireFlag(op, "staircase", given.staircase)
  const end = given.endValue === undefined ? undefined : requireNumber(op, "endValue", given.endValue)
  if (length === 0 || rate === 0) return scheduleOf(op, constantFormula(from))
  return scheduleOf(op, (step, { number, sub, mul, div, pow, floor, min, max, ifLess }) => {
    const past = sub(step, number(begin))
    const share = div(past, number(length))
    const decayed = mul(number(from), pow(number(rate), staircase ? floor(share) : share))
    const value = ifLess(number(0), past, decayed, number(from))
    if (end === undefined) return value
    return rate < 1 ? max(value, number(end)) : min(value, number(end))
  })
}

/** How a cosine falls. */
export interface CosineDecayOptions {
  /** The share of the first value that it ends at (0). */
  readonly alpha?: number
  /** The power that the falling cosine is raised to (1). */
  readonly exponent?: number
}

const cosine = (
  op: string,
  initValue: number,
  decaySteps: number,
  { alpha = 0, exponent = 1 }: CosineDecayOptions
): Formula => {
  const from = requireNumber(op, "initValue", initValue)
  const length = steps(op, "decaySteps", decaySteps, 1)
  const least = requireNumber(op, "alpha", alpha)
  const power = requireNumber(op, "exponent", exponent)
  return (step, { number, add, mul, div, pow, min, cos }) => {
    const angle = div(mul(number(Math.PI), min(step, number(length))), number(length))
    const half = mul(number(0.5), add(number(1), cos(angle)))
    const share = power === 1 ? half : pow(half, number(power))
    return mul(number(from), add(mul(number(1 - least), share), number(least)))
  }
}

/**
 * Makes a schedule that falls from a value to `alpha` times that value along half a cosine. Fails with a `ValueError`
 * for what is no number, or no number of steps.
 *
 * @example
 * const schedule = cosineDecaySchedule(0.2, 100)
 * schedule(50) // 0.1
 * schedule(100) // 0
 */
export const cosineDecaySchedule = (
  initValue: number,
  decaySteps: number,
  options?: CosineDecayOptions
): Schedule => {
  const op = "cosineDecaySchedule"
  return scheduleOf(op, cosine(op, initValue, decaySteps, requireOptions(op, options, ["alpha", "exponent"])))
}

/** How a warm-up and a cosine go on. */
export interface WarmupCosineOptions {
  /** The last value (0). */
  readonly endValue?: number
  /** The power that the falling cosine is raised to (1). */
  readonly exponent?: number
}

/**
 * Makes a schedule that rises evenly for `warmupSteps`, then falls along half a cosine. `decaySteps` counts both. Fails
 * with a `ValueError` for what is no number, and where there are no more steps in all than those of the warm-up.
 *
 * @example
 * const schedule = warmupCosineDecaySchedule(0, 0.1, 10, 100)
 * schedule(5) // 0.05
 * schedule(55) // 0.05
 */
export const warmupCosineDecaySchedule = (
  initValue: number,
  peakValue: number,
  warmupSteps: number,
  decaySteps: number,
  options?: WarmupCosineOptions
): Schedule => {
  const op = "warmupCosineDecaySchedule"
  const { endValue = 0, exponent = 1 } = requireOptions(op, options, ["endValue", "exponent"])
  const end = requireNumber(op, "endValue", endValue)
  const warmup = steps(op, "warmupSteps", warmupSteps)
  if (steps(op, "decaySteps", decaySteps) <= warmup)
    throw valueError(
      op,
      `${op}: decaySteps is ${decaySteps} and warmupSteps ${warmup}`,
      "decaySteps counts the warm-up too, and must be greater"
    )
  const rise = polynomial(op, initValue, peakValue, 1, warmup, undefined)
  const alpha = peakValue === 0 ? 0 : end / peakValue
  const fall = cosine(op, peakValue, decaySteps - warmup, { alpha, exponent })
  return scheduleOf(op, joined([rise, fall], [warmup]))
}
