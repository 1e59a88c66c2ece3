import { renumbered } from "../../builder.ts"
import type { ControlPrimitive } from "../../primitives/control.ts"
import { whileOperands } from "../../primitives/control.ts"
import { apply } from "../../primitives/index.ts"
import type { CustomParams, Program } from "../../program.ts"
import { replay } from "../../replay.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { binary, compare, filled, range, selectEach } from "../../values.ts"
import {
  allBatched,
  type BatchRule,
  type BatchRules,
  type BatchSite,
  batchedInput,
  yes
} from "./batch-rule.ts"
import { guardInputs } from "./guarded.ts"
import { batchedProgram, both } from "./program.ts"
import { scanBatching } from "./scan.ts"

const loop: BatchRule<"while"> = (site) => {
  const { params, inputs, batched, size, counts } = site
  const values = whileOperands(params, inputs)
  const flags = whileOperands(params, batched)
  let carry: ReadonlyArray<boolean> = flags.carry
  for (;;) {
    const condition = batchedProgram({ ...site, counts: undefined }, params.condition, [
      ...flags.conditionConsts,
      ...carry
    ])
    const body = batchedProgram(site, params.body, [...flags.bodyConsts, ...carry], carry)
    // Once the condition differs within the batch, every leaf of the carry may differ too.
    const next = condition.out[0] ? carry.map(() => true) : body.out
    if (next.some((is, i) => is !== carry[i])) {
      carry = next
      continue
    }
    const state = values.carry.map((value, i) =>
      carry[i] ? batchedInput(value, flags.carry[i]!, size) : value
    )
    if (condition.out[0]) return yes(maskedLoop(site, condition.program, state))
    const which = counts === undefined ? [] : [counts]
    const results = apply(
      "while",
      {
        ...params,
        condition: condition.program,
        body: lastFirst(body.program, which.length),
        bodyConsts: which.length + params.bodyConsts
      },
      [...values.conditionConsts, ...which, ...values.bodyConsts, ...state]
    )
    return { values: results, batched: carry }
  }
}

/** The same program with its last inputs first. */
const lastFirst = ({ inputs, equations, outputs }: Program, last: number): Program => {
  const first = inputs.length - last
  return renumbered([...inputs.slice(first), ...inputs.slice(0, first)], equations, outputs)
}

/** Runs until the condition is false for every member. Members that have ended, or do not count, keep their carry. */
const maskedLoop = (
  { params, inputs, batched, size, counts, batch }: BatchSite<"while">,
  condition: Program,
  state: ReadonlyArray<Value>
): ReadonlyArray<Value> => {
  const { conditionConsts, bodyConsts } = whileOperands(params, inputs)
  const flags = [...whileOperands(params, batched).bodyConsts, ...state.map(() => true)]
  const which = counts === undefined ? [] : [counts]
  const consts = [...which, ...conditionConsts]
  const [w, c] = [which.length, consts.length]
  /** Which members go on: the predicate, if there is one, and the condition on its consts and the carry. */
  const goOn = (given: ReadonlyArray<Value>, carry: ReadonlyArray<Value>): Value =>
    both(given.slice(0, w)[0], replay(condition, [...given.slice(w), ...carry])[0])!
  const someGoOn = programOf([...consts, ...state], (all) =>
    apply("any", { axes: [0] }, [goOn(all.slice(0, c), all.slice(c))])
  )
  const masked = programOf([...consts, ...bodyConsts, ...state], (all) => {
    const carry = all.slice(c + bodyConsts.length)
    const goesOn = goOn(all.slice(0, c), carry)
    const step = batch(
      params.body,
      guardInputs(goesOn, { values: all.slice(c), batched: flags }),
      size,
      goesOn
    )
    return step.values.map((value, i) =>
      selectEach(goesOn, batchedInput(value, step.batched[i]!, size), carry[i]!)
    )
  })
  const wide = {
    ...params,
    condition: someGoOn,
    body: masked,
    conditionConsts: c,
    bodyConsts: c + bodyConsts.length
  }
  return apply("while", wide, [...consts, ...consts, ...bodyConsts, ...state])
}

const branch: BatchRule<"switch"> = (site) => {
  const {
    params: { branches },
    inputs,
    batched,
    size,
    counts,
    batch
  } = site
  const [index, ...operands] = inputs as [Value, ...Array<Value>]
  const flags = batched.slice(1)
  if (!batched[0]) {
    const first = branches.map((program) => batchedProgram(site, program, flags).out)
    const out = first[0]!.map((_, i) => first.some((each) => each[i]))
    const made = branches.map((program) => batchedProgram(site, program, flags, out).program)
    const which = counts === undefined ? [] : [counts]
    return { values: apply("switch", { branches: made }, [...inputs, ...which]), batched: out }
  }
  // Members take different branches, so all branches run. An index out of range takes the last, as in StableHLO.
  const last = branches.length - 1
  const at = (op: "eq" | "lt" | "ge", k: number): Value => compare(op, index, filled(index, k))
  const takes = (k: number): Value => (k < last ? at("eq", k) : binary("or", at("lt", 0), at("ge", last)))
  const results = branches.map((program, k) => {
    const taken = both(counts, takes(k))!
    const given = guardInputs(taken, { values: operands, batched: flags })
    const { values, batched: out } = batch(program, given, size, taken)
    return values.map((value, i) => batchedInput(value, out[i]!, size))
  })
  return yes(
    results[last]!.map((value, i) =>
      range(last).reduceRight((other, k) => selectEach(takes(k), results[k]![i]!, other), value)
    )
  )
}

const overRule = (rule: CustomParams["rule"], over: (program: Program) => Program): CustomParams["rule"] => {
  if (rule === null) return null
  if ("dual" in rule) return { ...rule, dual: over(rule.dual) }
  return { ...rule, forward: over(rule.forward), backward: over(rule.backward) }
}

const custom: BatchRule<"customDerivative"> = (site) => {
  const { params, inputs, batched, size } = site
  const values = inputs.map((input, i) => batchedInput(input, batched[i]!, size))
  const over = (program: Program): Program => {
    const all = (vars: Program["inputs"]) => vars.map(() => true)
    return batchedProgram({ ...site, counts: undefined }, program, all(program.inputs), all(program.outputs))
      .program
  }
  return yes(
    apply(
      "customDerivative",
      { ...params, primal: over(params.primal), rule: overRule(params.rule, over) },
      values
    )
  )
}

export const controlBatching: BatchRules<ControlPrimitive> = {
  guard: (site) => yes(apply("guard", {}, allBatched(site))),
  debugPrint: ({ params, inputs }) => yes(apply("debugPrint", params, inputs)),
  scan: scanBatching,
  while: loop,
  switch: branch,
  customDerivative: custom,
  checkpoint: (site) => {
    const { counts, params, inputs, batched } = site
    const { program, out } = batchedProgram(site, params.body, batched)
    const operands = counts === undefined ? inputs : [...inputs, counts]
    return { values: apply("checkpoint", { ...params, body: program }, operands), batched: out }
  },
  barrier: ({ inputs, batched }) => ({ values: apply("barrier", {}, inputs), batched }),
  checkpointName: ({ params, inputs }) => yes(apply("checkpointName", params, inputs)),
  // It works on the last axes, so a batch axis in front changes nothing.
  composite: (site) => yes(apply("composite", site.params, allBatched(site)))
}
