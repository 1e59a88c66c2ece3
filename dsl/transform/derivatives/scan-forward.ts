import { type Loop, loopOf, rowOf, rowsOf, runLoop, startsAsConsts } from "../../loops/loop.ts"
import { scanOperands } from "../../primitives/scan.ts"
import type { ScanParams } from "../../program.ts"
import { placesOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { zeros } from "../../values.ts"
import type { Dual, Forward, Maybe } from "./derivative.ts"
import { dualProgram, place, present } from "./dual.ts"

/** A scan over pairs: each step advances the carry and its tangent. */
export const scanForward = (
  params: ScanParams,
  primals: ReadonlyArray<Value>,
  tangents: ReadonlyArray<Maybe>,
  forward: Forward
): Dual => {
  const moved = scanOperands(params, tangents)
  const { loop, body, sources } = startsAsConsts(
    loopOf(params, primals),
    params.body,
    (i) => moved.xs[i] !== undefined
  )
  const constTangents: ReadonlyArray<Maybe> = [...moved.consts, ...sources.map((i) => moved.xs[i])]
  const places = placesOf(sources)
  const rowTangents: ReadonlyArray<Maybe> = moved.xs.map((tangent, i) =>
    places.has(i) ? undefined : tangent
  )
  const carryCount = loop.carry.length
  let carryTangents: ReadonlyArray<Maybe> = moved.carry
  const rows = loop.xs.map(rowOf)
  for (;;) {
    const moves = [...constTangents, ...carryTangents, ...rowTangents].map((t) => t !== undefined)
    const dual = dualProgram(body, [...loop.consts, ...loop.carry, ...rows], moves, forward)
    const found = dual.moves.slice(0, carryCount)
    if (found.every((has, i) => !has || carryTangents[i] !== undefined)) {
      return run(loop, dual, constTangents, carryTangents, rowTangents)
    }
    // A leaf whose tangent first appears inside the loop starts with a tangent of zero.
    carryTangents = carryTangents.map((t, i) => (t === undefined && found[i] ? zeros(loop.carry[i]!) : t))
  }
}

const run = (
  loop: Loop,
  dual: ReturnType<typeof dualProgram>,
  constTangents: ReadonlyArray<Maybe>,
  carryTangents: ReadonlyArray<Maybe>,
  rowTangents: ReadonlyArray<Maybe>
): Dual => {
  const [constMoves, carryMoves, rowMoves] = [constTangents, carryTangents, rowTangents].map(present) as [
    ReadonlyArray<Value>,
    ReadonlyArray<Value>,
    ReadonlyArray<Value>
  ]
  const carryCount = loop.carry.length
  const yMoves = dual.moves.slice(carryCount)
  const free = loop.reassociate
  const { carry, ys } = runLoop(
    free === undefined
      ? loop
      : { ...loop, reassociate: [...free, ...free.filter((_, i) => carryTangents[i] !== undefined)] },
    {
      consts: [...loop.consts, ...constMoves],
      carry: [...loop.carry, ...carryMoves],
      xs: [...loop.xs, ...rowMoves.map(rowsOf)]
    },
    (consts, state, rows) => {
      const [c, x] = [loop.consts.length, loop.xs.length]
      const step = dual.apply(
        [...consts.slice(0, c), ...state.slice(0, carryCount), ...rows.slice(0, x)],
        [...consts.slice(c), ...state.slice(carryCount), ...rows.slice(x)]
      )
      const movedCarry = step.tangents
        .slice(0, carryCount)
        .flatMap((t, i) => (carryTangents[i] === undefined ? [] : [t ?? zeros(loop.carry[i]!)]))
      return {
        carry: [...step.outputs.slice(0, carryCount), ...movedCarry],
        ys: [...step.outputs.slice(carryCount), ...present(step.tangents.slice(carryCount))]
      }
    }
  )
  return {
    outputs: [...carry.slice(0, carryCount), ...ys.slice(0, yMoves.length)],
    tangents: [
      ...place(
        carryTangents.map((t) => t !== undefined),
        carry.slice(carryCount)
      ),
      ...place(yMoves, ys.slice(yMoves.length))
    ]
  }
}
