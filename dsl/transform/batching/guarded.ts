import { isDifferentiable } from "../../dtype.ts"
import { elementwiseRules } from "../../primitives/elementwise.ts"
import { apply1 } from "../../primitives/index.ts"
import type { Primitive } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { type Batched, type BatchSite, repeated } from "./batch-rule.ts"

/**
 * Where only some members of a batch count, the numbers of the others are arbitrary: a branch that they do not take may
 * divide by zero. No result uses those numbers. But a derivative multiplies them by a cotangent of zero and sums over
 * the batch, and zero times infinity is NaN. So a guard stands at each number that a member has of its own: there its
 * tangent and its cotangent are zero.
 *
 * Three rules ensure this. Inputs are guarded. The result of an operation is guarded, unless the operation maps zeros
 * to zeros in both modes. An operand that members share is repeated for each member and guarded, before an operation
 * that is not linear in it. A product needs no such copy, since its other factor is zero where a member does not count.
 */

/** Operations that map zeros to zeros, forward and backward. */
const keepsZeros: ReadonlySet<Primitive> = new Set([
  "add",
  "sub",
  "neg",
  "real",
  "imag",
  "complex",
  "select",
  "stopGradient",
  "guard",
  "reshape",
  "broadcast",
  "transpose",
  "slice",
  "concatenate",
  "pad",
  "reverse",
  "sum",
  "cumsum",
  "dynamicSlice",
  "dynamicUpdateSlice",
  "gather",
  "debugPrint",
  "checkpointName",
  "withSharding"
] as const)

/** Operations that are not linear in a shared operand: each member gets its own copy of it. */
const repeats: ReadonlySet<string> = new Set([
  ...Object.keys(elementwiseRules).filter((name) => name !== "mul" && !keepsZeros.has(name as Primitive)),
  "customDerivative",
  "composite",
  "triangularSolve"
])

export const guard = (counts: Value, x: Value): Value =>
  isDifferentiable(x.dtype) ? apply1("guard", {}, counts, x) : x

/** Guards the batched inputs of a program. */
export const guardInputs = (counts: Value | undefined, { values, batched }: Batched): Batched => ({
  values: values.map((value, i) => (counts !== undefined && batched[i] ? guard(counts, value) : value)),
  batched
})

type Guardable = Pick<BatchSite<Primitive>, "primitive" | "inputs" | "batched" | "size">

/**
 * Guards the operands of an operation that mixes shared and batched numbers. Either each member gets its own copy of
 * what is shared, or the batched operands are guarded once more. The second guard is needed because a derivative may be
 * taken of a function that contains this operation but not the earlier ones.
 */
export const guardedOperands = (counts: Value, site: Guardable): Batched => {
  const { primitive, inputs, batched, size } = site
  if (keepsZeros.has(primitive) || !isMixed(site)) return { values: inputs, batched }
  if (!repeats.has(primitive)) return guardInputs(counts, { values: inputs, batched })
  const isNumber = (input: Value) => isDifferentiable(input.dtype)
  return {
    values: inputs.map((input, i) =>
      !batched[i] && isNumber(input) ? guard(counts, repeated(input, size)) : input
    ),
    batched: inputs.map((input, i) => batched[i]! || isNumber(input))
  }
}

/** Whether some numeric operands are shared by all members. */
const isMixed = ({ inputs, batched }: Pick<Guardable, "inputs" | "batched">): boolean =>
  inputs.some(({ dtype }, i) => !batched[i] && isDifferentiable(dtype))

/** Guards the results of an operation. */
export const guardedResults = (counts: Value, site: Guardable, made: Batched): Batched =>
  keepsZeros.has(site.primitive) && !isMixed(site) ? made : guardInputs(counts, made)
