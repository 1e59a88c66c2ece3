import { isDifferentiable } from "../../dtype.ts"
import { elementwiseRules } from "../../primitives/elementwise.ts"
import { apply1 } from "../../primitives/index.ts"
import type { Primitive } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { type Batched, type BatchSite, repeated } from "./batch-rule.ts"

/**
 * Where only some members of a batch count, the others' numbers may be anything: a branch that they do not take may
 * divide by zero. Their results are never used, but a derivative multiplies what it is given, zero for them, by what
 * may be infinite, and adds the product up over the batch. So all that a member has of its own is guarded: to a
 * derivative it is zero, and so is what comes back for it.
 *
 * Three rules keep it so. What enters is guarded. So is what an operation gives, unless that is zero for zeros, and gives
 * back zeros for zeros. And what members share is repeated for each, and guarded, before an operation that is not
 * linear in it; a product's other factor is zero where a member does not count.
 */

/** Zero for zeros, and hand back zeros for zeros. */
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
  "withSharding"
] as const)

/** Not linear in an operand that the members share, and given each member's own copy of it. */
const repeats: ReadonlySet<string> = new Set([
  ...Object.keys(elementwiseRules).filter((name) => name !== "mul" && !keepsZeros.has(name as Primitive)),
  "customVjp",
  "triangularSolve"
])

export const guard = (counts: Value, x: Value): Value =>
  isDifferentiable(x.dtype) ? apply1("guard", {}, counts, x) : x

/** Guards what is batched of the values that enter a program. */
export const guardInputs = (counts: Value | undefined, { values, batched }: Batched): Batched => ({
  values: values.map((value, i) => (counts !== undefined && batched[i] ? guard(counts, value) : value)),
  batched
})

type Guardable = Pick<BatchSite<Primitive>, "primitive" | "inputs" | "batched" | "size">

/**
 * What an operation is given. Where it mixes what members share with what each has of its own, either each has its own
 * copy of the former, or what they have of their own is guarded once more: a derivative may be taken of a function that
 * holds this operation, but not what came before it.
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

/** Whether the members share some of the numbers that an operation is given. */
const isMixed = ({ inputs, batched }: Pick<Guardable, "inputs" | "batched">): boolean =>
  inputs.some(({ dtype }, i) => !batched[i] && isDifferentiable(dtype))

/** What an operation gives. */
export const guardedResults = (counts: Value, site: Guardable, made: Batched): Batched =>
  keepsZeros.has(site.primitive) && !isMixed(site) ? made : guardInputs(counts, made)
