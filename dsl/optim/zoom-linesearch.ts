import { cond } from "../control/cond.ts"
import { whileLoop } from "../control/while-loop.ts"
import type { DType } from "../dtype.ts"
import { dtypeError, valueError } from "../errors.ts"
import {
  isList,
  isRecord,
  requireDim,
  requireFunction,
  requireNumber,
  requireOneOf,
  requireOptions
} from "../required.ts"
import { show } from "../shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "../tensor.ts"
import { valueAndGrad } from "../transform/grad.ts"
import type { Tree } from "../tree.ts"
import type { LeafOf } from "../trees/types.ts"
import { add, binary, compare, convert, filled, mul, unary } from "../values.ts"
import type { GradientTransformation, TransformationKind } from "./kinds.ts"
import { type Leaves, spread, vdot, zerosOf } from "./leaves.ts"
import { scaled } from "./rate.ts"
import { requireFromZero } from "./readers.ts"
import { leavesOf, likeOf, paramsOf, type Raw, type State, tensor, transformation } from "./transformation.ts"
import { type Line, type Search, type Settings, startOf, stepOf } from "./zoom.ts"

/** A scalar of the one dtype that parameters of type P have. */
export type ScalarOf<P> = Tensor<
  Extract<LeafOf<P>, Tensor> extends infer L extends Tensor ? Extract<L["dtype"], "f32" | "f64"> : never,
  readonly []
>

/** How a line search ended. */
export interface ZoomLinesearchInfo<P> {
  readonly numLinesearchSteps: Tensor<"i32", readonly []>
  /** By how much the loss is too high: above 0 where no step lowers it enough. */
  readonly decreaseError: ScalarOf<P>
  /** By how much the slope is too steep: above 0 where no step makes it flat enough. */
  readonly curvatureError: ScalarOf<P>
}

/** What a line search keeps: the step that it took, and the loss and gradient there. */
export interface ZoomLinesearchState<P> {
  readonly learningRate: ScalarOf<P>
  /** The loss where the step ends; infinite before the first step. */
  readonly value: ScalarOf<P>
  readonly grad: P
  readonly info: ZoomLinesearchInfo<P>
}

/** How a zoom line search works. */
export interface ZoomLinesearchOptions {
  /** How many steps are tried at most (20). */
  readonly maxLinesearchSteps?: number
  /** The greatest step (none). */
  readonly maxLearningRate?: number
  /** By how much criteria may be missed (0). */
  readonly tol?: number
  /** How much longer each step of the first phase is (2). */
  readonly increaseFactor?: number
  /** The share of the slope by which the loss must fall (1e-4). */
  readonly slopeRtol?: number
  /** The share of the slope that may be left (0.9). */
  readonly curvRtol?: number
  /** The share of the loss within which slopes decide in its place; null for never (1e-6). */
  readonly approxDecRtol?: number | null
  /** The length of an interval that is not searched further (1e-5). */
  readonly stepsizePrecision?: number
  /** The first step that is tried: the one before, or 1 ("keep"; of `lbfgs` "one"). */
  readonly initialGuessStrategy?: "keep" | "one"
}

export const linesearchNames = [
  "maxLinesearchSteps",
  "maxLearningRate",
  "tol",
  "increaseFactor",
  "slopeRtol",
  "curvRtol",
  "approxDecRtol",
  "stepsizePrecision",
  "initialGuessStrategy"
] as const

/** The one dtype of leaves that a line search takes. */
export const scalarDType = (op: string, leaves: Leaves): "f32" | "f64" => {
  const dtype: DType = leaves[0]?.dtype ?? "f32"
  const other = leaves.find((leaf) => leaf.dtype !== dtype)
  if (other !== undefined)
    throw dtypeError(
      op,
      `${op}: the parameters are of ${dtype} and ${other.dtype}`,
      "convert them to one dtype: what is searched along the line is one number"
    )
  if (dtype === "f32" || dtype === "f64") return dtype
  throw dtypeError(op, `${op}: the parameters are ${show(leaves[0]!)}`, "convert them to f32 or f64 first")
}

const settingsOf = (op: string, options: ZoomLinesearchOptions): Settings => ({
  most: requireDim(op, "maxLinesearchSteps", options.maxLinesearchSteps ?? 20, 1),
  maxStepsize:
    options.maxLearningRate === undefined
      ? undefined
      : requireFromZero(op, "maxLearningRate", options.maxLearningRate),
  tol: requireFromZero(op, "tol", options.tol ?? 0),
  increaseFactor: requireNumber(op, "increaseFactor", options.increaseFactor ?? 2),
  slopeRtol: requireFromZero(op, "slopeRtol", options.slopeRtol ?? 1e-4),
  curvRtol: requireFromZero(op, "curvRtol", options.curvRtol ?? 0.9),
  approxDecRtol:
    options.approxDecRtol === null
      ? null
      : requireFromZero(op, "approxDecRtol", options.approxDecRtol ?? 1e-6),
  precision: requireFromZero(op, "stepsizePrecision", options.stepsizePrecision ?? 1e-5)
})

