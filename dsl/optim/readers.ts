import { type FloatDType, isFloat } from "../dtype.ts"
import { dtypeError, valueError } from "../errors.ts"
import { requireDType, requireNumber, shown } from "../required.ts"

/** Readers of options that several optimizers have. */

/** A share that an average keeps: from 0 to less than 1. */
export const requireDecay = (op: string, what: string, value: number): number => {
  const decay = requireNumber(op, what, value)
  if (decay >= 0 && decay < 1) return decay
  throw valueError(op, `${op}: ${what} is ${shown(value)}`, "give a number from 0 to less than 1")
}

export const requireFromZero = (op: string, what: string, value: number): number => {
  const number = requireNumber(op, what, value)
  if (number >= 0) return number
  throw valueError(op, `${op}: ${what} is ${shown(value)}`, "give a number from 0")
}

/** The dtype of what is kept, where it is not that of the parameters. */
export const requireFloatDType = (
  op: string,
  what: string,
  dtype: FloatDType | undefined
): FloatDType | undefined => {
  if (dtype === undefined || isFloat(requireDType(op, dtype))) return dtype
  throw dtypeError(op, `${op}: ${what} is ${dtype}`, "give a float: f16, bf16, f32 or f64")
}
