import { valueError } from "../../errors.ts"
import { requireFunction, requireList, requireNumber, requireOptions } from "../../required.ts"
import { type Formula, formulas, type Schedule, scheduleOf, steps } from "./schedule.ts"

export const joined = (formulas: ReadonlyArray<Formula>, boundaries: ReadonlyArray<number>): Formula => {
  const [first, ...rest] = formulas as readonly [Formula, ...Array<Formula>]
  return (step, arithmetic) =>
    rest.reduce(
      (value, formula, i) => {
        const at = arithmetic.number(boundaries[i]!)
        return arithmetic.ifLess(step, at, value, formula(arithmetic.sub(step, at), arithmetic))
      },
      first(step, arithmetic)
    )
}

/**
 * Makes a schedule that is multiplied by a factor at each of some steps: `{ 100: 0.1, 200: 0.1 }`. Fails with a
 * `ValueError` for what is no number, no step, or a negative factor.
 *
 * @example
 * const schedule = piecewiseConstantSchedule(1, { 100: 0.5, 200: 0.1 })
 * schedule(99) // 1
 * schedule(200) // 0.05
 */
export const piecewiseConstantSchedule = (
  initValue: number,
  boundariesAndScales: Readonly<Record<number, number>> = {}
): Schedule => {
  const op = "piecewiseConstantSchedule"
  requireNumber(op, "initValue", initValue)
  const jumps = Object.entries(requireOptions<object>(op, boundariesAndScales))
    .map(([key, scale]) => {
      const at = steps(op, "a boundary", key.trim() === "" ? Number.NaN : Number(key))
      if (requireNumber(op, `the factor at ${at}`, scale as number) < 0)
        throw valueError(op, `${op}: the factor at ${at} is ${scale}`, "give a number from 0")
      return [at, scale as number] as const
    })
    .sort(([a], [b]) => a - b)
  return scheduleOf(op, (step, { number, mul, ifLess }) =>
    jumps.reduce(
      (value, [at, scale]) => ifLess(step, number(at), value, mul(number(scale), value)),
      number(initValue)
    )
  )
}

/**
 * Makes one schedule of several: each begins at its boundary, and counts its steps from there. Fails with a `ValueError`
 * for schedules that this library has not made, and for boundaries that do not rise or are not one fewer.
 *
 * @example
 * const schedule = joinSchedules([constantSchedule(1), linearSchedule(2, 0, 4)], [10])
 * schedule(9) // 1
 * schedule(11) // 1.5
 */
export const joinSchedules = (
  schedules: ReadonlyArray<Schedule>,
  boundaries: ReadonlyArray<number>
): Schedule => {
  const op = "joinSchedules"
  const parts = requireList(op, "schedules", schedules, "give a list of schedules").map((each, i) => {
    const known = formulas.get(requireFunction(op, `schedules[${i}]`, each))
    if (known !== undefined) return known
    throw valueError(
      op,
      `${op}: schedules[${i}] is a function of yours`,
      "join schedules that this library makes, or choose by the step in your own: select(lt(step, 10), a, b)"
    )
  })
  const at = requireList(op, "boundaries", boundaries, "give a list of steps").map((each, i) =>
    steps(op, `boundaries[${i}]`, each)
  )
  if (parts.length === 0 || at.length !== parts.length - 1)
    throw valueError(
      op,
      `${op}: ${parts.length} schedules have ${at.length} boundaries`,
      "give one boundary fewer than schedules"
    )
  const falls = at.findIndex((each, i) => i > 0 && each < at[i - 1]!)
  if (falls > 0)
    throw valueError(
      op,
      `${op}: boundaries[${falls}] is less than the one before`,
      "give boundaries that rise"
    )
  return scheduleOf(op, joined(parts, at))
}
