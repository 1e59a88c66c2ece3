import { renumbered } from "../../builder.ts"
import { scopeError } from "../../errors.ts"
import { runLoop, stepOfChanging, unchangedCarry } from "../../loops/loop.ts"
import type { ControlPrimitive } from "../../primitives/control.ts"
import { whileOperands } from "../../primitives/control.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import type { Program, WhileParams } from "../../program.ts"
import { replay } from "../../replay.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { filled, plus, selectEach, zeros } from "../../values.ts"
import { needs } from "../flow.ts"

import { barrier, checkpoint } from "./checkpoint.ts"
import { composite } from "./composite.ts"
import { customDerivative } from "./custom-derivative.ts"

import {
  type Derivatives,
  type Dual,
  type Forward,
  factor,
  type Maybe,
  type Pullback,
  type Reverse
} from "./derivative.ts"
import { dualProgram, isThere, place, present } from "./dual.ts"
import { scanForward } from "./scan-forward.ts"
import { scanReverse } from "./scan-reverse.ts"

/** A while loop over pairs of carry and tangent. The condition sees only the carry. */
const whileForward = (
  params: WhileParams,
  primals: ReadonlyArray<Value>,
  tangents: ReadonlyArray<Maybe>,
  forward: Forward
): Dual => {
  const { conditionConsts, bodyConsts, carry } = whileOperands(params, primals)
  const moved = whileOperands(params, tangents)
  let carryTangents: ReadonlyArray<Maybe> = moved.carry
  for (;;) {
    const given = [...isThere(moved.bodyConsts), ...isThere(carryTangents)]
    const dual = dualProgram(params.body, [...bodyConsts, ...carry], given, forward)
    if (dual.moves.some((has, i) => has && carryTangents[i] === undefined)) {
      carryTangents = carryTangents.map((t, i) => (t === undefined && dual.moves[i] ? zeros(carry[i]!) : t))
      continue
    }
    const constMoves = present(moved.bodyConsts)
    const carryMoves = present(carryTangents)
    const [c, b, s] = [conditionConsts.length, bodyConsts.length, carry.length]
    const condition = programOf([...conditionConsts, ...carry, ...carryMoves], (values) =>
      replay(params.condition, values.slice(0, c + s))
    )
    const body = programOf([...bodyConsts, ...constMoves, ...carry, ...carryMoves], (values) => {
      const at = b + constMoves.length
      const step = dual.apply(
        [...values.slice(0, b), ...values.slice(at, at + s)],
        [...values.slice(b, at), ...values.slice(at + s)]
      )
      const next = step.tangents.flatMap((t, i) =>
        carryTangents[i] === undefined ? [] : [t ?? zeros(carry[i]!)]
      )
      return [...step.outputs, ...next]
    })
    const results = apply("while", { ...params, condition, body, bodyConsts: b + constMoves.length }, [
      ...conditionConsts,
      ...bodyConsts,
      ...constMoves,
      ...carry,
      ...carryMoves
    ])
    return { outputs: results.slice(0, s), tangents: place(isThere(carryTangents), results.slice(s)) }
  }
}

/** Counts the steps first. The loop is then a scan of that many steps, at most `max`. */
const whileReverse = (
  params: WhileParams,
  inputs: ReadonlyArray<Value>,
  wanted: ReadonlyArray<boolean>,
  given: ReadonlyArray<boolean>,
  reverse: Reverse
): Pullback => {
  const { max, checkpoint } = params
  const rewritten = (make: (values: ReadonlyArray<Value>) => ReadonlyArray<Value>): Pullback =>
    reverse(programOf(inputs, make), inputs, wanted, given)
  if (unchangedIn(params).some(Boolean)) return rewritten((values) => whileOfChanging(params, values))
  if (max === null) {
    throw scopeError(
      "whileLoop",
      "whileLoop: reverse mode needs a bound on the number of steps",
      'give one: { max: 100 }, and with checkpoint ("all", "sqrt", { every: k }, "recompute") say what to keep; forward mode (jvp, jacfwd) needs none'
    )
  }
  return rewritten((values) => {
    const { bodyConsts, carry } = whileOperands(params, values)
    const shape = {
      traced: stepCount(params, values),
      length: max,
      reverse: false,
      unroll: 1,
      checkpoint
    } as const
    return runLoop(shape, { consts: bodyConsts, carry, xs: [] }, (consts, state) => ({
      carry: replay(params.body, [...consts, ...state]),
      ys: []
    })).carry
  })
}

const unchangedIn = ({ body, bodyConsts, condition, conditionConsts }: WhileParams): ReadonlyArray<boolean> =>
  unchangedCarry(body, bodyConsts, condition.inputs.length - conditionConsts)

