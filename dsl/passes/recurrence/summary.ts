import { apply1 } from "../../primitives/index.ts"
import { neutral } from "../../primitives/neutral.ts"
import type { Aval } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { repeated } from "../../transform/batching/batch-rule.ts"
import { add, binary, convert, filled, mul, selectEach } from "../../values.ts"
import { rowsOfAll } from "../fission/all-steps.ts"
import { advancedCoupled, noStepsCoupled, withStepCoupled } from "./coupled.ts"
import { diagonal, product } from "./following.ts"
import type { Associative, Form } from "./form.ts"

/** What the steps of each lane together do to a leaf, or to leaves that need one another: arrays whose first axis is the lanes. */
export type Summary = ReadonlyArray<Value>

const reductions = { maximum: "max", minimum: "min" } as const

/** The element that leaves others as they are. */
const identity = (op: Associative, like: Aval): Value => {
  if (op === "maximum" || op === "minimum") return filled(like, neutral(reductions[op], like.dtype))
  if (like.dtype === "bool") return filled(like, op === "and")
  return filled(like, op === "and" ? (like.dtype.startsWith("u") ? neutral("min", like.dtype) : -1) : 0)
}

/** A matrix of ones on the diagonal, for a vector. */
const unit = (leaf: Aval): Value => diagonal(filled(leaf, 1))

/** The product of each lane's matrix with its other factor. */
const productEach = (a: Value, b: Value): Value =>
  apply1("dot", { contracting: [[2], [1]], batch: [[0], [0]] }, a, b)

const widened = (like: Aval, lanes: number): Aval => ({ dtype: like.dtype, shape: [lanes, ...like.shape] })

/** The summary of no steps. */
export const noSteps = (form: Form, leaf: Aval, lanes: number): Summary => {
  const like = widened(leaf, lanes)
  if (form.kind === "operation") return [identity(form.op, like)]
  if (form.kind === "coupled") return noStepsCoupled(form, like)
  if (form.kind === "replaced")
    return [filled(like, leaf.dtype === "bool" ? false : 0), filled({ dtype: "bool", shape: [lanes] }, false)]
  const { a, b, matrix } = form
  const one = matrix ? repeated(unit(leaf), lanes) : filled(like, 1)
  return [...(a === undefined ? [] : [one]), ...(b === undefined ? [] : [filled(like, 0)])]
}

/** The summary with one more step of each lane. Lanes that are not `alive` stay as they are. */
export const withStep = (form: Form, before: Summary, lanes: number, alive: Value | undefined): Summary => {
  const next = ((): Summary => {
    if (form.kind === "operation") return [binary(form.op, before[0]!, rowsOfAll(form.element, lanes))]
    if (form.kind === "replaced")
      return [rowsOfAll(form.element, lanes), filled({ dtype: "bool", shape: [lanes] }, true)]
    if (form.kind === "coupled") return withStepCoupled(form, before, lanes)
    const { a, b, matrix } = form
    const by = a && rowsOfAll(a, lanes)
    const more = b && rowsOfAll(b, lanes)
    const times = matrix ? productEach : mul
    const sum = before.at(-1)!
    return [
      ...(by === undefined ? [] : [times(by, before[0]!)]),
      ...(more === undefined ? [] : [add(by === undefined ? sum : times(by, sum), more)])
    ]
  })()
  return alive === undefined ? next : next.map((value, i) => selectEach(alive, value, before[i]!))
}

/** The leaves after a lane, from the leaves before it, whose dtype may be wider than the summary's. */
export const advanced = (form: Form, narrow: Summary, leaves: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const [leaf] = leaves as readonly [Value]
  const summary = isLinear(form) ? narrow.map((each) => convert(each, leaf.dtype)) : narrow
  if (form.kind === "operation") return [binary(form.op, leaf, summary[0]!)]
  if (form.kind === "replaced") return [selectEach(summary[1]!, summary[0]!, leaf)]
  if (form.kind === "coupled") return advancedCoupled(form, summary, leaves)
  const times = form.matrix ? product : mul
  const scaled = form.a === undefined ? leaf : times(summary[0]!, leaf)
  return [form.b === undefined ? scaled : add(scaled, summary.at(-1)!)]
}

/** Whether the next leaves are sums of products with the leaves. */
export const isLinear = ({ kind }: Form): boolean => kind === "affine" || kind === "coupled"

/** Whether a summary is the leaf itself, as it would be had it begun with nothing: then no second run is needed. */
export const isRunning = (form: Form): boolean =>
  form.kind === "operation" || (form.kind === "affine" && form.a === undefined && form.b !== undefined)

/** Whether a lane multiplies the leaf: its factor may overflow where the leaf does not. */
export const hasFactor = (form: Form): boolean =>
  form.kind === "coupled" || (form.kind === "affine" && form.a !== undefined)
