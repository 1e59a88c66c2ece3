import { divisorNear } from "../../divisor.ts"
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
import type { ScanParams } from "../../program.ts"
import { replay } from "../../replay.ts"
import { type Aval, placesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { add, convert, zeros } from "../../values.ts"
import type { Maybe, Pullback, Reverse } from "./derivative.ts"
import { isThere, place, present } from "./dual.ts"
import { replayLinear } from "./linear.ts"
import { differentiatedParts, inputsOf, type Parts } from "./scan-parts.ts"
import { carryAgain } from "./scan-recompute.ts"
import { type Keep, stackedValues } from "./scan-residuals.ts"
import { type Backward, stepBackward } from "./scan-step.ts"

/** A block near the square root of a length: one that divides it where the length is fixed, so that blocks are full. */
const nearRoot = (length: number, traced: boolean): number => {
  const root = Math.ceil(Math.sqrt(length))
  return traced ? root : divisorNear(length, root, root / 2)
}

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
  const every = checkpoint === "sqrt" ? nearRoot(length, params.traced) : Math.min(checkpoint.every, length)
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
      stacks: stackedValues(step.stacks, loop, ys),
      last: step.carried.map(({ leaf }) => carry[leaf]!),
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
  /** The last carry, of the leaves that the step carries back. */
  readonly last: ReadonlyArray<Value>
}

/** The backward loop: over the steps from the last to the first. */
const runBackward = ({ loop, step, kept, parts, cotangents, stacks, last, params }: BackwardRun) => {
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
      ...totals.map(() => true),
      ...last.map(() => false)
    ]
  }
  const { carry, ys } = runLoop(
    shape,
    { consts: step.invariant, carry: [...carryCts, ...totals, ...last], xs },
    (consts, state, rows) => {
      const [x, n] = [loop.xs.length, loop.xs.length + stacks.length]
      const sources = {
        invariant: consts,
        row: rows.slice(0, x),
        stack: rows.slice(x, n),
        carry: again === undefined ? [] : again.carry(rows.at(-1)!),
        next: state.slice(carryCts.length + totals.length)
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
          ),
          ...step.carried.map(({ residual }) => residuals[residual]!)
        ],
        ys: of(parts.rows, pulled.slice(c + s), avals.slice(c + s))
      }
    }
  )
  return {
    consts: place(parts.consts, carry.slice(carryCts.length, carryCts.length + totals.length)).map(
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
