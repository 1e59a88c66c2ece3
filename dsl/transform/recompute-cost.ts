import type { Equation, Primitive } from "../program.ts"
import { sizeOf } from "../shape.ts"

/**
 * What an element of a result costs to compute again, in bytes that a step might keep instead. The CPU plugin 0.115
 * takes 0.8 ns to store and load an f32 in a row of 4,096, and 0.05 ns for an arithmetic operation on it. So 16 of them
 * are worth an f32. The figures of other operations are ratios to that one, and guesses.
 *
 * What has no figure here or in `ofOperand` is never computed again: products of matrices, transcendental functions,
 * sorts, loops, random bits, collectives, and what has an effect.
 */
const ofResult: Readonly<Partial<Record<Primitive, number>>> = {
  // These are read as they are used.
  constant: 0,
  arange: 0,
  broadcast: 0,
  reshape: 0,
  stopGradient: 0,
  bitcast: 0,
  neg: 0.25,
  abs: 0.25,
  sign: 0.25,
  floor: 0.25,
  ceil: 0.25,
  round: 0.25,
  real: 0.25,
  imag: 0.25,
  complex: 0.25,
  isFinite: 0.25,
  not: 0.25,
  and: 0.25,
  or: 0.25,
  xor: 0.25,
  shiftLeft: 0.25,
  shiftRightLogical: 0.25,
  shiftRightArithmetic: 0.25,
  add: 0.25,
  sub: 0.25,
  mul: 0.25,
  maximum: 0.25,
  minimum: 0.25,
  eq: 0.25,
  ne: 0.25,
  lt: 0.25,
  le: 0.25,
  gt: 0.25,
  ge: 0.25,
  select: 0.25,
  clamp: 0.25,
  convert: 0.25,
  slice: 0.25,
  reverse: 0.5,
  transpose: 0.5,
  concatenate: 0.5,
  pad: 0.5,
  dynamicSlice: 0.5,
  div: 1,
  sqrt: 1,
  gather: 2
}

/** The same for an element of the operand. */
const ofOperand: Readonly<Partial<Record<Primitive, number>>> = {
  sum: 0.5,
  prod: 0.5,
  max: 0.5,
  min: 0.5,
  all: 0.5,
  any: 0.5
}

/** What any operation that computes something costs: a nanosecond or less, in a loop that is one kernel. */
const perOperation = 1

/** What a reduction costs beside: a kernel of its own, some 60 ns. */
const perReduction = 256

/** What an equation costs to compute again, in bytes that a step might keep instead; infinite where it never is. */
export const recomputeCost = ({ primitive, inputs, outputs }: Equation): number => {
  const each = ofResult[primitive]
  if (each === 0) return 0
  if (each !== undefined) return perOperation + each * sizeOf(outputs[0]!.aval.shape)
  const operand = ofOperand[primitive]
  if (operand === undefined) return Number.POSITIVE_INFINITY
  return perReduction + operand * sizeOf(inputs[0]!.aval.shape)
}