/** The results of a loop, made by a loop that carries only the leaves that some step changes. */
const whileOfChanging = (params: WhileParams, values: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const { conditionConsts, bodyConsts, carry } = whileOperands(params, values)
  const unchanged = unchangedIn(params)
  const still = carry.filter((_, i) => unchanged[i])
  const changing = carry.filter((_, i) => !unchanged[i])
  const { inputs, equations, outputs } = params.condition
  const [consts, state] = [inputs.slice(0, conditionConsts.length), inputs.slice(conditionConsts.length)]
  const ordered = [
    ...consts,
    ...state.filter((_, i) => unchanged[i]),
    ...state.filter((_, i) => !unchanged[i])
  ]
  const made = apply(
    "while",
    {
      ...params,
      condition: renumbered(ordered, equations, outputs),
      body: stepOfChanging(params.body, params.bodyConsts, unchanged),
      conditionConsts: conditionConsts.length + still.length,
      bodyConsts: bodyConsts.length + still.length
    },
    [...conditionConsts, ...still, ...bodyConsts, ...still, ...changing]
  )
  let next = 0
  return carry.map((leaf, i) => (unchanged[i] ? leaf : made[next++]!))
}

const stepCount = (params: WhileParams, values: ReadonlyArray<Value>): Value => {
  const { conditionConsts, bodyConsts, carry } = whileOperands(params, values)
  const zero = filled({ dtype: "i32", shape: [] }, 0)
  const butLast = <T>(items: ReadonlyArray<T>) => items.slice(0, -1)
  const condition = programOf([...conditionConsts, ...carry, zero], (all) =>
    replay(params.condition, butLast(all))
  )
  const body = programOf([...bodyConsts, ...carry, zero], (all) => [
    ...replay(params.body, butLast(all)),
    plus(all.at(-1)!, 1)
  ])
  const still = values.map((value) => apply1("stopGradient", {}, value))
  return apply("while", { ...params, condition, body }, [...still, zero]).at(-1)!
}

/**
 * Each branch returns results and tangents. All branches must return the same tangents, so a missing one becomes zeros.
 */
const switchForward = (
  branches: ReadonlyArray<Program>,
  [index, ...operands]: ReadonlyArray<Value>,
  [, ...tangents]: ReadonlyArray<Maybe>,
  forward: Forward
): Dual => {
  const given = isThere(tangents)
  const duals = branches.map((branch) => dualProgram(branch, operands, given, forward))
  const outputs = branches[0]!.outputs
  const moves = outputs.map((_, i) => duals.some((dual) => dual.moves[i]))
  const changes = present(tangents)
  const programs = duals.map((dual) =>
    programOf([...operands, ...changes], (values) => {
      const step = dual.apply(values.slice(0, operands.length), values.slice(operands.length))
      const all = step.tangents.flatMap((t, i) => (moves[i] ? [t ?? zeros(outputs[i]!.aval)] : []))
      return [...step.outputs, ...all]
    })
  )
  const results = apply("switch", { branches: programs }, [index!, ...operands, ...changes])
  return { outputs: results.slice(0, moves.length), tangents: place(moves, results.slice(moves.length)) }
}

/** The pullback takes the same branch and runs it again: no residuals are kept. */
const switchReverse = (
  branches: ReadonlyArray<Program>,
  inputs: ReadonlyArray<Value>,
  [, ...wanted]: ReadonlyArray<boolean>,
  given: ReadonlyArray<boolean>,
  reverse: Reverse
): Pullback => {
  const [index, ...operands] = inputs as [Value, ...Array<Value>]
  const outputs = apply("switch", { branches }, inputs)
  const pull: Pullback["pull"] = (cotangents) => {
    const there = isThere(cotangents).map((is, i) => is && given[i]!)
    const needed = branches.map((branch) => needs(branch, there))
    const asked = wanted.map((each, i) => each && needed.some((by) => by[i]))
    const cts = cotangents.flatMap((ct, i) => (there[i] ? [ct!] : []))
    const programs = branches.map((branch) =>
      programOf([...operands, ...cts], (values) => {
        const primals = values.slice(0, operands.length)
        const way = reverse(branch, primals, asked, there)
        const pulled = way.pull(place(there, values.slice(operands.length)))
        return operands.flatMap((operand, i) => (asked[i] ? [pulled[i] ?? zeros(operand)] : []))
      })
    )
    const results = apply("switch", { branches: programs }, [index, ...operands, ...cts])
    return [undefined, ...place(asked, results)]
  }
  return { outputs, pull }
}

export const controlDerivatives: Derivatives<ControlPrimitive> = {
  guard: {
    rewrite: ([counts, x]) => [selectEach(counts!, x!, zeros(x!))],
    always: true
  },
  // Values are printed, their derivatives are not.
  checkpoint,
  barrier,
  checkpointName: { each: () => [factor((x) => x)] },
  debugPrint: { each: () => [factor((x) => x)] },
  scan: { jvp: scanForward, reverse: scanReverse },
  while: { jvp: whileForward, reverse: whileReverse },
  switch: {
    jvp: ({ branches }, primals, tangents, forward) => switchForward(branches, primals, tangents, forward),
    reverse: ({ branches }, inputs, wanted, given, reverse) =>
      switchReverse(branches, inputs, wanted, given, reverse)
  },
  customDerivative,
  composite
}
