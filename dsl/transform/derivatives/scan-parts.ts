import { isDifferentiable } from "../../dtype.ts"
import type { Loop } from "../../loops/loop.ts"
import type { Program } from "../../program.ts"
import { needs, reaches } from "../flow.ts"

/** Parts of a scan, by kind. */
export interface Parts {
  readonly consts: ReadonlyArray<boolean>
  readonly carry: ReadonlyArray<boolean>
  readonly rows: ReadonlyArray<boolean>
  readonly ys: ReadonlyArray<boolean>
}

/** The inputs of the body among them, in order. */
export const inputsOf = ({ consts, carry, rows }: Parts): ReadonlyArray<boolean> => [
  ...consts,
  ...carry,
  ...rows
]

const both = (a: ReadonlyArray<boolean>, b: ReadonlyArray<boolean>): ReadonlyArray<boolean> =>
  a.map((each, i) => each && b[i]!)

/** The carry leaves that are reached from `first`, where `grow` says which are reached in one step. */
const closure = (
  first: ReadonlyArray<boolean>,
  grow: (carry: ReadonlyArray<boolean>) => ReadonlyArray<boolean>
): ReadonlyArray<boolean> => {
  const grown = grow(first)
  const next = first.map((each, i) => each || grown[i]!)
  return next.every((each, i) => each === first[i]) ? first : closure(next, grow)
}

/** What changes, at some step, with the consts, the initial carry and the rows that are asked for. */
const reachedFrom = (body: Program, asked: Parts): Parts => {
  const s = asked.carry.length
  const step = (carry: ReadonlyArray<boolean>) => reaches(body, inputsOf({ ...asked, carry }))
  const carry = closure(asked.carry, (moving) => step(moving).slice(0, s))
  return { ...asked, carry, ys: step(carry).slice(s) }
}

/** With what, at some step, the last carry and the stacked outputs change that are asked for. */
const neededFor = (body: Program, { consts, carry: last, ys }: Parts): Parts => {
  const [c, s] = [consts.length, last.length]
  const step = (carry: ReadonlyArray<boolean>) => needs(body, [...carry, ...ys])
  const carry = closure(last, (moving) => step(moving).slice(c, c + s))
  const needed = step(carry)
  return { consts: needed.slice(0, c), carry, rows: needed.slice(c + s), ys }
}

/**
 * The parts of a scan through which its derivative passes: those that change with what is `wanted` and with which what
 * is `given` changes. Of the carry, `wanted` speaks of the first, `given` of the last.
 */
export const differentiatedParts = (body: Program, loop: Loop, wanted: Parts, given: Parts): Parts => {
  const reached = reachedFrom(body, wanted)
  const needed = neededFor(body, given)
  const smooth = loop.carry.map(({ dtype }) => isDifferentiable(dtype))
  return {
    consts: both(reached.consts, needed.consts),
    carry: both(smooth, both(reached.carry, needed.carry)),
    rows: both(reached.rows, needed.rows),
    ys: both(reached.ys, needed.ys)
  }
}
