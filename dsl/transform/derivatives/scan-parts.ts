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

/** Which inputs of the body are among the parts, in order. */
export const inputsOf = ({ consts, carry, rows }: Parts): ReadonlyArray<boolean> => [
  ...consts,
  ...carry,
  ...rows
]

const both = (a: ReadonlyArray<boolean>, b: ReadonlyArray<boolean>): ReadonlyArray<boolean> =>
  a.map((each, i) => each && b[i]!)

/** The carry leaves reached from `first` in any number of steps. `grow` gives those reached in one step. */
const closure = (
  first: ReadonlyArray<boolean>,
  grow: (carry: ReadonlyArray<boolean>) => ReadonlyArray<boolean>
): ReadonlyArray<boolean> => {
  const grown = grow(first)
  const next = first.map((each, i) => each || grown[i]!)
  return next.every((each, i) => each === first[i]) ? first : closure(next, grow)
}

/** The parts that depend, at some step, on the named consts, initial carry and rows. */
const reachedFrom = (body: Program, asked: Parts): Parts => {
  const s = asked.carry.length
  const step = (carry: ReadonlyArray<boolean>) => reaches(body, inputsOf({ ...asked, carry }))
  const carry = closure(asked.carry, (moving) => step(moving).slice(0, s))
  return { ...asked, carry, ys: step(carry).slice(s) }
}

/** The parts on which the named last carry and stacked outputs depend, at some step. */
const neededFor = (body: Program, { consts, carry: last, ys }: Parts): Parts => {
  const [c, s] = [consts.length, last.length]
  const step = (carry: ReadonlyArray<boolean>) => needs(body, [...carry, ...ys])
  const carry = closure(last, (moving) => step(moving).slice(c, c + s))
  const needed = step(carry)
  return { consts: needed.slice(0, c), carry, rows: needed.slice(c + s), ys }
}

/**
 * The parts of a scan to differentiate: those that depend on a `wanted` part and that a `given` part depends on. In
 * `wanted` the carry is the first one, in `given` the last.
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
