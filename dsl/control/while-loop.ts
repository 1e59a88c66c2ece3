import type { DType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import type { Late } from "../late.ts"
import { say } from "../messages.ts"
import { apply } from "../primitives/index.ts"
import type { Checkpoint } from "../program.ts"
import { requireFunction, requireOptions, shown } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { capture } from "../trace.ts"
import { carryLeaves, flatten, type Tree, unflatten } from "../tree.ts"
import type { IsTree } from "../tree-types.ts"
import { plainCheckpoint } from "./checkpoint.ts"
import type { IsPredicate } from "./cond-types.ts"
import type { CarryCheck } from "./scan-types.ts"

/** How long a while loop may run, and what reverse mode keeps of it. */
export interface WhileOptions {
  /** The greatest number of steps; needed for reverse mode. The loop ends there, whatever the condition says. */
  readonly max?: number
  /** What reverse mode keeps of the forward run ("all"). */
  readonly checkpoint?: Checkpoint
}

const refuse = (message: string, hint: string) => shapeError("whileLoop", `whileLoop: ${message}`, hint)

const plainMax = (max: number | undefined): number | null => {
  if (max === undefined) return null
  if (Number.isSafeInteger(max) && max >= 0 && max < 2 ** 31) return max
  throw refuse(`max is ${shown(max)}`, "give a whole number from 0 to 2147483647")
}

/**
 * Repeats `body` on a carry while `condition` holds, at most `max` times where that is given. The carry keeps its
 * structure, dtypes and shapes. Reverse mode needs `max`. Fails with a `TreeError` where the carry changes, and a
 * `ShapeError` for a condition that is not bool[].
 *
 * @example whileLoop((x) => lt(x, 100), (x) => mul(x, 2), scalar(1, "i32")) // 128
 */
export function whileLoop<const C, const C2, D extends DType = "bool", S extends Shape = readonly []>(
  condition: (carry: C) => (Tensor<D, S> & IsPredicate<"whileLoop", "condition", D, S>) | Late<"whileLoop">,
  body: (carry: C) => C2 & CarryCheck<"whileLoop", C, C2>,
  init: C & IsTree<"whileLoop", "carry", C>,
  options?: WhileOptions
): C
export function whileLoop(
  condition: (carry: never) => Tensor | Late<"whileLoop">,
  body: (carry: never) => unknown,
  init: Tree,
  given?: WhileOptions
): Tree {
  const options = requireOptions("whileLoop", given, ["max", "checkpoint"])
  for (const [what, fn] of Object.entries({ condition, body })) requireFunction("whileLoop", what, fn)
  const carry = flatten<Tensor>(init, isTensor, "whileLoop", "carry")
  const one = { kind: "list", items: [carry.structure] } as const
  const test = capture("whileLoop", condition as never, one, carry.leaves)
  const [holds] = test.outputs.leaves
  if (test.outputs.structure.kind !== "leaf" || holds!.dtype !== "bool" || holds!.shape.length > 0) {
    const found = test.outputs.structure.kind === "leaf" ? show(holds!) : "a tree"
    throw shapeError(
      "whileLoop",
      say("predicate", { op: "whileLoop", what: "condition", a: found }),
      "compare scalars, or reduce with all or any"
    )
  }
  const step = captureCarry("whileLoop", carry, body as never)
  const results = apply(
    "while",
    {
      condition: test.program,
      body: step.program,
      conditionConsts: test.captured.length,
      bodyConsts: step.captured.length,
      max: plainMax(options.max),
      checkpoint: plainCheckpoint("whileLoop", options.checkpoint)
    },
    [...test.captured, ...step.captured, ...carry.leaves.map(valueOf)]
  )
  return unflatten<Tensor>(carry.structure, results.map(tensor))
}

const tensor = (value: Value): Tensor<never, never> => tensorOf<never, never>(value)

/** Traces a body that must give back a carry like the one it takes, leaves in the order of the first. */
const captureCarry = (
  op: string,
  carry: ReturnType<typeof flatten<Tensor>>,
  body: (carry: Tree) => unknown
) => {
  const one = { kind: "list", items: [carry.structure] } as const
  const ordered = (given: Tree): unknown => {
    const found = flatten<Tensor>(body(given) as Tree, isTensor, op, "carry")
    return [...carryLeaves(op, carry, found, "carry")]
  }
  return capture(op, ordered as never, one, carry.leaves)
}
