import { scopeError, treeError } from "../errors.ts"
import { tracingHint } from "../kinds.ts"
import { apply } from "../primitives/index.ts"
import type { CustomParams } from "../program.ts"
import { withConsts } from "../replay.ts"
import { isList } from "../required.ts"
import { show } from "../shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "../tensor.ts"
import { flatten, leavesLike, type Tree } from "../tree.ts"
import { type Applied, applied, tree } from "./differentiate.ts"
import { atOrder, derivativeOrder, noDerivative, type Order } from "./order.ts"

/** A function that the user gave, with its types erased. */
export type Given = (...args: ReadonlyArray<never>) => unknown

type Op = CustomParams["op"]

/** A traced rule, to be completed once it is known what the call captures. */
export interface TracedRule {
  readonly captured: ReadonlyArray<Value>
  readonly over: (
    consts: ReadonlyArray<Value>,
    args: ReadonlyArray<Value>
  ) => NonNullable<CustomParams["rule"]>
}

export const refuse = (op: Op, path: string, message: string, hint: string) =>
  treeError(op, path, `${op}: ${message}`, hint)

export const named = ({ name }: Given): string => (name === "" ? "the function" : name)

/**
 * Calls a function that has a derivative of its own. The function is not differentiated itself, so the functions that
 * it calls need no rules. Its rule is traced at the order `below`; null where no derivative asks for the rule.
 */
export const callCustom = <R>(
  op: Op,
  fn: Given,
  args: ReadonlyArray<Tree>,
  below: Order | null,
  ruleOf: (primal: Applied) => TracedRule
): R => {
  const primal = atOrder(noDerivative, () => applied(op, fn, args))
  const traced = below === null ? undefined : traceRule(op, fn, () => atOrder(below, () => ruleOf(primal)))
  const consts = [...new Set([...primal.captured, ...(traced?.captured ?? [])])]
  const flat = primal.args.leaves.map(valueOf)
  const results = apply(
    "customDerivative",
    {
      op,
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

const traceRule = (op: Op, fn: Given, trace: () => TracedRule): TracedRule => {
  if (tracing.length === deepest) {
    const names = [...new Set(tracing.slice(-3))].sort().join(", ")
    throw scopeError(
      op,
      `${op}: a derivative of ${names} needs itself: its rule asks for it again, ${deepest} deep and without end`,
      "in the rule call the function for its value alone; write its derivative with other operations"
    )
  }
  tracing.push(named(fn))
  try {
    return trace()
  } finally {
    tracing.pop()
  }
}

/** The two parts of what a rule returns. */
export const pairOf = (
  op: Op,
  what: string,
  fn: Given,
  pair: unknown,
  wanted: string,
  hint: string
): readonly [unknown, unknown] => {
  if (isList(pair) && pair.length === 2) return pair as never
  throw refuse(op, what, `${what} of ${named(fn)} must return ${wanted}`, tracingHint(pair) ?? hint)
}

/** The result that a rule gives, which must be of the function's type: its leaves in the order of the function's own. */
export const sameResult = (
  op: Op,
  what: string,
  fn: Given,
  { outputs }: Applied,
  given: unknown
): ReadonlyArray<Tensor> => {
  const result = flatten<Tensor>(given as Tree, isTensor, op, `${what}'s result`)
  const leaves = leavesLike(outputs.structure, result, "result", show)
  const types = outputs.leaves.map(show)
  const wrong = "path" in leaves ? 0 : types.findIndex((type, i) => type !== show(leaves[i]!))
  if (!("path" in leaves) && wrong < 0) return leaves
  const [gave, wanted] =
    "path" in leaves
      ? [leaves.found, types[outputs.paths.indexOf(leaves.path)] ?? leaves.wanted]
      : [show(leaves[wrong]!), types[wrong]]
  throw refuse(
    op,
    what,
    `${what} of ${named(fn)} gives ${gave} where the function gives ${wanted}`,
    "both must have the same result"
  )
}

/** The order at which a rule is traced, or null where no derivative asks for it. */
export const belowReverse = (): Order | null => {
  const { reverse, any } = derivativeOrder()
  return reverse === 0 ? null : { reverse: reverse - 1, any: any - 1 }
}

/** As `belowReverse`, for a rule that serves both modes. */
export const belowAny = (): Order | null => {
  const { reverse, any } = derivativeOrder()
  return any === 0 ? null : { reverse: Math.min(reverse, any - 1), any: any - 1 }
}
