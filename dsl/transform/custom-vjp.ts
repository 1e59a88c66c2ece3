import { count } from "../count.ts"
import { isDifferentiable } from "../dtype.ts"
import { scopeError, treeError } from "../errors.ts"
import { tracingHint } from "../kinds.ts"
import { apply } from "../primitives/index.ts"
import type { CustomVjpRule } from "../program.ts"
import { replay, withConsts } from "../replay.ts"
import { isList, requireFunction, requireRecord } from "../required.ts"
import { placesOf, show } from "../shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "../tensor.ts"
import { capture, programOf, subprogram } from "../trace.ts"
import { flatten, leavesLike, type Structure, type Tree, unflatten } from "../tree.ts"
import type { AreTrees, IsTree } from "../tree-types.ts"
import { zeros } from "../values.ts"
import { type Applied, applied, type Fn, tangentLeaves, tree } from "./differentiate.ts"
import { atOrder, derivativeOrder } from "./order.ts"
import type { GivenTangents, Tangents } from "./types.ts"

/** The two halves of a derivative of your own. */
export interface CustomVjp<A extends ReadonlyArray<unknown>, R, Residuals> {
  /** Takes the arguments; gives the result, and what the way back needs. */
  readonly forward: (...args: A) => readonly [R, Residuals]
  /** Takes that and a cotangent of the result; gives a list of cotangents, one for each argument. */
  readonly backward: (residuals: Residuals, cotangent: Tangents<R>) => GivenTangents<A>
}

/** The functions that the user gave, with their types erased. */
interface Given {
  readonly fn: (...args: ReadonlyArray<never>) => unknown
  readonly forward: (...args: ReadonlyArray<never>) => unknown
  readonly backward: (residuals: unknown, cotangent: unknown) => unknown
}

const refuse = (path: string, message: string, hint: string) =>
  treeError("customVjp", path, `customVjp: ${message}`, hint)

const named = ({ name }: Given["fn"]): string => (name === "" ? "the function" : name)

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
    const given = { fn, forward, backward } as unknown as Given
    // A function with a rule is not differentiated itself, so the functions that it calls need no rules.
    const primal = atOrder(0, () => applied("customVjp", given.fn, args as never))
    const traced = derivativeOrder() > 0 ? tracedRule(given, primal) : undefined
    const consts = [...new Set([...primal.captured, ...(traced?.captured ?? [])])]
    const flat = primal.args.leaves.map(valueOf)
    const results = apply(
      "customVjp",
      {
        primal: withConsts(primal, consts),
        rule: traced === undefined ? null : traced.over(consts, flat),
        consts: consts.length
      },
      [...consts, ...flat]
    )
    return tree<R>(primal.outputs.structure, results)
  }

/** How many rules may be traced inside one another; Node's stack holds from 160 to 330. */
const deepest = 64
/** The functions whose rules are being traced, the innermost last. */
const tracing: Array<string> = []

/** A traced rule, to be completed once it is known what the call captures. */
interface TracedRule {
  readonly captured: ReadonlyArray<Value>
  readonly over: (consts: ReadonlyArray<Value>, args: ReadonlyArray<Value>) => CustomVjpRule
}

/** A rule is differentiated once less than its function. At order 0 the functions it calls need no rules. */
const tracedRule = (given: Given, primal: Applied): TracedRule => {
  if (tracing.length === deepest) {
    const names = [...new Set(tracing.slice(-3))].sort().join(", ")
    throw scopeError(
      "customVjp",
      `customVjp: a derivative of ${names} needs itself: its rule asks for it again, ${deepest} deep and without end`,
      "in forward and backward call the function for its value alone; write its derivative with other operations"
    )
  }
  tracing.push(named(given.fn))
  try {
    return atOrder(derivativeOrder() - 1, () => {
      const run = traceForward(given, primal)
      const back = traceBackward(given, primal, run)
      return joined(primal.outputs.leaves, run, back)
    })
  } finally {
    tracing.pop()
  }
}

interface Forward {
  readonly program: CustomVjpRule["forward"]
  readonly captured: ReadonlyArray<Value>
  readonly residuals: { readonly structure: Structure; readonly leaves: ReadonlyArray<Tensor> }
}

/** Traces `forward`: its results in the order of the function's own, then the residuals. */
const traceForward = ({ fn, forward }: Given, { args, outputs }: Applied): Forward => {
  let structure: Structure = { kind: "none" }
  const ordered = (...values: ReadonlyArray<never>): ReadonlyArray<Tensor> => {
    const pair = forward(...values)
    if (!isList(pair) || pair.length !== 2) {
      throw refuse(
        "forward",
        `forward of ${named(fn)} must return [result, residuals]`,
        tracingHint(pair) ?? "return [y, null] where nothing is kept"
      )
    }
    const result = flatten<Tensor>(pair[0] as Tree, isTensor, "customVjp", "forward's result")
    const leaves = leavesLike(outputs.structure, result, "result", show)
    const types = outputs.leaves.map(show)
    const wrong = "path" in leaves ? 0 : types.findIndex((type, i) => type !== show(leaves[i]!))
    if ("path" in leaves || wrong >= 0) {
      const [gave, wanted] =
        "path" in leaves
          ? [leaves.found, types[outputs.paths.indexOf(leaves.path)] ?? leaves.wanted]
          : [show(leaves[wrong]!), types[wrong]]
      throw refuse(
        "forward",
        `forward of ${named(fn)} gives ${gave} where the function gives ${wanted}`,
        "both must have the same result"
      )
    }
    const residuals = flatten<Tensor>(pair[1] as Tree, isTensor, "customVjp", "forward's residuals")
    structure = residuals.structure
    return [...leaves, ...residuals.leaves]
  }
  const run = capture("customVjp", ordered, args.structure, args.leaves)
  const leaves = run.outputs.leaves.slice(outputs.leaves.length)
  return { program: run.program, captured: run.captured, residuals: { structure, leaves } }
}

/** Traces `backward`: from residuals and cotangents to the cotangents of those arguments that have one. */
const traceBackward = ({ fn, backward }: Given, { args, outputs }: Applied, { residuals }: Forward) => {
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