export const zoomLinesearch = (name: string, options: ZoomLinesearchOptions): Raw => {
  const settings = settingsOf(name, options)
  const strategy = requireOneOf(name, "initialGuessStrategy", options.initialGuessStrategy ?? "keep", [
    "keep",
    "one"
  ])
  return {
    name,
    init: (params, like, op) => {
      const scalar = (value: number): Tensor =>
        tensor(filled({ dtype: scalarDType(op, params), shape: [] }, value))
      const infinite = scalar(Number.POSITIVE_INFINITY)
      return {
        learningRate: scalar(1),
        value: infinite,
        grad: like(zerosOf(params)),
        info: {
          numLinesearchSteps: tensor(filled({ dtype: "i32", shape: [] }, 0)),
          decreaseError: infinite,
          curvatureError: infinite
        }
      }
    },
    update: (updates, state, context) => {
      const { op, given, objective, structure } = context
      const params = paramsOf(context)
      const like = likeOf(structure)
      if (objective === undefined)
        throw valueError(
          op,
          `${op}: the loss is missing`,
          "give it: update(grads, state, params, { value, valueFn })"
        )
      const dtype = scalarDType(op, params)
      const valueAndGradAt = valueAndGrad(objective.valueFn as (params: Tree) => Tensor<"f32", readonly []>)
      const line: Line = {
        start: {
          stepsize: filled({ dtype, shape: [] }, 0),
          value: convert(objective.value, dtype),
          slope: vdot(updates, given)
        },
        guess: strategy === "one" ? filled({ dtype, shape: [] }, 1) : valueOf(state.learningRate),
        at: (stepsize) => {
          const place = params.map((p, i) => add(p, mul(spread(stepsize, p), updates[i]!)))
          const [value, grad] = valueAndGradAt(like(place))
          const leaves = leavesOf(grad as Tree)
          return {
            stepsize,
            value: convert(valueOf(value), dtype),
            slope: vdot(leaves, updates),
            grad: leaves
          }
        }
      }
      const loop = whileLoop as (...args: ReadonlyArray<unknown>) => unknown
      const last = loop(
        ({ done, failed }: Search) => tensor(unary("not", binary("or", done, failed))),
        (search: Search) => stepOf(settings, line, search),
        startOf(line.start, given),
        { max: settings.most }
      ) as Search
      return [
        scaled(updates, () => last.now.stepsize),
        {
          learningRate: last.now.stepsize,
          value: last.now.value,
          grad: like(last.grad),
          info: {
            numLinesearchSteps: last.count,
            decreaseError: last.decreaseError,
            curvatureError: last.curvatureError
          }
        }
      ]
    }
  }
}

/** What kind of transformation `scaleByZoomLinesearch` makes. */
export interface ScaleByZoomLinesearchKind extends TransformationKind {
  readonly name: "scaleByZoomLinesearch"
  readonly needs: "loss"
  readonly state: ZoomLinesearchState<this["params"]>
}

/**
 * Makes a transformation that multiplies updates by the step of a line search: one that lowers the loss enough, and ends
 * where it is flat enough. It comes last in a chain. Fails with a `ShapeError` or a `ValueError` for an option that does
 * not fit. Its functions fail with a `DTypeError` for leaves that are not all f32 or all f64, and a `ValueError` without
 * a loss.
 *
 * @example
 * const loss = (w: Tensor<"f32", readonly [2]>) => sum(square(w))
 * const optimizer = chain(sgd(1), scaleByZoomLinesearch())
 * const w = constant([1, 2], "f32")
 * const [value, grads] = valueAndGrad(loss)(w)
 * const [updates] = optimizer.update(grads, optimizer.init(w), w, { value, valueFn: loss })
 * applyUpdates(w, updates) // [0, 0]
 */
export const scaleByZoomLinesearch = (
  options?: ZoomLinesearchOptions
): GradientTransformation<ScaleByZoomLinesearchKind> => {
  const op = "scaleByZoomLinesearch"
  return transformation(zoomLinesearch(op, requireOptions(op, options, linesearchNames)))
}

const searchOf = (part: unknown): State => {
  if (isTensor(part)) return undefined
  if (isRecord(part) && ["learningRate", "value", "grad", "info"].every((key) => Object.hasOwn(part, key)))
    return part
  const items = isList(part) ? part : isRecord(part) ? Object.values(part) : []
  for (const item of items) {
    const found = searchOf(item)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Makes a function of parameters and the state of an optimizer with a line search, that gives `[loss, gradient]`. It
 * takes them from the state, where the search has left them, and computes them only before the first step. It is right
 * where the loss is the same in each step. Fails with a `ValueError` for a state without a line search.
 *
 * @example
 * const loss = (w: Tensor<"f32", readonly [2]>) => sum(square(w))
 * const w = constant([1, 2], "f32")
 * valueAndGradFromState(loss)(w, lbfgs().init(w)) // [5, [2, 4]]
 */
export const valueAndGradFromState =
  <P, D extends "f32" | "f64">(valueFn: (params: P) => Tensor<D, readonly []>) =>
  (params: P, state: object): readonly [value: Tensor<D, readonly []>, grads: P] => {
    const op = "valueAndGradFromState"
    requireFunction(op, "the loss", valueFn)
    const search = searchOf(state)
    if (search === undefined)
      throw valueError(
        op,
        `${op}: the state has no line search`,
        "give the state of lbfgs, or of scaleByZoomLinesearch"
      )
    const value: Value = valueOf(search.value)
    const isKnown = compare("lt", unary("abs", value), filled(value, Number.POSITIVE_INFINITY))
    return (cond as State)(
      tensor(isKnown),
      () => [search.value, search.grad],
      () => (valueAndGrad as State)(valueFn)(params)
    )
  }
