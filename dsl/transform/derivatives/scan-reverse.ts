import { isDifferentiable } from "../../dtype.ts"
import { scopeError } from "../../errors.ts"
import { scanOperands } from "../../primitives/scan.ts"
import type { Program, ScanParams } from "../../program.ts"
import { replay } from "../../replay.ts"
import type { Aval } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { add, zeros } from "../../values.ts"
import {
  type Loop,
  type LoopShape,
  type LoopSource,
  loopOf,
  rowsOf,
  runLoop,
  startsAsConsts
} from "../loop.ts"
import { reaches } from "../reaches.ts"
import { split, splitRepeating } from "../split.ts"
import type { Maybe, Pullback, Reverse } from "./derivative.ts"
import { place, present } from "./dual.ts"
import { inBlocks } from "./scan-blocks.ts"
import { carryAgain } from "./scan-recompute.ts"

/** What is kept of the forward run: every value needed, the carries alone, or nothing. */
type Keep = "values" | "carries" | "nothing"

/** Reverse mode of a scan under its checkpoint policy. */
export const scanReverse = (
  params: ScanParams,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  reverse: Reverse
): Pullback => {
  const { checkpoint, length } = params
  if (length === null) {
    throw scopeError(
      "scan",
      "scan: reverse mode needs a bound on the number of steps, and this length is traced without one",
      'give one: arange(n, { max: 100 }) or { length: n, max: 100 }, and with checkpoint ("all", "sqrt", { every: k }, "recompute") say what to keep; forward mode (jvp, jacfwd) needs none'
    )
  }
  if (checkpoint === "all" || length === 0) return reverseLoop(params, inputs, wanted, reverse, "values")
  if (checkpoint === "recompute") return reverseLoop(params, inputs, wanted, reverse, "nothing")
  const every = checkpoint === "sqrt" ? Math.ceil(Math.sqrt(length)) : Math.min(checkpoint.every, length)
  if (every === 1) return reverseLoop(params, inputs, wanted, reverse, "carries")
  const blocks = programOf(inputs, (values) => inBlocks(params, values, every))
  return reverse(blocks, inputs, wanted)
}

const reverseLoop = (
  params: ScanParams,
  operands: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  reverse: Reverse,
  keep: Keep
): Pullback => {
  const asked = scanOperands(params, wanted)
  const { loop, body, sources } = startsAsConsts(
    loopOf(params, operands),
    params.body,
    (i) => asked.xs[i] === true
  )
  const wantedConsts = [...asked.consts, ...sources.map(() => true)]
  const wantedRows = asked.xs.map((each, i) => each === true && !sources.includes(i))
  const wantedCarry = activeCarry(body, loop, [wantedConsts, asked.carry, wantedRows])
  const step = stepBackward(body, loop, [wantedConsts, wantedCarry, wantedRows], reverse, keep)

  const { carry, ys } = runLoop(loop, { ...loop, consts: step.invariant }, (consts, state, rows) => {
    const results = replay(step.forward, [...consts, ...state, ...rows])
    return { carry: results.slice(0, loop.carry.length), ys: results.slice(loop.carry.length) }
  })
  const yCount = body.outputs.length - loop.carry.length
  const pull: Pullback["pull"] = (cotangents) => {
    const found = runBackward({
      loop,
      step,
      cotangents,
      stacks: ys.slice(yCount),
      params: { ...params, body }
    })
    const starts = found.consts.slice(asked.consts.length)
    const xs = loop.xs.flatMap((_, i) => {
      const source = sources.indexOf(i)
      if (source >= 0) return [starts[source]]
      return asked.xs[i] === undefined ? [] : [found.rows[i]]
    })
    const none = loop.traced === undefined ? [] : [undefined]
    return [...none, ...found.consts.slice(0, asked.consts.length), ...found.carry, ...xs]
  }
  return { outputs: [...carry, ...ys.slice(0, yCount)], pull }
}

type Parts = readonly [ReadonlyArray<boolean>, ReadonlyArray<boolean>, ReadonlyArray<boolean>]

/** The carry leaves that depend on what is asked for, at some step. */
const activeCarry = (body: Program, loop: Loop, [consts, carry, rows]: Parts): ReadonlyArray<boolean> => {
  let active = carry
  for (;;) {
    const reached = reaches(body, [...consts, ...active, ...rows])
    const next = active.map((each, i) => each || reached[i]!)
    if (next.every((each, i) => each === active[i])) {
      return next.map((each, i) => each && isDifferentiable(loop.carry[i]!.dtype))
    }
    active = next
  }
}

interface Backward {
  /** Values that no step changes, worked out before the loop; the consts of both loops. */
  readonly invariant: ReadonlyArray<Value>
  /** Invariants, carry, rows to the next carry, this step's outputs, and what is kept of the step. */
  readonly forward: Program
  /** What is kept, then cotangents of carry and outputs, to cotangents of consts, carry and rows. */
  readonly backward: Program
  /** Where each residual of the backward step comes from. */
  readonly residuals: ReadonlyArray<Residual>
  readonly wanted: Parts
  readonly yActive: ReadonlyArray<boolean>
}

type Residual =
  | { readonly from: "invariant" | "row" | "carry"; readonly index: number }
  | { readonly from: "stack"; readonly index: number }

