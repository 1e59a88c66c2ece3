import { counted, loopOf, runLoop, startsAsConsts } from "../../loops/loop.ts"
import { apply1 } from "../../primitives/index.ts"
import { scanOperands } from "../../primitives/scan.ts"
import { replay } from "../../replay.ts"
import { placesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { broadcast, compare, moveAxis, select, selectEach, zeros } from "../../values.ts"
import { type Batched, type BatchRule, batchedInput } from "./batch-rule.ts"
import { guardInputs } from "./guarded.ts"
import { type BatchedProgram, batchedProgram } from "./program.ts"

/**
 * A scan over a batch: each step advances the whole batch. Where lengths differ, the loop runs as long as the longest.
 * A member that has ended keeps its carry and outputs zeros.
 */
export const scanBatching: BatchRule<"scan"> = (site) => {
  const { params, inputs, batched, size, counts, batch } = site
  const is = scanOperands(params, batched)
  const { loop, body, sources } = startsAsConsts(
    loopOf(params, inputs),
    params.body,
    (i) => is.xs[i] === true
  )
  const s = loop.carry.length
  const consts = [...is.consts, ...sources.map(() => true)]
  const places = placesOf(sources)
  const rows = is.xs.map((each, i) => each === true && !places.has(i))
  const lengths = is.length === true ? ownLengths(loop.traced!, counts) : undefined
  const ys = body.outputs.slice(s).map(() => lengths !== undefined)
  let carry = lengths === undefined ? is.carry : is.carry.map(() => true)
  let made: BatchedProgram
  for (;;) {
    made = batchedProgram(site, body, [...consts, ...carry, ...rows], [...carry, ...ys])
    const next = made.out.slice(0, s)
    if (next.every((each, i) => each === carry[i])) break
    carry = next
  }
  const { out } = made
  const operands = {
    consts: loop.consts,
    carry: loop.carry.map((leaf, i) => (carry[i] ? batchedInput(leaf, is.carry[i]!, size) : leaf)),
    xs: loop.xs.map(({ leaf, operand }, i) => ({
      leaf,
      operand: rows[i] ? moveAxis(operand!, 0, 1) : operand
    }))
  }
  if (lengths === undefined) {
    const run = runLoop(loop, operands, (constants, state, row) => {
      // Not batched once more: each level of a nest would double the work.
      const given = [...constants, ...state, ...row]
      const results = replay(made.program, counts === undefined ? given : [...given, counts])
      return { carry: results.slice(0, s), ys: results.slice(s) }
    })
    return finished(out, run)
  }
  const most = { ...loop, traced: apply1("max", { axes: [0] }, lengths) }
  const counting = { ...operands, xs: [...operands.xs, counted] }
  const run = runLoop(most, counting, (constants, state, row) => {
    const goesOn = compare("lt", broadcast(row.at(-1)!, lengths.shape, []), lengths)
    const values = [...constants, ...state, ...row.slice(0, -1)]
    const flags = [...consts, ...carry, ...rows]
    const results = batch(body, guardInputs(goesOn, { values, batched: flags }), size, goesOn)
    const wide = results.values.map((value, i) =>
      out[i] ? batchedInput(value, results.batched[i]!, size) : value
    )
    return {
      carry: state.map((before, i) => selectEach(goesOn, wide[i]!, before)),
      ys: wide.slice(s).map((y) => selectEach(goesOn, y, zeros(y)))
    }
  })
  return finished(out, run)
}

/** How many steps each member takes: none where it does not count. */
const ownLengths = (lengths: Value, counts: Value | undefined): Value =>
  counts === undefined ? lengths : select(counts, lengths, zeros(lengths))

/** Outputs stack along the first axis, so the batch is their second axis. */
const finished = (out: ReadonlyArray<boolean>, { carry, ys }: ReturnType<typeof runLoop>): Batched => ({
  values: [...carry, ...ys.map((stack, i) => (out[carry.length + i] ? moveAxis(stack, 1, 0) : stack))],
  batched: out
})
