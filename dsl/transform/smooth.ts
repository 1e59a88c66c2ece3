import type { Primitive } from "../program.ts"

/** Primitives whose results depend smoothly on no operand. They have no derivative. */
const still = [
  "all",
  "any",
  "argmax",
  "argmin",
  "sign",
  "floor",
  "ceil",
  "round",
  "not",
  "popcount",
  "countLeadingZeros",
  "isFinite",
  "stopGradient",
  "and",
  "or",
  "xor",
  "shiftLeft",
  "shiftRightLogical",
  "shiftRightArithmetic",
  "eq",
  "ne",
  "lt",
  "le",
  "gt",
  "ge",
  "bitcast",
  "threefry",
  "constant"
] as const satisfies ReadonlyArray<Primitive>

/** Primitives that have a derivative. */
export type Smooth = Exclude<Primitive, (typeof still)[number]>

const isStill: ReadonlySet<Primitive> = new Set(still)

export const isSmooth = (primitive: Primitive): primitive is Smooth => !isStill.has(primitive)

/** Whether a result depends smoothly on an operand, where both have differentiable dtypes. */
export const flows = (primitive: Primitive, operand: number, result: number): boolean => {
  if (primitive === "nextAfter") return operand === 0
  // The keys' permutation moves each operand.
  return primitive === "sort" ? operand === result : isSmooth(primitive)
}
