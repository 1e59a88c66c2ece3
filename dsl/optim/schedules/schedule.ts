import { isInteger } from "../../dtype.ts"
import { dtypeError, valueError } from "../../errors.ts"
import { requireNumber, requireOneOf, shown } from "../../required.ts"
import { show } from "../../shape.ts"
import { isTensor, type Tensor, tensorOf, valueOf } from "../../tensor.ts"
import { convert } from "../../values.ts"
import { type Arithmetic, ofNumbers, ofScalars } from "./arithmetic.ts"

/**
 * A number that changes with the step, such as a learning rate. Of a step of the host it gives a number. Of a step of a
 * program it gives a scalar, in f32, or in f64 where that is asked for.
 */
export interface Schedule {
  (step: number): number
  <D extends "f32" | "f64" = "f32">(step: Tensor<"i32", readonly []>, dtype?: D): Tensor<D, readonly []>
}

/** What a schedule computes; steps are whole numbers in the arithmetic's own form. */
export type Formula = <N>(step: N, arithmetic: Arithmetic<N>) => N

export const formulas = new WeakMap<object, Formula>()

export const scheduleOf = (op: string, formula: Formula): Schedule => {
  const schedule = (step: unknown, dtype: "f32" | "f64" = "f32") => {
    if (typeof step === "number") return formula(requireNumber(op, "the step", step), ofNumbers)
    if (!isTensor(step) || !isInteger(step.dtype) || step.shape.length > 0)
      throw dtypeError(
        op,
        `${op}: the step is ${isTensor(step) ? show(step) : shown(step)}, not an integer scalar`,
        'give a number, or a counter of the program: scalar(0, "i32")'
      )
    requireOneOf(op, "dtype", dtype, ["f32", "f64"])
    return tensorOf(formula(convert(valueOf(step), dtype), ofScalars(dtype)))
  }
  formulas.set(schedule, formula)
  return schedule as Schedule
}

export const steps = (op: string, what: string, value: number, least = 0): number => {
  if (Number.isSafeInteger(value) && value >= least) return value
  throw valueError(op, `${op}: ${what} is ${shown(value)}`, `give a whole number from ${least}`)
}

export const constantFormula =
  (value: number): Formula =>
  (_, { number }) =>
    number(value)