/** One step of the backward run, and what it needs of the forward run. */
const stepBackward = (body: Program, loop: Loop, wanted: Parts, reverse: Reverse, keep: Keep): Backward => {
  const [wantedConsts, wantedCarry, wantedRows] = wanted
  const [c, s, x] = [loop.consts.length, loop.carry.length, loop.xs.length]
  const reached = reaches(body, [...wantedConsts, ...wantedCarry, ...wantedRows])
  const yActive = reached.slice(s)
  const carryAvals = loop.carry.filter((_, i) => wantedCarry[i])
  const yAvals = body.outputs.slice(s).flatMap(({ aval }, i) => (yActive[i] ? [aval] : []))
  const inputs = body.inputs.map(({ aval }) => aval)
  const whole = programOf([...inputs, ...carryAvals, ...yAvals], (values) => {
    const primals = values.slice(0, inputs.length)
    const { outputs, pull } = reverse(body, primals, [...wantedConsts, ...wantedCarry, ...wantedRows])
    const given = place([...wantedCarry, ...yActive], values.slice(inputs.length))
    const pulled = pull(given)
    const asked = [...wantedConsts, ...wantedCarry, ...wantedRows]
    return [...outputs, ...asked.flatMap((want, i) => (want ? [pulled[i] ?? zeros(primals[i]!)] : []))]
  })
  const early = body.outputs.length
  const count = whole.inputs.length
  const known = (upTo: number) => Array.from({ length: count }, (_, i) => i < upTo)
  const first = keep === "values" ? split(whole, known(c)) : splitRepeating(whole, known(c), 0)
  const invariant = replay(first.known, loop.consts)
  const n = first.residuals.length
  const isKnown = first.unknown.inputs.map((_, i) => i < n + s + x)
  const second =
    keep === "values" ? split(first.unknown, isKnown, early) : splitRepeating(first.unknown, isKnown, early)
  const residuals: Array<Residual> = []
  const stacked: Array<number> = []
  second.residuals.forEach((variable, i) => {
    const index = first.unknown.inputs.indexOf(variable)
    if (index >= 0 && index < n) residuals.push({ from: "invariant", index })
    else if (index >= n + s && index < n + s + x) residuals.push({ from: "row", index: index - n - s })
    else if (keep === "nothing") residuals.push({ from: "carry", index: index - n })
    else {
      residuals.push({ from: "stack", index: stacked.length })
      stacked.push(early + i)
    }
  })
  const { known: forward } = second
  const kept = [...forward.outputs.slice(0, early), ...stacked.map((at) => forward.outputs[at]!)]
  return {
    invariant,
    forward: { ...forward, outputs: kept },
    backward: second.unknown,
    residuals,
    wanted,
    yActive
  }
}

interface BackwardRun {
  readonly loop: Loop
  readonly params: ScanParams
  readonly step: Backward
  readonly cotangents: ReadonlyArray<Maybe>
  readonly stacks: ReadonlyArray<Value>
}

/** The loop over the steps from the last to the first. */
const runBackward = ({ loop, step, cotangents, stacks, params }: BackwardRun) => {
  const [wantedConsts, wantedCarry, wantedRows] = step.wanted
  const s = loop.carry.length
  const carryCts = loop.carry.flatMap((leaf, i) => (wantedCarry[i] ? [cotangents[i] ?? zeros(leaf)] : []))
  const totals = loop.consts.flatMap((leaf, i) => (wantedConsts[i] ? [zeros(leaf)] : []))
  const yCts = cotangents.slice(s).map((ct, i) => (step.yActive[i] ? ct : undefined))
  const again = step.residuals.some(({ from }) => from === "carry") ? carryAgain(loop, params) : undefined
  const xs: ReadonlyArray<LoopSource> = [
    ...loop.xs,
    ...stacks.map(rowsOf),
    ...present(yCts).map(rowsOf),
    ...(again === undefined ? [] : [again.source])
  ]
  const shape: LoopShape = { ...loop, reverse: !loop.reverse, checkpoint: "all" }
  const yAvals: ReadonlyArray<Aval> = params.body.outputs.slice(s).map(({ aval }) => aval)
  const { carry, ys } = runLoop(
    shape,
    { consts: step.invariant, carry: [...carryCts, ...totals], xs },
    (consts, state, all) => {
      const rows = all.slice(0, loop.xs.length)
      const kept = all.slice(loop.xs.length, loop.xs.length + stacks.length)
      const given = all.slice(loop.xs.length + stacks.length)
      const before = again === undefined ? [] : again.carry(all.at(-1)!)
      const residuals = step.residuals.map(({ from, index }) =>
        from === "invariant"
          ? consts[index]!
          : from === "row"
            ? rows[index]!
            : from === "carry"
              ? before[index]!
              : kept[index]!
      )
      let next = 0
      const yRows = yCts.flatMap((ct, i) =>
        step.yActive[i] ? [ct === undefined ? zeros(yAvals[i]!) : given[next++]!] : []
      )
      const pulled = replay(step.backward, [...residuals, ...state.slice(0, carryCts.length), ...yRows])
      const [t, k] = [totals.length, carryCts.length]
      return {
        carry: [
          ...pulled.slice(t, t + k),
          ...pulled.slice(0, t).map((change, i) => add(state[k + i]!, change))
        ],
        ys: pulled.slice(t + k)
      }
    }
  )
  return {
    consts: place(wantedConsts, carry.slice(carryCts.length)),
    carry: place(wantedCarry, carry.slice(0, carryCts.length)),
    rows: place(wantedRows, ys)
  }
}
