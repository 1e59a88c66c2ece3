import { workingDType } from "../../dtype.ts"
import { scopeError } from "../../errors.ts"
import { inBlocks } from "../../loops/blocks.ts"
import {
  type Loop,
  type LoopShape,
  type LoopSource,
  loopOf,
  rowsOf,
  runLoop,
  scanOfChanging,
  startsAsConsts,
  unchangedCarry
} from "../../loops/loop.ts"
import { scanOperands } from "../../primitives/scan.ts"
import type { Program, ScanParams } from "../../program.ts"
import { replay } from "../../replay.ts"
import { type Aval, placesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { add, convert, zeros } from "../../values.ts"
import { split, splitRepeating } from "../split.ts"
import type { Maybe, Pullback, Reverse } from "./derivative.ts"
import { isThere, place, present } from "./dual.ts"
import { replayLinear } from "./linear.ts"
import { differentiatedParts, inputsOf, type Parts } from "./scan-parts.ts"
import { carryAgain } from "./scan-recompute.ts"

/** What the forward loop keeps: every value the backward loop needs, the carries alone, or nothing. */
type Keep = "values" | "carries" | "nothing"

/** Reverse mode of a scan under its checkpoint policy. */
export const scanReverse = (
  params: ScanParams,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  given: ReadonlyArray<boolean>,
  reverse: Reverse
): Pullback => {
  const rewritten = (make: (values: ReadonlyArray<Value>) => ReadonlyArray<Value>): Pullback =>
    reverse(programOf(inputs, make), inputs, wanted, given)
  if (unchangedCarry(params.body, params.consts, params.carry).some(Boolean))
    return rewritten((values) => scanOfChanging(params, values))
  const { checkpoint, length } = params
  if (length === null) {
    throw scopeError(
      "scan",
      "scan: reverse mode needs a bound on the number of steps, and this length is traced without one",
      'give one: arange(n, { max: 100 }) or { length: n, max: 100 }, and with checkpoint ("all", "sqrt", { every: k }, "recompute") say what to keep; forward mode (jvp, jacfwd) needs none'
    )
  }
  const run = (keep: Keep) => reverseLoop(params, inputs, wanted, given, reverse, keep)
  if (checkpoint === "all" || length === 0) return run("values")
  if (checkpoint === "recompute") return run("nothing")
  const every = checkpoint === "sqrt" ? Math.ceil(Math.sqrt(length)) : Math.min(checkpoint.every, length)
  if (every === 1) return run("carries")
  return rewritten((values) => inBlocks(params, values, every))
}

const reverseLoop = (
  params: ScanParams,
  operands: ReadonlyArray<Value>,
  wantedOperands: ReadonlyArray<boolean>,
  givenResults: ReadonlyArray<boolean>,
  reverse: Reverse,
  keep: Keep
): Pullback => {
  const asked = scanOperands(params, wantedOperands)
  const { loop, body, sources } = startsAsConsts(
    loopOf(params, operands),
    params.body,
    (i) => asked.xs[i] === true
  )
  const s = loop.carry.length
  const places = placesOf(sources)
  const wanted: Parts = {
    consts: [...asked.consts, ...sources.map(() => true)],
    carry: asked.carry,
    rows: asked.xs.map((each, i) => each === true && !places.has(i)),
    ys: []
  }
  const partsFor = (given: ReadonlyArray<boolean>): Parts =>
    differentiatedParts(body, loop, wanted, { ...wanted, carry: given.slice(0, s), ys: given.slice(s) })
  const parts = partsFor(givenResults)
  const step = stepBackward(body, loop, parts, reverse, keep)

  const lean = keep === "values" ? {} : { lean: true as const }
  const shape = { ...loop, ...lean }
  const { carry, ys } = runLoop(shape, { ...loop, consts: step.invariant }, (consts, state, rows) => {
    const results = replay(step.forward, [...consts, ...state, ...rows])
    return { carry: results.slice(0, s), ys: results.slice(s) }
  })
  const yCount = body.outputs.length - s
  const pull: Pullback["pull"] = (cotangents) => {
    const found = runBackward({
      loop: shape,
      step,
      kept: parts,
      parts: partsFor(isThere(cotangents).map((is, i) => is && givenResults[i]!)),
      cotangents,
      stacks: ys.slice(yCount),
      params: { ...params, consts: loop.consts.length, body }
    })
    const starts = found.consts.slice(asked.consts.length)
    const xs = loop.xs.flatMap((_, i) => {
      const source = places.get(i)
      if (source !== undefined) return [starts[source]]
      return asked.xs[i] === undefined ? [] : [found.rows[i]]
    })
    const none = loop.traced === undefined ? [] : [undefined]
    return [...none, ...found.consts.slice(0, asked.consts.length), ...found.carry, ...xs]
  }
  return { outputs: [...carry, ...ys.slice(0, yCount)], pull }
}

interface Backward {
  /** Values that no step changes, computed before the loop. Both loops take them as consts. */
  readonly invariant: ReadonlyArray<Value>
  /** From invariants, carry and rows to the next carry, this step's outputs, and the step's residuals. */
  readonly forward: Program
  /** From residuals, then cotangents of carry and outputs, to cotangents of consts, carry and rows. */
  readonly backward: Program
  /** Where the backward step finds each of its residuals. */
  readonly residuals: ReadonlyArray<Residual>
}

type Residual =
  | { readonly from: "invariant" | "row" | "carry"; readonly index: number }
  | { readonly from: "stack"; readonly index: number }

/** Differentiates one step, then splits off what the forward loop can compute. */
const stepBackward = (body: Program, loop: Loop, parts: Parts, reverse: Reverse, keep: Keep): Backward => {
  const [c, s, x] = [loop.consts.length, loop.carry.length, loop.xs.length]
  const wanted = inputsOf(parts)
  const given = [...parts.carry, ...parts.ys]
  const inputs = body.inputs.map(({ aval }) => aval)
  const cotangents = body.outputs.flatMap(({ aval }, i) => (given[i] ? [aval] : []))
  const whole = programOf([...inputs, ...cotangents], (values) => {
    const primals = values.slice(0, inputs.length)
    const { outputs, pull } = reverse(body, primals, wanted, given)
    const pulled = pull(place(given, values.slice(inputs.length)))
    return [...outputs, ...wanted.flatMap((want, i) => (want ? [pulled[i] ?? zeros(primals[i]!)] : []))]
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
  const places = placesOf(first.unknown.inputs)
  second.residuals.forEach((variable, i) => {
    const index = places.get(variable) ?? -1
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
    residuals
  }
}

interface BackwardRun {
  readonly loop: Loop
  readonly params: ScanParams
  readonly step: Backward
  /** The parts that the step was differentiated for. */
  readonly kept: Parts
  /** The parts that these cotangents reach: the same, or fewer where some are missing. */
  readonly parts: Parts
  readonly cotangents: ReadonlyArray<Maybe>
  readonly stacks: ReadonlyArray<Value>
}

/** The backward loop: over the steps from the last to the first. */
const runBackward = ({ loop, step, kept, parts, cotangents, stacks, params }: BackwardRun) => {
  const s = loop.carry.length
  const carryCts = loop.carry.flatMap((leaf, i) => (parts.carry[i] ? [cotangents[i] ?? zeros(leaf)] : []))
  // A sum of half floats over many steps soon stops growing, so it is kept in f32.
  const totals = loop.consts.flatMap((leaf, i) =>
    parts.consts[i] ? [convert(zeros(leaf), workingDType(leaf.dtype))] : []
  )
  const yCts = present(cotangents.slice(s).map((ct, i) => (parts.ys[i] ? ct : undefined)))
  const again = step.residuals.some(({ from }) => from === "carry") ? carryAgain(loop, params) : undefined
  const xs: ReadonlyArray<LoopSource> = [
    ...loop.xs,
    ...stacks.map(rowsOf),
    ...yCts.map(rowsOf),
    ...(again === undefined ? [] : [again.source])
  ]
  const shape: LoopShape = {
    ...loop,
    reverse: !loop.reverse,
    checkpoint: "all",
    part: "backward",
    // No user wrote the order in which cotangents of constants are added up.
    reassociate: [
      ...loop.carry.flatMap((_, i) => (parts.carry[i] ? [loop.reassociate?.[i] === true] : [])),
      ...totals.map(() => true)
    ]
  }
  const { carry, ys } = runLoop(
    shape,
    { consts: step.invariant, carry: [...carryCts, ...totals], xs },
    (consts, state, rows) => {
      const [x, n] = [loop.xs.length, loop.xs.length + stacks.length]
      const sources = {
        invariant: consts,
        row: rows.slice(0, x),
        stack: rows.slice(x, n),
        carry: again === undefined ? [] : again.carry(rows.at(-1)!)
      }
      const residuals = step.residuals.map(({ from, index }) => sources[from][index]!)
      const given = [...place(parts.carry, state), ...place(parts.ys, rows.slice(n))]
      const pulled = pullStep(step, kept, residuals, given)
      const of = (is: ReadonlyArray<boolean>, found: ReadonlyArray<Maybe>, like: ReadonlyArray<Aval>) =>
        like.flatMap((aval, i) => (is[i] ? [found[i] ?? zeros(aval)] : []))
      const avals = params.body.inputs.map(({ aval }) => aval)
      const c = loop.consts.length
      const changes = of(parts.consts, pulled.slice(0, c), avals.slice(0, c))
      return {
        carry: [
          ...of(parts.carry, pulled.slice(c, c + s), avals.slice(c, c + s)),
          ...changes.map((change, i) =>
            add(state[carryCts.length + i]!, convert(change, workingDType(change.dtype)))
          )
        ],
        ys: of(parts.rows, pulled.slice(c + s), avals.slice(c + s))
      }
    }
  )
  return {
    consts: place(parts.consts, carry.slice(carryCts.length)).map(
      (total, i) => total && convert(total, loop.consts[i]!.dtype)
    ),
    carry: place(parts.carry, carry.slice(0, carryCts.length)),
    rows: place(parts.rows, ys)
  }
}

/** From cotangents of one step's carry and outputs to those of the body's inputs. */
const pullStep = (
  step: Backward,
  kept: Parts,
  residuals: ReadonlyArray<Value>,
  given: ReadonlyArray<Maybe>
): ReadonlyArray<Maybe> => {
  const made = [...kept.carry, ...kept.ys]
  const pulled = replayLinear(
    step.backward,
    residuals,
    given.filter((_, i) => made[i])
  )
  let next = 0
  return inputsOf(kept).map((is) => (is ? pulled[next++] : undefined))
}
