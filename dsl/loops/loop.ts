import { renumbered } from "../builder.ts"
import { apply } from "../primitives/index.ts"
import { scanOperands } from "../primitives/scan.ts"
import type { Program, ScanParams, XsLeaf } from "../program.ts"
import { replay } from "../replay.ts"
import { type Aval, placesOf } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { programOf, subprogram } from "../trace.ts"
import { arangeElement } from "./arange-element.ts"

export type ArangeLeaf = XsLeaf & { readonly kind: "arange" }

/** One leaf of a loop's xs, and its operand if it has one. */
export interface LoopSource {
  readonly leaf: XsLeaf
  readonly operand: Value | undefined
}

/** How a loop runs: everything but its operands and its step. */
export interface LoopShape
  extends Pick<
    ScanParams,
    "length" | "reverse" | "unroll" | "checkpoint" | "names" | "reassociate" | "lean" | "part"
  > {
  /** The traced length. */
  readonly traced: Value | undefined
}

/** How a loop of so many steps runs where nothing else is asked of it. */
export const plainLoop = (length: number): LoopShape => ({
  length,
  traced: undefined,
  reverse: false,
  unroll: 1,
  checkpoint: "all"
})

export interface LoopOperands {
  readonly consts: ReadonlyArray<Value>
  readonly carry: ReadonlyArray<Value>
  readonly xs: ReadonlyArray<LoopSource>
}

/** A scan's parameters and operands, sorted by kind. */
export interface Loop extends LoopShape, LoopOperands {}

const pick = ({ length, reverse, unroll, checkpoint, names, reassociate, lean, part }: ScanParams) => ({
  length,
  reverse,
  unroll,
  checkpoint,
  ...(names === undefined ? {} : { names }),
  ...(reassociate === undefined ? {} : { reassociate }),
  ...(lean === undefined ? {} : { lean }),
  ...(part === undefined ? {} : { part })
})

/** What is said of each leaf of the carry, for the leaves that `keep` names. */
export const leavesKept = (
  { names, reassociate }: Pick<ScanParams, "names" | "reassociate">,
  keep: (leaf: number) => boolean
): Pick<ScanParams, "names" | "reassociate"> => ({
  ...(names === undefined ? {} : { names: names.filter((_, i) => keep(i)) }),
  ...(reassociate === undefined ? {} : { reassociate: reassociate.filter((_, i) => keep(i)) })
})

export const loopOf = (params: ScanParams, inputs: ReadonlyArray<Value>): Loop => {
  const { length, consts, carry, xs } = scanOperands(params, inputs)
  const sources = params.xs.map((leaf, i) => ({ leaf, operand: xs[i] }))
  return { ...pick(params), traced: length, consts, carry, xs: sources }
}

export const rowOf = ({ leaf, operand }: LoopSource): Aval =>
  leaf.kind === "arange"
    ? { dtype: leaf.dtype, shape: [] }
    : { dtype: operand!.dtype, shape: operand!.shape.slice(1) }

export const rowsOf = (operand: Value): LoopSource => ({ leaf: { kind: "rows" }, operand })

/** The step's own index as a leaf of xs. It is the number of the row, so it counts down in a reversed loop. */
export const counted: LoopSource = {
  leaf: { kind: "arange", dtype: "i32", start: 0, step: 1 },
  operand: undefined
}

export interface LoopStep {
  readonly carry: ReadonlyArray<Value>
  readonly ys: ReadonlyArray<Value>
}

export type LoopBody = (
  consts: ReadonlyArray<Value>,
  carry: ReadonlyArray<Value>,
  rows: ReadonlyArray<Value>
) => LoopStep

/** A loop's step as a program. Its first inputs are the values captured from outside. */
export interface TracedStep {
  readonly program: Program
  readonly captured: ReadonlyArray<Value>
}

/** Makes a scan; all scans are made here. The step's program takes captured values, consts, carry and rows. */
export const makeScan = (
  { length, traced, reverse, unroll, checkpoint, names, reassociate, lean, part }: LoopShape,
  { consts, carry, xs }: LoopOperands,
  { program, captured }: TracedStep
): LoopStep => {
  const results = apply(
    "scan",
    {
      length,
      traced: traced !== undefined,
      reverse,
      consts: captured.length + consts.length,
      carry: carry.length,
      xs: xs.map(({ leaf }) => leaf),
      body: program,
      unroll,
      checkpoint,
      ...(names?.length === carry.length ? { names } : {}),
      ...(reassociate?.length === carry.length && reassociate.includes(true) ? { reassociate } : {}),
      ...(lean === undefined ? {} : { lean }),
      ...(part === undefined ? {} : { part })
    },
    [
      ...(traced === undefined ? [] : [traced]),
      ...captured,
      ...consts,
      ...carry,
      ...xs.flatMap(({ operand }) => (operand === undefined ? [] : [operand]))
    ]
  )
  return { carry: results.slice(0, carry.length), ys: results.slice(carry.length) }
}

