import { largest } from "../bounds.ts"
import { count } from "../count.ts"
import { isInteger } from "../dtype.ts"
import { named, shapeError, treeError } from "../errors.ts"
import { tracingHint } from "../kinds.ts"
import type { Late } from "../late.ts"
import { type LoopShape, type LoopSource, makeScan, rowOf, rowsOf } from "../loops/loop.ts"
import { say } from "../messages.ts"
import { maximum, minimum } from "../ops/elementwise.ts"
import { convert } from "../ops/structure.ts"
import type { Params, Program } from "../program.ts"
import { isList, requireDim, requireFlag, requireFunction, requireOptions, shown } from "../required.ts"
import { type Aval, show } from "../shape.ts"
import {
  isTensor,
  makeParameter,
  type Node,
  requireArray,
  type Tensor,
  tensorOf,
  type Value,
  valueOf
} from "../tensor.ts"
import { extract, inScope } from "../trace.ts"
import { carryLeaves, type Flat, flatten, type Tree, unflatten } from "../tree.ts"
import type { IsTree } from "../tree-types.ts"
import type { Check } from "../types.ts"
import { Range, rangeStart } from "./arange.ts"
import { plainCheckpoint } from "./checkpoint.ts"
import type {
  CarryCheck,
  NoMore,
  NoOptions,
  Outputs,
  Row,
  ScanOptions,
  UnboundedFault,
  Xs
} from "./scan-types.ts"
import type { AgreesWith, HasSteps, IsXs } from "./xs-types.ts"

/** The number of steps. `bound` is null for a traced length without `max`. */
interface Length {
  readonly bound: number | null
  readonly traced: Value | undefined
}

const refuse = (op: string, message: string, hint: string) => shapeError(op, `${op}: ${message}`, hint)

/** An arange that only feeds a scan is counted there; once nothing uses its node, it is in no program. */
const sourceOf = (value: Value): LoopSource => {
  if (value.node.primitive !== "arange") return rowsOf(value)
  const { dtype, start, step } = (value.node as Node<"arange">).params as Params["arange"]
  return { leaf: { kind: "arange", dtype, start, step }, operand: value.node.inputs[0] }
}

const rangeSource = (range: Range): LoopSource => {
  const operand = rangeStart(range)
  const start = operand === undefined ? (range.start as number | bigint) : null
  return { leaf: { kind: "arange", dtype: range.dtype, start, step: range.step }, operand }
}

/** The common first axis of xs; undefined where there are none. */
const rowCount = (op: string, xs: Flat<Tensor>): number | undefined => {
  let first: { readonly path: string; readonly aval: Aval } | undefined
  xs.leaves.forEach((leaf, i) => {
    const path = xs.paths[i]!
    if (leaf.shape.length === 0) {
      throw shapeError(
        op,
        say("noRows", { op, path, a: show(leaf) }),
        "use it in the body directly; each step sees it"
      )
    }
    if (first !== undefined && first.aval.shape[0] !== leaf.shape[0]) {
      throw refuse(
        op,
        `${first.path} is ${show(first.aval)} but ${path} is ${show(leaf)}: they have different lengths`,
        "all xs must have the same first axis"
      )
    }
    first ??= { path, aval: leaf }
  })
  return first?.aval.shape[0]
}

const clampedLength = (op: string, length: Tensor, bound: number): Value => {
  if (!isInteger(length.dtype) || length.shape.length > 0) {
    throw refuse(op, `the length is ${show(length)}, not an integer scalar`, 'convert(n, "i32") makes one')
  }
  const scalar = length as Tensor<"i64", readonly []>
  const clamped = named(op, () => convert(minimum(maximum(scalar, 0), bound), "i32"))
  return valueOf(clamped())
}

const lengthOf = (op: string, xs: Range | Flat<Tensor>, options: ScanOptions): Length => {
  const { length, max } = options
  if (Range.is(xs)) {
    if (length !== undefined || max !== undefined)
      throw refuse(op, "a traced arange has its own length", "leave the options length and max out")
    return { bound: xs.max, traced: valueOf(xs.length) }
  }
  const rows = rowCount(op, xs)
  if (max !== undefined) requireDim(op, "max", max)
  if (isTensor(length)) {
    const bound = rows ?? max
    if (bound === undefined) return { bound: null, traced: clampedLength(op, length, 2 ** 31 - 1) }
    if (rows !== undefined && max !== undefined && max !== rows) {
      throw refuse(
        op,
        `xs have ${count(rows, "row")} but max is ${max}`,
        "leave max out; the rows of xs are the bound"
      )
    }
    return { bound, traced: clampedLength(op, length, bound) }
  }
  if (max !== undefined)
    throw refuse(op, "max is for a traced length", "leave it out, or give a traced length")
  const steps = rows ?? length
  if (steps === undefined) throw shapeError(op, say("noSteps", { op }), "give xs, or { length: 10 }")
  requireDim(op, "the length", steps)
  if (rows !== undefined && length !== undefined && length !== rows) {
    throw shapeError(
      op,
      say("rowsAndLength", { op, rows: count(rows, "row"), n: shown(length) }),
      "leave the length out; xs say it"
    )
  }
  return { bound: steps, traced: undefined }
}

