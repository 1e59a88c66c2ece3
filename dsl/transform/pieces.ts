import { apply1 } from "../primitives/index.ts"
import { type Equation, isEquation, type Var } from "../program.ts"
import type { Value } from "../tensor.ts"
import { range, zeros } from "../values.ts"
import type { Maybe } from "./derivatives/derivative.ts"

type Slice = Equation<"slice">

/** Slices of one variable that lie side by side along an axis, as `split` makes them. */
export interface Pieces {
  /** The one that is made before the others. */
  readonly first: Equation
  readonly outputs: ReadonlyArray<Var>
  /** The cotangent of the variable, from those of the slices. */
  readonly join: (cotangents: ReadonlyArray<Maybe>) => Value
}

/** The axes along which a slice leaves something out. */
const cutAxes = ({ inputs: [whole], outputs: [part] }: Slice): ReadonlyArray<number> =>
  range(part!.aval.shape.length).filter((axis) => part!.aval.shape[axis] !== whole!.aval.shape[axis])

/** The cotangents one after another, with zeros between them. */
const joined = (
  whole: Var,
  axis: number,
  slices: ReadonlyArray<Slice>,
  cotangents: ReadonlyArray<Maybe>
): Value => {
  const parts: Array<Value> = []
  let end = 0
  const fillTo = (start: number): void => {
    if (start > end) parts.push(zeros({ ...whole.aval, shape: whole.aval.shape.with(axis, start - end) }))
  }
  slices.forEach(({ params: { start, limit } }, i) => {
    const cotangent = cotangents[i]
    if (cotangent === undefined) return
    fillTo(start[axis]!)
    parts.push(cotangent)
    end = limit[axis]!
  })
  fillTo(whole.aval.shape[axis]!)
  return apply1("concatenate", { axis }, ...parts)
}

/** The slices as pieces, where they lie along one axis and do not overlap. */
const piecesOf = (whole: Var, slices: ReadonlyArray<Slice>): Pieces | undefined => {
  const [axis, ...others] = new Set(slices.flatMap(cutAxes))
  if (slices.length < 2 || axis === undefined || others.length > 0) return undefined
  const ordered = slices.toSorted((a, b) => a.params.start[axis]! - b.params.start[axis]!)
  const isBehind = ({ params }: Slice, i: number): boolean =>
    params.strides[axis] === 1 && (i === 0 || ordered[i - 1]!.params.limit[axis]! <= params.start[axis]!)
  if (!ordered.every(isBehind)) return undefined
  return {
    first: slices[0]!,
    outputs: ordered.flatMap(({ outputs }) => outputs),
    join: (cotangents) => joined(whole, axis, ordered, cotangents)
  }
}

/** The slices among some equations that are pieces of one variable, each with all pieces of that variable. */
export const piecesIn = (equations: ReadonlyArray<Equation>): ReadonlyMap<Equation, Pieces> => {
  const slices = new Map<Var, Array<Slice>>()
  for (const equation of equations) {
    if (!isEquation(equation, "slice")) continue
    const [whole] = equation.inputs as readonly [Var]
    const known = slices.get(whole)
    if (known === undefined) slices.set(whole, [equation])
    else known.push(equation)
  }
  const found = new Map<Equation, Pieces>()
  for (const [whole, each] of slices) {
    const pieces = piecesOf(whole, each)
    if (pieces !== undefined) for (const slice of each) found.set(slice, pieces)
  }
  return found
}
