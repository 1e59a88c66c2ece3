import { count } from "../count.ts"
import { isDifferentiable } from "../dtype.ts"
import { tracingHint } from "../kinds.ts"
import type { Program } from "../program.ts"
import { replay, withConsts } from "../replay.ts"
import { isList, requireFunction, requireRecord } from "../required.ts"
import { placesOf } from "../shape.ts"
import { isTensor, type Tensor, type Value } from "../tensor.ts"
import { capture, programOf, subprogram } from "../trace.ts"
import { flatten, type Structure, type Tree, unflatten } from "../tree.ts"
import type { AreTrees, IsTree } from "../tree-types.ts"
import { zeros } from "../values.ts"
import {
  belowReverse,
  callCustom,
  type Given,
  named,
  pairOf,
  refuse,
  sameResult,
  type TracedRule
} from "./custom-rule.ts"
import { type Applied, type Fn, tangentLeaves } from "./differentiate.ts"
import type { GivenTangents, Tangents } from "./types.ts"

/** The two halves of a derivative of your own. */
export interface CustomVjp<A extends ReadonlyArray<unknown>, R, Residuals> {
  /** Takes the arguments; gives the result, and what the way back needs. */
  readonly forward: (...args: A) => readonly [R, Residuals]
  /** Takes that and a cotangent of the result; gives a list of cotangents, one for each argument. */
  readonly backward: (residuals: Residuals, cotangent: Tangents<R>) => GivenTangents<A>
}

/** The functions that the user gave, with their types erased. */
interface Rules {
  readonly fn: Given
  readonly forward: Given
  readonly backward: (residuals: unknown, cotangent: unknown) => unknown
}

/**
 * Gives a function a reverse derivative of your own, for better numerics or a straight-through estimate. Forward mode
 * refuses it with a `ScopeError`, as JAX does.
 *
 * `forward` and `backward` are called only where a derivative is asked for, once for each of its orders. They may
 * call the function itself for its value; second derivatives then use its rule again. A rule that asks for the
 * derivative that it defines fails with a `ScopeError`, and one whose results do not fit with a `TreeError`.
 *
 * @example
 * const clipped = customVjp((x: Tensor<"f32", readonly []>) => mul(x, 5), {
 *   forward: (x) => [mul(x, 5), null],
 *   backward: (_, ct) => [clamp(-1, mul(ct, 5), 1)]
 * })
 * grad(clipped)(scalar(2, "f32")) // 1
 */
export const customVjp =
  <const A extends ReadonlyArray<unknown>, const R, Residuals>(
    fn: Fn<A, R & IsTree<"customVjp", "the result", R>> & AreTrees<"customVjp", A>,
    rules: CustomVjp<A, R, Residuals>
  ) =>
  (...args: A): R => {
    requireRecord("customVjp", "the derivative", rules, "give { forward, backward }")
    const { forward, backward } = rules
    for (const [what, rule] of Object.entries({ forward, backward })) requireFunction("customVjp", what, rule)
    const given = { fn, forward, backward } as unknown as Rules
    return callCustom<R>("customVjp", given.fn, args as never, belowReverse(), (primal) => {
      const run = traceForward(given, primal)
      const back = traceBackward(given, primal, run)
      return joined(primal.outputs.leaves, run, back)
    })
  }

interface Forward {
  readonly program: Program
  readonly captured: ReadonlyArray<Value>
  readonly residuals: { readonly structure: Structure; readonly leaves: ReadonlyArray<Tensor> }
}

/** Traces `forward`: its results in the order of the function's own, then the residuals. */
const traceForward = ({ fn, forward }: Rules, primal: Applied): Forward => {
  let structure: Structure = { kind: "none" }
  const ordered = (...values: ReadonlyArray<never>): ReadonlyArray<Tensor> => {
    const [result, kept] = pairOf(
      "customVjp",
      "forward",
      fn,
      forward(...values),
      "[result, residuals]",
      "return [y, null] where nothing is kept"
    )
    const leaves = sameResult("customVjp", "forward", fn, primal, result)
    const residuals = flatten<Tensor>(kept as Tree, isTensor, "customVjp", "forward's residuals")
    structure = residuals.structure
    return [...leaves, ...residuals.leaves]
  }
  const run = capture("customVjp", ordered, primal.args.structure, primal.args.leaves)
  const leaves = run.outputs.leaves.slice(primal.outputs.leaves.length)
  return { program: run.program, captured: run.captured, residuals: { structure, leaves } }
}

/** Traces `backward`: from residuals and cotangents to the cotangents of those arguments that have one. */
const traceBackward = ({ fn, backward }: Rules, { args, outputs }: Applied, { residuals }: Forward) => {
  const active = args.leaves.flatMap(({ dtype }, i) => (isDifferentiable(dtype) ? [i] : []))
  const kept = residuals.leaves.length
  const arity = args.structure.kind === "list" ? args.structure.items.length : 0
  const made = subprogram("a backward function", [...residuals.leaves, ...outputs.leaves], (values) => {
    const cts = values.slice(kept).map((ct) => (isDifferentiable(ct.dtype) ? ct : null))
    const given = backward(
      unflatten<Value>(residuals.structure, values.slice(0, kept)),
      unflatten<Value | null>(outputs.structure, cts)
    )
    if (!isList(given) || given.length !== arity) {
      const gave = isList(given) ? count(given.length, "cotangent") : "no list"
      throw refuse(
        "customVjp",
        "backward",
        `backward of ${named(fn)} gives ${gave} for ${count(arity, "argument")}`,
        tracingHint(given) ?? "return a list with one tree for each argument; null stands for a zero"
      )
    }
    const found = tangentLeaves("customVjp", "cotangents", args, given)
    return active.map((i) => found[i] ?? zeros(args.leaves[i]!))
  })
  return { ...made, active }
}

/** Values that `backward` uses from outside are passed along with the residuals. */
const joined = (
  outputs: ReadonlyArray<Tensor>,
  run: Forward,
  back: ReturnType<typeof traceBackward>
): TracedRule => ({
  captured: [...run.captured, ...back.captured],
  over: (consts, args) => {
    const kept = back.captured
    const residuals = run.residuals.leaves
    const places = placesOf(consts)
    const forward = programOf([...consts, ...args], (values) => [
      ...replay(withConsts(run, consts), values),
      ...kept.map((each) => values[places.get(each)!]!)
    ])
    const backward = programOf([...residuals, ...kept, ...outputs], (values) => {
      const cts = residuals.length + kept.length
      const around = values.slice(residuals.length, cts)
      return replay(back.program, [...around, ...values.slice(0, residuals.length), ...values.slice(cts)])
    })
    return { forward, backward, active: back.active }
  }
})
