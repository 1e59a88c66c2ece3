import { apply1 } from "../../primitives/index.ts"
import { scanOperands } from "../../primitives/scan.ts"
import { replay } from "../../replay.ts"
import type { Value } from "../../tensor.ts"
import { broadcast, compare, moveAxis, zeros } from "../../values.ts"
import { counted, type Loop, loopOf, runLoop, startsAsConsts } from "../loop.ts"
import { type Batched, type BatchRule, batchedInput } from "./batch-rule.ts"
import { batchedProgram, selectEach } from "./program.ts"

/** A scan over a batch: each step steps the whole batch. */
export const scanBatching: BatchRule<"scan"> = ({ params, inputs, batched, size, batch }) => {
  const is = scanOperands(params, batched)
  const { loop, body, sources } = startsAsConsts(
    loopOf(params, inputs),
    params.body,
    (i) => is.xs[i] === true
  )
  const consts = [...is.consts, ...sources.map(() => true)]
  const rows = is.xs.map((each, i) => each === true && !sources.includes(i))
  const lengths = is.length === true ? loop.traced : undefined
  const ys = body.outputs.slice(loop.carry.length).map(() => lengths !== undefined)
  let carry = lengths === undefined ? is.carry : is.carry.map(() => true)
  for (;;) {
    const step = batchedProgram(body, [...consts, ...carry, ...rows], size, batch, [...carry, ...ys])
    const next = step.out.slice(0, carry.length)
    if (next.every((each, i) => each === carry[i])) {
      const state = loop.carry.map((leaf, i) => (carry[i] ? batchedInput(leaf, is.carry[i]!, size) : leaf))
      const xs = loop.xs.map(({ leaf, operand }, i) => ({
        leaf,
        operand: rows[i] ? moveAxis(operand!, 0, 1) : operand
      }))
      const run = (values: ReadonlyArray<Value>) => replay(step.program, values)
      return finished(step.out, stepped({ ...loop, carry: state, xs }, run, lengths))
    }
    carry = next
  }
}

/** Outputs stack along the first axis, which puts the batch second. */
const finished = (out: ReadonlyArray<boolean>, { carry, ys }: ReturnType<typeof runLoop>): Batched => ({
  values: [...carry, ...ys.map((stack, i) => (out[carry.length + i] ? moveAxis(stack, 1, 0) : stack))],
  batched: out
})

/** Runs as many steps as the longest of the batch has; what has ended keeps its carry and puts out zeros. */
const stepped = (
  loop: Loop,
  run: (values: ReadonlyArray<Value>) => ReadonlyArray<Value>,
  lengths: Value | undefined
): ReturnType<typeof runLoop> => {
  const count = loop.carry.length
  if (lengths === undefined) {
    return runLoop(loop, loop, (consts, carry, rows) => {
      const results = run([...consts, ...carry, ...rows])
      return { carry: results.slice(0, count), ys: results.slice(count) }
    })
  }
  const most = apply1("max", { axes: [0] }, lengths)
  const operands = { ...loop, xs: [...loop.xs, counted] }
  return runLoop({ ...loop, traced: most }, operands, (consts, carry, rows) => {
    const goesOn = compare("lt", broadcast(rows.at(-1)!, lengths.shape, []), lengths)
    const results = run([...consts, ...carry, ...rows.slice(0, -1)])
    return {
      carry: carry.map((before, i) => selectEach(goesOn, results[i]!, before)),
      ys: results.slice(count).map((y) => selectEach(goesOn, y, zeros(y)))
    }
  })
}
