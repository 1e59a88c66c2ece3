import type { Program } from "../../program.ts"
import { replay } from "../../replay.ts"
import type { Aval } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import type { Dual, Forward, Maybe } from "./derivative.ts"

/** One entry per flag: the next value where it is set, undefined elsewhere. */
export const place = (has: ReadonlyArray<boolean>, values: ReadonlyArray<Maybe>): ReadonlyArray<Maybe> => {
  let next = 0
  return has.map((each) => (each ? values[next++] : undefined))
}

export const isThere = (values: ReadonlyArray<Maybe>): ReadonlyArray<boolean> =>
  values.map((value) => value !== undefined)

/** The tangents that are not missing. */
export const present = (values: ReadonlyArray<Maybe>): ReadonlyArray<Value> =>
  values.filter((value) => value !== undefined)

/**
 * Forward mode of a program, as a program. It takes primals, then the tangents that are not missing. It returns
 * outputs, then their tangents that are not missing; `moves` says which outputs have one.
 */
export const dualProgram = (
  program: Program,
  primals: ReadonlyArray<Aval>,
  given: ReadonlyArray<boolean>,
  forward: Forward
) => {
  const count = primals.length
  let moves: ReadonlyArray<boolean> = []
  const dual = programOf([...primals, ...primals.filter((_, i) => given[i])], (values) => {
    const { outputs, tangents } = forward(program, values.slice(0, count), place(given, values.slice(count)))
    moves = tangents.map((t) => t !== undefined)
    return [...outputs, ...present(tangents)]
  })
  return {
    program: dual,
    moves,
    apply: (values: ReadonlyArray<Value>, tangents: ReadonlyArray<Value>): Dual => {
      const results = replay(dual, [...values, ...tangents])
      return { outputs: results.slice(0, moves.length), tangents: place(moves, results.slice(moves.length)) }
    }
  }
}
