import { scan } from "../control/scan.ts"
import { at } from "../ops/at.ts"
import { requireDim, requireFlag, requireOptions } from "../required.ts"
import { type Tensor, type Value, valueOf } from "../tensor.ts"
import { add, binary, compare, div, filled, iota, mul, select, selectEach, sub, zeros } from "../values.ts"
import { descent } from "./descent.ts"
import type { CountState, GradientTransformation, Stacked, TransformationKind } from "./kinds.ts"
import { type Leaves, next, normOf, spread, vdot, zerosOf } from "./leaves.ts"
import type { Rate } from "./rate.ts"
import {
  countOf,
  leavesOf,
  likeOf,
  paramsOf,
  type Raw,
  type State,
  started,
  tensor,
  transformation
} from "./transformation.ts"
import {
  linesearchNames,
  type ScalarOf,
  scalarDType,
  type ZoomLinesearchOptions,
  type ZoomLinesearchState,
  zoomLinesearch
} from "./zoom-linesearch.ts"

/** What the direction of L-BFGS keeps for parameters of type P, and the last N steps. */
export interface ScaleByLbfgsState<P, N extends number = number> extends CountState {
  /** The parameters of the step before. */
  readonly params: P
  /** The gradients of the step before. */
  readonly updates: P
  /** By how much the parameters changed, in each of the last steps. */
  readonly diffParams: Stacked<P, N>
  /** By how much the gradients changed. */
  readonly diffUpdates: Stacked<P, N>
  /** One over the products of these changes. */
  readonly weights: Tensor<ScalarOf<P>["dtype"], readonly [N]>
}

/** What L-BFGS keeps: its direction's state, and that of its line search. */
export interface LbfgsState<P, N extends number = number> extends ScaleByLbfgsState<P, N> {
  readonly linesearch: ZoomLinesearchState<P>
}

/** How the direction of L-BFGS is found. */
export interface ScaleByLbfgsOptions<N extends number = 10> {
  /** How many steps are remembered (10). */
  readonly memorySize?: N
  /** Whether to begin from the last step's curvature, or from 1 (true). */
  readonly scaleInitPrecond?: boolean
}

/** How L-BFGS finds its direction, and how far it goes. */
export interface LbfgsOptions<N extends number = 10> extends ScaleByLbfgsOptions<N> {
  /** What the direction is multiplied by before the line search (1). */
  readonly learningRate?: Rate
  /** How the line search works: by default in at most 20 steps, the first being 1. */
  readonly linesearch?: ZoomLinesearchOptions
}

/** What kind of transformation `scaleByLbfgs` makes. */
export interface ScaleByLbfgsKind<N extends number> extends TransformationKind {
  readonly name: "scaleByLbfgs"
  readonly needs: "params"
  readonly state: ScaleByLbfgsState<this["params"], N>
}

/** What kind of transformation `lbfgs` makes. */
export interface LbfgsKind<N extends number> extends TransformationKind {
  readonly name: "lbfgs"
  readonly needs: "loss"
  readonly state: LbfgsState<this["params"], N>
}

/** One item of each stack. */
const itemsAt = (stacks: Leaves, index: Value): Leaves =>
  stacks.map((stack) => valueOf((at as State)(tensor(stack), tensor(index)).get()))

const written = (stacks: Leaves, index: Value, items: Leaves): Leaves =>
  stacks.map((stack, i) => valueOf((at as State)(tensor(stack), tensor(index)).set(tensor(items[i]!))))

/** `x + factor * y`. */
const plusTimes = (xs: Leaves, factor: Value, ys: Leaves): Leaves =>
  xs.map((x, i) => add(x, mul(spread(factor, x), ys[i]!)))

/** A scan over the items of memory, with leaves as the carry and a number from each step. */
const over = (
  carry: Leaves,
  xs: ReadonlyArray<Value>,
  reverse: boolean,
  body: (leaves: Leaves, ...row: Array<Value>) => readonly [Leaves, Value]
): readonly [Leaves, Value] => {
  const step = (leaves: ReadonlyArray<Tensor>, row: ReadonlyArray<Tensor>): State => {
    const [after, out] = body(leaves.map(valueOf), ...row.map(valueOf))
    return [after.map(tensor), tensor(out)]
  }
  const [last, outs] = (scan as State)(carry.map(tensor), xs.map(tensor), step, { reverse })
  return [last.map(valueOf), valueOf(outs)]
}

/** Algorithm 7.4 of Nocedal and Wright, Numerical Optimization, 1999: the inverse Hessian times a vector. */
const preconditioned = (
  grads: Leaves,
  diffParams: Leaves,
  diffUpdates: Leaves,
  weights: Value,
  start: Value,
  places: Value
): Leaves => {
  const weightAt = (place: Value): Value => itemsAt([weights], place)[0]!
  const [right, alphas] = over(grads, [places], true, (vector, place) => {
    const alpha = mul(weightAt(place!), vdot(itemsAt(diffParams, place!), vector))
    return [plusTimes(vector, mul(alpha, filled(alpha, -1)), itemsAt(diffUpdates, place!)), alpha]
  })
  const scaled = right.map((leaf) => mul(spread(start, leaf), leaf))
  const [left] = over(scaled, [places, alphas], false, (vector, place, alpha) => {
    const beta = mul(weightAt(place!), vdot(itemsAt(diffUpdates, place!), vector))
    return [plusTimes(vector, sub(alpha!, beta), itemsAt(diffParams, place!)), beta]
  })
  return left
}

