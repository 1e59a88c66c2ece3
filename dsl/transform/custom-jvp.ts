import { isDifferentiable } from "../dtype.ts"
import { valueError } from "../errors.ts"
import type { Program } from "../program.ts"
import { withConsts } from "../replay.ts"
import { requireFunction } from "../required.ts"
import type { Tensor, Value } from "../tensor.ts"
import { valueOf } from "../tensor.ts"
import { programOf, subprogram } from "../trace.ts"
import { unflatten } from "../tree.ts"
import type { AreTrees, IsTree } from "../tree-types.ts"
import { zeros } from "../values.ts"
import {
  belowAny,
  callCustom,
  type Given,
  named,
  pairOf,
  sameResult,
  type TracedRule
} from "./custom-rule.ts"
import { type Applied, type Fn, tangentLeaves } from "./differentiate.ts"
import { reverse } from "./reverse.ts"
import { earlyOf } from "./split.ts"
import type { GivenTangents, Tangents } from "./types.ts"

/**
 * Gives a function a derivative of your own, which serves both modes. `rule` takes the arguments as a list, and a list
 * of their tangents. It returns `[result, tangent of the result]`; the tangent must be linear in those given, and null
 * stands for zero. Integers have no tangent: theirs is null.
 *
 * `rule` is called only where a derivative is asked for, once for each of its orders. It may call the function itself
 * for its value. A rule that asks for the derivative that it defines fails with a `ScopeError`, one whose results do not
 * fit with a `TreeError`, and one whose tangent is not linear with a `ValueError`.
 *
 * @example
 * const softAbs = customJvp(
 *   (x: Tensor<"f32", readonly []>) => abs(x),
 *   ([x], [dx]) => [abs(x), mul(dx, tanh(x))]
 * )
 * grad(softAbs)(scalar(0.5, "f32")) // 0.462
 */
export const customJvp =
  <const A extends ReadonlyArray<unknown>, const R>(
    fn: Fn<A, R & IsTree<"customJvp", "the result", R>> & AreTrees<"customJvp", A>,
    rule: (primals: A, tangents: Tangents<A>) => readonly [NoInfer<R>, GivenTangents<NoInfer<R>>]
  ) =>
  (...args: A): R => {
    requireFunction("customJvp", "the rule", rule)
    return callCustom<R>("customJvp", fn as unknown as Given, args as never, belowAny(), (primal) =>
      traceDual(fn as unknown as Given, rule as unknown as Given, primal)
    )
  }

const traceDual = (fn: Given, rule: Given, primal: Applied): TracedRule => {
  const { args, outputs } = primal
  const active = args.leaves.flatMap(({ dtype }, i) => (isDifferentiable(dtype) ? [i] : []))
  const moving = active.map((i) => args.leaves[i]!)
  const made = subprogram("a rule given to customJvp", [...args.leaves, ...moving], (values) => {
    const tangents: Array<Value | null> = args.leaves.map(() => null)
    active.forEach((i, k) => {
      tangents[i] = values[args.leaves.length + k]!
    })
    const [result, tangent] = pairOf(
      "customJvp",
      "the rule",
      fn,
      rule(
        unflatten<Value>(args.structure, values.slice(0, args.leaves.length)) as never,
        unflatten<Value | null>(args.structure, tangents) as never
      ),
      "[result, tangent]",
      "return [y, null] where nothing moves"
    )
    const leaves = sameResult("customJvp", "the rule", fn, primal, result).map(valueOf)
    const found = tangentLeaves("customJvp", "the tangent", outputs, tangent)
    const moves = outputs.leaves.flatMap((leaf, i) =>
      isDifferentiable(leaf.dtype) ? [found[i] ?? zeros(leaf)] : []
    )
    return [...leaves, ...moves]
  })
  requireLinear(fn, made.program, made.captured.length + args.leaves.length, outputs.leaves)
  return {
    captured: made.captured,
    over: (consts) => ({ dual: withConsts(made, consts), active })
  }
}

/** The transpose of a linear function does not depend on where it is taken. */
const requireLinear = (fn: Given, dual: Program, primals: number, outputs: ReadonlyArray<Tensor>): void => {
  const given = dual.outputs.map((_, i) => i >= outputs.length)
  const cotangents = dual.outputs.slice(outputs.length)
  const wanted = dual.inputs.map((_, i) => i >= primals)
  const transpose = programOf(
    [...dual.inputs, ...cotangents].map(({ aval }) => aval),
    (values) => {
      const operands = values.slice(0, dual.inputs.length)
      const cts = given.map((each, i) => (each ? values[dual.inputs.length + i - outputs.length] : undefined))
      return reverse(dual, operands, wanted, given)
        .pull(cts)
        .filter((pulled) => pulled !== undefined)
    }
  )
  const known = transpose.inputs.map((_, i) => i < primals || i >= dual.inputs.length)
  const early = earlyOf(transpose, known)
  const late = new Set(transpose.equations.flatMap((each) => (early.has(each) ? [] : each.outputs)))
  if (
    !transpose.outputs.some((output) => late.has(output) || known[transpose.inputs.indexOf(output)] === false)
  )
    return
  throw valueError(
    "customJvp",
    `customJvp: the tangent that the rule of ${named(fn)} gives is not linear in the tangents that it is given`,
    "multiply them by what depends on the arguments alone, and add"
  )
}