/** Refuses steps of one turn that are too many operations to be written out. */
const requireWritable = (op: string, unroll: number, length: Length, body: Program): void => {
  const steps = Math.min(unroll, length.bound ?? unroll)
  const operations = steps * (body.equations.length + 1)
  if (operations <= largest.unrolled) return
  throw refuse(
    op,
    `unroll is ${unroll}, which makes ${operations} operations of one turn; there are at most ${largest.unrolled}`,
    "let one turn of the loop take fewer steps; unroll: 8 is many"
  )
}

/**
 * Runs `body` once for each row of `xs`, with a carry from step to step, and stacks what it puts out.
 *
 * `init` is a tree of tensors; the body gives back a carry of the same structure, dtypes and shapes. `xs` is a tree
 * of arrays with equal first axes, an `arange` (counted, never stored), a traced range, or null with `{ length }`.
 * The result is the last carry and the stacked outputs. For a traced length they are `{ values, length }`, with zeros
 * in rows from `length` on; without `max` the body must put out null.
 *
 * Fails with a `TreeError` where the carry changes, and a `ShapeError` where lengths do not fit.
 *
 * @example
 * const sums = scan(scalar(0, "f32"), arange(4, "f32"), (total, x) => {
 *   const next = add(total, x)
 *   return [next, next]
 * }) // [6, [0, 1, 3, 6]]
 */
export function scan<const C, const X, const C2, const Y, const O extends ScanOptions = NoOptions>(
  init: C & IsTree<"scan", "carry", C>,
  xs: X & IsXs<"scan", X>,
  body: ((
    carry: C,
    x: Row<X>
  ) =>
    | readonly [
        C2 & CarryCheck<"scan", C, C2>,
        Y & Check<UnboundedFault<X, Y>> & IsTree<"scan", "y", Y>,
        ...NoMore
      ]
    | Late<"scan">) &
    HasSteps<"scan", X, O>,
  options?: O & AgreesWith<X, O>
): [C, Outputs<Y, X, O>]
export function scan(init: Tree, xs: Xs, body: Body, options?: ScanOptions): readonly [Tree, unknown] {
  return scanAs("scan", init, xs, body, options)
}

const scanOptions = ["length", "max", "reverse", "unroll", "checkpoint", "reassociate"] as const

type Body = (carry: never, x: never) => readonly [unknown, unknown, ...NoMore] | Late<"scan">

/** A scan by the name of the operation that was called. */
export const scanAs = (
  op: string,
  init: Tree,
  xs: Xs,
  body: Body,
  given?: ScanOptions
): readonly [Tree, unknown] => {
  const options = requireOptions(op, given, scanOptions)
  const carry = flatten<Tensor>(init, isTensor, op, "carry")
  const rows = Range.is(xs) ? xs : flatten<Tensor>(xs, isTensor, op, "xs")
  const length = lengthOf(op, rows, options)
  const unroll = requireDim(op, "unroll", options.unroll ?? 1, 1)
  const checkpoint = plainCheckpoint(op, options.checkpoint)
  const reverse = requireFlag(op, "reverse", options.reverse)
  const reassociate = requireFlag(op, "reassociate", options.reassociate)
  requireFunction(op, "body", body)
  for (const leaf of carry.leaves) requireArray(op, valueOf(leaf))
  const sources = Range.is(rows) ? [rangeSource(rows)] : rows.leaves.map((leaf) => sourceOf(valueOf(leaf)))
  return inScope("a scan body", (scope) => {
    const carryIn = carry.leaves.map((leaf) => makeParameter(leaf, scope))
    const rowIn = sources.map((source) => makeParameter(rowOf(source), scope))
    const x = Range.is(rows) ? rowIn[0]! : unflatten(rows.structure, rowIn)
    const result: unknown = body(unflatten(carry.structure, carryIn) as never, x as never)
    const { carryOut, ys } = bodyResult(op, carry, result)
    if (length.bound === null && ys.leaves.length > 0) {
      throw shapeError(
        op,
        say("unbounded", { op, a: ys.leaves.map(show).join(", ") }),
        "give one: arange(n, { max: 100 }); or put out null and keep what you need in the carry"
      )
    }
    const outputs = [...carryOut, ...ys.leaves].map(valueOf)
    const step = extract(scope, [...carryIn, ...rowIn], outputs, false)
    requireWritable(op, unroll, length, step.program)
    const shape: LoopShape = {
      length: length.bound,
      traced: length.traced,
      reverse,
      unroll,
      checkpoint,
      names: carry.paths,
      ...(reassociate ? { reassociate: carry.leaves.map(() => true) } : {})
    }
    const made = named(op, makeScan)(
      shape,
      { consts: [], carry: carry.leaves.map(valueOf), xs: sources },
      step
    )
    const last = unflatten(carry.structure, made.carry.map(tensor))
    const stacked = unflatten(ys.structure, made.ys.map(tensor))
    if (length.traced === undefined) return [last, stacked]
    return [last, length.bound === null ? null : { values: stacked, length: tensor(length.traced) }]
  })
}

const bodyResult = (op: string, carry: Flat<Tensor>, result: unknown) => {
  if (!isList(result) || result.length !== 2) {
    throw treeError(
      op,
      "body",
      `${op}: the body must return a pair: the next carry and this step's output`,
      tracingHint(result) ?? "return [carry, null] where there is no output"
    )
  }
  const found = flatten<Tensor>(result[0] as Tree, isTensor, op, "carry")
  return {
    carryOut: carryLeaves(op, carry, found, "carry"),
    ys: flatten<Tensor>(result[1] as Tree, isTensor, op, "y")
  }
}

const tensor = (value: Value): Tensor<never, never> => tensorOf<never, never>(value)
