import { hasEffect, programsOf } from "../held.ts"
import type { Equation, Primitive, ScanParams } from "../program.ts"
import { dependents, isMovable, required, stepOf } from "./fission/step.ts"
import type { Reason } from "./note.ts"

const names: { readonly [P in Primitive]?: string } = {
  dot: "a matrix product",
  conv: "a convolution",
  mul: "a product",
  div: "a division",
  reshape: "a change of shape",
  broadcast: "a change of shape",
  transpose: "a change of shape",
  slice: "a slice",
  concatenate: "a concatenation",
  select: "a choice",
  gather: "an indexed read",
  dynamicSlice: "an indexed read",
  scatter: "an indexed write",
  dynamicUpdateSlice: "an indexed write",
  sum: "a sum over an axis",
  scan: "a scan",
  while: "a loop that ends by a condition",
  switch: "a branch",
  checkpoint: "a function whose values are computed again",
  barrier: "values that are computed again",
  customDerivative: "a function with a derivative of its own",
  shardMap: "work that is divided among devices",
  convert: "a change of dtype"
}

/** An operation in words. */
export const wordsOf = ({ primitive }: Equation): string => names[primitive] ?? primitive

/** An operation that the carry goes through and that no linear step has, in words. */
export const obstacleOf = (equation: Equation): string => {
  if (equation.primitive === "mul") return "a product of two values that need it"
  return equation.primitive === "div" ? "a division by a value that needs it" : wordsOf(equation)
}

/** Why no pass may move the work of a scan; undefined where one may. */
export const fixedReason = ({ params }: Equation<"scan">): Reason | undefined => {
  const { length, lean, body } = params
  if (length === null) return { because: "its length is traced without a bound" }
  if (lean) return { because: "its checkpoint policy keeps memory low, and passes store nothing more" }
  const prints = body.equations.find(hasEffect)
  return prints && { because: "prints keep their order, and each step prints", at: prints.place }
}

/** Why the steps of a scan cannot go side by side, whatever its carry is; undefined where they may. */
export const stepReason = ({ params }: Equation<"scan">): Reason | undefined => {
  const { body } = params
  const fixed = body.equations.find((equation) => !isMovable(equation))
  if (fixed !== undefined) return { because: `each step runs ${wordsOf(fixed)}`, at: fixed.place }
  const held = body.equations.filter((equation) => programsOf(equation).length > 0)
  if (held.length === 0) return undefined
  const step = stepOf(params)
  const [from, to] = [dependents(body, step.carry), required(body, step.next)]
  const through = held.find(({ outputs }) => outputs.some((output) => from.has(output) && to.has(output)))
  return through && { because: `the carry goes through ${wordsOf(through)}`, at: through.place }
}

/** What the user calls a leaf of the carry. */
export const leafName = ({ names, carry }: ScanParams, leaf: number): string =>
  carry === 1 ? "the carry" : (names?.[leaf] ?? `carry[${leaf}]`)