/** Makes a scan. The body may use values from around it: they become consts. */
export const runLoop = (shape: LoopShape, operands: LoopOperands, body: LoopBody): LoopStep => {
  const { consts, carry, xs } = operands
  const count = consts.length
  const step = subprogram("a loop", [...consts, ...carry, ...xs.map(rowOf)], (values) => {
    const made = body(
      values.slice(0, count),
      values.slice(count, count + carry.length),
      values.slice(count + carry.length)
    )
    return [...made.carry, ...made.ys]
  })
  return makeScan(shape, operands, step)
}

/**
 * Moves traced starts of aranges to the consts, for the leaves of xs that `moves` names. A transform then handles only
 * consts, carry and rows. `sources` lists the leaves that were moved.
 */
export const startsAsConsts = (
  loop: Loop,
  body: Program,
  moves: (source: number) => boolean
): { readonly loop: Loop; readonly body: Program; readonly sources: ReadonlyArray<number> } => {
  const sources = loop.xs.flatMap(({ leaf, operand }, i) =>
    leaf.kind === "arange" && operand !== undefined && moves(i) ? [i] : []
  )
  if (sources.length === 0) return { loop, body, sources }
  const places = placesOf(sources)
  const starts = sources.map((i) => loop.xs[i]!.operand!)
  const changed: Loop = {
    ...loop,
    consts: [...loop.consts, ...starts],
    xs: loop.xs.map((source, i) => (places.has(i) ? counted : source))
  }
  // Take the types from the body, not from the operands: a transform may be about to add an axis to those.
  const own = body.inputs.map(({ aval }) => aval)
  const [c, s] = [loop.consts.length, loop.carry.length]
  const rowAvals = own.slice(c + s)
  const avals = [
    ...own.slice(0, c),
    ...sources.map((i) => rowAvals[i]!),
    ...own.slice(c, c + s),
    ...rowAvals.map((aval, i) => (places.has(i) ? rowOf(counted) : aval))
  ]
  const program = programOf(avals, (values) => {
    const state = values.slice(c + sources.length, c + sources.length + s)
    const rows = values.slice(c + sources.length + s).map((row, i) => {
      const place = places.get(i)
      if (place === undefined) return row
      return arangeElement(loop.xs[i]!.leaf as ArangeLeaf, values[c + place]!, row)
    })
    return replay(body, [...values.slice(0, c), ...state, ...rows])
  })
  return { loop: changed, body: program, sources }
}

/** Which leaves of the carry a step returns unchanged. */
export const unchangedCarry = (body: Program, consts: number, carry: number): ReadonlyArray<boolean> =>
  Array.from({ length: carry }, (_, i) => body.outputs[i] === body.inputs[consts + i])

/** The step, taking the leaves of the carry that it returns unchanged as consts, after its own. */
export const stepOfChanging = (body: Program, consts: number, unchanged: ReadonlyArray<boolean>): Program => {
  const carry = body.inputs.slice(consts, consts + unchanged.length)
  const inputs = [
    ...body.inputs.slice(0, consts),
    ...carry.filter((_, i) => unchanged[i]),
    ...carry.filter((_, i) => !unchanged[i]),
    ...body.inputs.slice(consts + unchanged.length)
  ]
  const outputs = body.outputs.filter((_, i) => unchanged[i] !== true)
  return renumbered(inputs, body.equations, outputs)
}

/** The results of a scan, made by a scan that carries only the leaves that some step changes. */
export const scanOfChanging = (params: ScanParams, inputs: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const { consts, carry } = params
  const loop = loopOf(params, inputs)
  const unchanged = unchangedCarry(params.body, consts, carry)
  const step = stepOfChanging(params.body, consts, unchanged)
  const left = { ...loop, ...leavesKept(params, (i) => !unchanged[i]) }
  const operands: LoopOperands = {
    consts: [...loop.consts, ...loop.carry.filter((_, i) => unchanged[i])],
    carry: loop.carry.filter((_, i) => !unchanged[i]),
    xs: loop.xs
  }
  const made = runLoop(left, operands, (constants, state, rows) => {
    const results = replay(step, [...constants, ...state, ...rows])
    return { carry: results.slice(0, state.length), ys: results.slice(state.length) }
  })
  let next = 0
  return [...loop.carry.map((leaf, i) => (unchanged[i] ? leaf : made.carry[next++]!)), ...made.ys]
}
