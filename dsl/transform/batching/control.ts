import { whileOperands } from "../../primitives/control.ts"
import { apply } from "../../primitives/index.ts"
import type { Program, WhileParams } from "../../program.ts"
import { replay } from "../../replay.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { compare, filled, range } from "../../values.ts"
import { type BatchRule, type BatchRules, batchedInput, yes } from "./batch-rule.ts"
import { batchedProgram, selectEach } from "./program.ts"
import { scanBatching } from "./scan.ts"

const loop: BatchRule<"while"> = ({ params, inputs, batched, size, batch }) => {
  const values = whileOperands(params, inputs)
  const flags = whileOperands(params, batched)
  let carry: ReadonlyArray<boolean> = flags.carry
  for (;;) {
    const condition = batchedProgram(params.condition, [...flags.conditionConsts, ...carry], size, batch)
    const body = batchedProgram(params.body, [...flags.bodyConsts, ...carry], size, batch, carry)
    // Once the condition differs within the batch, so may all that is carried.
    const next = condition.out[0] ? carry.map(() => true) : body.out
    if (next.some((is, i) => is !== carry[i])) {
      carry = next
      continue
    }
    const state = values.carry.map((value, i) =>
      carry[i] ? batchedInput(value, flags.carry[i]!, size) : value
    )
    if (!condition.out[0]) {
      const results = apply("while", { ...params, condition: condition.program, body: body.program }, [
        ...values.conditionConsts,
        ...values.bodyConsts,
        ...state
      ])
      return { values: results, batched: carry }
    }
    return yes(maskedLoop(params, condition.program, body.program, values, state))
  }
}

/** Runs until the condition holds for none of the batch; those that have ended keep their carry. */
const maskedLoop = (
  { max, checkpoint }: Pick<WhileParams, "max" | "checkpoint">,
  condition: Program,
  body: Program,
  values: { readonly conditionConsts: ReadonlyArray<Value>; readonly bodyConsts: ReadonlyArray<Value> },
  state: ReadonlyArray<Value>
): ReadonlyArray<Value> => {
  const [c, b] = [values.conditionConsts.length, values.bodyConsts.length]
  const someGoOn = programOf([...values.conditionConsts, ...state], (all) =>
    apply("any", { axes: [0] }, replay(condition, all))
  )
  const masked = programOf([...values.conditionConsts, ...values.bodyConsts, ...state], (all) => {
    const carry = all.slice(c + b)
    const [goesOn] = replay(condition, [...all.slice(0, c), ...carry])
    const next = replay(body, [...all.slice(c, c + b), ...carry])
    return next.map((value, i) => selectEach(goesOn!, value, carry[i]!))
  })
  return apply(
    "while",
    { condition: someGoOn, body: masked, conditionConsts: c, bodyConsts: c + b, max, checkpoint },
    [...values.conditionConsts, ...values.conditionConsts, ...values.bodyConsts, ...state]
  )
}

const branch: BatchRule<"switch"> = ({ params: { branches }, inputs, batched, size, batch }) => {
  const [index, ...operands] = inputs as [Value, ...Array<Value>]
  const flags = batched.slice(1)
  if (!batched[0]) {
    const first = branches.map((program) => batchedProgram(program, flags, size, batch).out)
    const out = first[0]!.map((_, i) => first.some((each) => each[i]))
    const made = branches.map((program) => batchedProgram(program, flags, size, batch, out).program)
    return { values: apply("switch", { branches: made }, inputs), batched: out }
  }
  // Each of the batch takes its own branch, so all are run. An index out of range takes the last, as StableHLO has it.
  const results = branches.map((program) => {
    const { values, batched: out } = batch(program, { values: operands, batched: flags }, size)
    return values.map((value, i) => batchedInput(value, out[i]!, size))
  })
  const last = results.at(-1)!
  return yes(
    last.map((value, i) =>
      range(branches.length - 1).reduceRight(
        (other, k) => selectEach(compare("eq", index, filled(index, k)), results[k]![i]!, other),
        value
      )
    )
  )
}

const custom: BatchRule<"customVjp"> = ({ params, inputs, batched, size, batch }) => {
  const values = inputs.map((input, i) => batchedInput(input, batched[i]!, size))
  const over = (program: Program): Program => {
    const all = (vars: Program["inputs"]) => vars.map(() => true)
    return batchedProgram(program, all(program.inputs), size, batch, all(program.outputs)).program
  }
  const { primal, rule, consts } = params
  const changed =
    rule === null ? null : { ...rule, forward: over(rule.forward), backward: over(rule.backward) }
  return yes(apply("customVjp", { primal: over(primal), rule: changed, consts }, values))
}

export const controlBatching: BatchRules<"scan" | "while" | "switch" | "customVjp" | "debugPrint"> = {
  debugPrint: ({ params, inputs }) => yes(apply("debugPrint", params, inputs)),
  scan: scanBatching,
  while: loop,
  switch: branch,
  customVjp: custom
}