/** Liu and Nocedal, 1989. */
const direction = (name: string, options: ScaleByLbfgsOptions<number>): Raw => {
  const size = requireDim(name, "memorySize", options.memorySize ?? 10, 1)
  const scaleInit = requireFlag(name, "scaleInitPrecond", options.scaleInitPrecond, true)
  return {
    name,
    init: (params, like, op) => {
      const dtype = scalarDType(op, params)
      const stacks = like(params.map((leaf) => zeros({ dtype: leaf.dtype, shape: [size, ...leaf.shape] })))
      return {
        count: started(),
        params: like(zerosOf(params)),
        updates: like(zerosOf(params)),
        diffParams: stacks,
        diffUpdates: stacks,
        weights: tensor(zeros({ dtype, shape: [size] }))
      }
    },
    update: (grads, state, context) => {
      const like = likeOf(context.structure)
      const params = paramsOf(context)
      const count = countOf(state)
      const isLater = compare("gt", count, filled(count, 0))
      const ifLater = (x: Value, otherwise: Value): Value => selectEach(isLater, x, otherwise)
      const changes = (now: Leaves, before: Leaves): Leaves =>
        now.map((x, i) => ifLater(sub(x, before[i]!), zeros(x)))
      const [dp, du] = [changes(params, leavesOf(state.params)), changes(grads, leavesOf(state.updates))]
      const product = vdot(du, dp)
      const one = filled(product, 1)
      const none = zeros(product)
      const weight = select(compare("eq", product, none), none, div(one, product))
      const last = binary(
        "rem",
        add(binary("rem", count, filled(count, size)), filled(count, size - 1)),
        filled(count, size)
      )
      const diffParams = written(leavesOf(state.diffParams), last, dp)
      const diffUpdates = written(leavesOf(state.diffUpdates), last, du)
      const weights = written([valueOf(state.weights)], last, [weight])[0]!
      const curvature = (): Value => {
        const squares = vdot(du, du)
        const known = select(compare("gt", squares, none), div(product, squares), one)
        return ifLater(known, binary("minimum", one, div(one, normOf(grads))))
      }
      const ordered = add(spread(count, iota([size], 0)), iota([size], 0))
      const places = binary("rem", ordered, filled(ordered, size))
      const start = scaleInit ? curvature() : one
      const updates = preconditioned(grads, diffParams, diffUpdates, weights, start, places)
      return [
        updates,
        {
          count: tensor(next(count)),
          params: like(params),
          updates: like(grads),
          diffParams: like(diffParams),
          diffUpdates: like(diffUpdates),
          weights: tensor(weights)
        }
      ]
    }
  }
}

/**
 * Makes a transformation that multiplies gradients by what L-BFGS knows of the inverse Hessian: the direction of `lbfgs`,
 * up the slope. Fails with a `ShapeError` or a `ValueError` for an option that does not fit. Its functions fail with a
 * `DTypeError` for leaves that are not all f32 or all f64, and with a `TreeError` for a tree that does not fit.
 *
 * @example
 * const params = { w: constant([1, 2], "f32") }
 * const optimizer = chain(scaleByLbfgs({ memorySize: 3 }), scale(-0.5))
 * const [updates] = optimizer.update({ w: constant([0.5, 0], "f32") }, optimizer.init(params), params)
 * applyUpdates(params, updates) // { w: [0.75, 2] }
 */
export const scaleByLbfgs = <const N extends number = 10>(
  options?: ScaleByLbfgsOptions<N>
): GradientTransformation<ScaleByLbfgsKind<N>> => {
  const op = "scaleByLbfgs"
  return transformation(direction(op, requireOptions(op, options, ["memorySize", "scaleInitPrecond"])))
}

/**
 * Makes the optimizer L-BFGS: a quasi-Newton method with a line search, for losses without noise. Its update needs the
 * parameters, the loss at them, and the loss as a function. Fails with a `ShapeError` or a `ValueError` for an option
 * that does not fit. Its functions fail with a `DTypeError` for leaves that are not all f32 or all f64, a `TreeError` for
 * a tree that does not fit, and a `ValueError` without a loss.
 *
 * @example
 * const loss = (w: Tensor<"f32", readonly [2]>) => sum(square(sub(w, 3)))
 * const optimizer = lbfgs()
 * const start = constant([0, 7], "f32")
 * const [w] = fori(0, 4, (_, [w, state]) => {
 *   const [value, grads] = valueAndGradFromState(loss)(w, state)
 *   const [updates, next] = optimizer.update(grads, state, w, { value, valueFn: loss })
 *   return [applyUpdates(w, updates), next]
 * }, [start, optimizer.init(start)])
 * w // [3.000, 3.000]
 */
export const lbfgs = <const N extends number = 10>(
  options?: LbfgsOptions<N>
): GradientTransformation<LbfgsKind<N>> => {
  const op = "lbfgs"
  const given = requireOptions(op, options, ["memorySize", "scaleInitPrecond", "learningRate", "linesearch"])
  const down = descent(direction(op, given), given.learningRate ?? 1)
  const search = zoomLinesearch(op, {
    maxLinesearchSteps: 20,
    initialGuessStrategy: "one",
    ...requireOptions(op, given.linesearch, linesearchNames)
  })
  return transformation({
    name: op,
    init: (params, like, called) => ({
      ...down.init(params, like, called),
      linesearch: search.init(params, like, called)
    }),
    update: (grads, { linesearch, ...state }, context) => {
      const [toward, after] = down.update(grads, state, context)
      const [updates, searched] = search.update(toward, linesearch, context)
      return [updates, { ...after, linesearch: searched }]
    }
  })
}
