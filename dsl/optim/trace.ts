import type { FloatDType } from "../dtype.ts"
import { requireFlag, requireOptions } from "../required.ts"
import { add, filled, mul } from "../values.ts"
import type { As, CountState, GradientTransformation, TransformationKind } from "./kinds.ts"
import { alike, averaged, type Leaves, next, together, unbiased, zerosOf } from "./leaves.ts"
import { requireDecay, requireFloatDType } from "./readers.ts"
import { countOf, leavesOf, likeOf, started, tensor, transformation } from "./transformation.ts"

/** What `trace` keeps: a sum of gradients in which older ones fade. */
export interface TraceState<P> {
  readonly trace: P
}

/** How `trace` adds up. */
export interface TraceOptions<D extends FloatDType | undefined = undefined> {
  /** Whether to look ahead, as Nesterov does (false). */
  readonly nesterov?: boolean
  /** The dtype of the sum; by default that of the parameters. */
  readonly accumulatorDtype?: D
}

/** What kind of transformation `trace` makes. */
export interface TraceKind<D extends FloatDType | undefined> extends TransformationKind {
  readonly name: "trace"
  readonly needs: "grads"
  readonly state: TraceState<As<this["params"], D>>
}

/** Gradients with momentum: the updates, and the sum that is kept. */
export const traced = (
  decay: number,
  nesterov: boolean,
  grads: Leaves,
  old: Leaves
): readonly [updates: Leaves, trace: Leaves] => {
  const more = (g: Leaves, t: Leaves): Leaves => together((a, b) => add(a, mul(b, filled(b, decay))), g, t)
  const sum = more(grads, old)
  return [nesterov ? more(grads, sum) : sum, alike(sum, old)]
}

/**
 * Makes a transformation that adds up gradients, of which each step keeps the share `decay`: momentum. Fails with a
 * `ValueError` or a `DTypeError` for an option that does not fit. Its `init` and `update` fail with a `DTypeError` for a
 * leaf that is no float, and a `TreeError` for a tree that does not fit.
 *
 * @example
 * const momentum = trace(0.5)
 * const [, state] = momentum.update(scalar(4, "f32"), momentum.init(scalar(0, "f32")))
 * const [updates] = momentum.update(scalar(1, "f32"), state)
 * updates // 3
 */
export const trace = <D extends FloatDType | undefined = undefined>(
  decay: number,
  options?: TraceOptions<D>
): GradientTransformation<TraceKind<D>> => {
  const op = "trace"
  const given = requireOptions(op, options, ["nesterov", "accumulatorDtype"])
  const kept = requireDecay(op, "decay", decay)
  const nesterov = requireFlag(op, "nesterov", given.nesterov)
  const dtype = requireFloatDType(op, "accumulatorDtype", given.accumulatorDtype)
  return transformation({
    name: op,
    init: (params, like) => ({ trace: like(zerosOf(params, 0, dtype)) }),
    update: (grads, state, { structure }) => {
      const [updates, sum] = traced(kept, nesterov, grads, leavesOf(state.trace))
      return [updates, { trace: likeOf(structure)(sum) }]
    }
  })
}

/** What `ema` keeps: the average of the gradients so far, of which older ones fade. */
export interface EmaState<P> extends CountState {
  readonly ema: P
}

/** How `ema` averages. */
export interface EmaOptions<D extends FloatDType | undefined = undefined> {
  /** Whether to correct for a beginning at zero (true). */
  readonly debias?: boolean
  /** The dtype of the average; by default that of the parameters. */
  readonly accumulatorDtype?: D
}

/** What kind of transformation `ema` makes. */
export interface EmaKind<D extends FloatDType | undefined> extends TransformationKind {
  readonly name: "ema"
  readonly needs: "grads"
  readonly state: EmaState<As<this["params"], D>>
}

/**
 * Makes a transformation that averages gradients: each step keeps the share `decay` of the average before. Fails with a
 * `ValueError` or a `DTypeError` for an option that does not fit. Its `init` and `update` fail with a `DTypeError` for a
 * leaf that is no float, and a `TreeError` for a tree that does not fit.
 *
 * @example
 * const average = ema(0.5)
 * const [, state] = average.update(scalar(4, "f32"), average.init(scalar(0, "f32")))
 * const [updates] = average.update(scalar(1, "f32"), state)
 * updates // 2
 */
export const ema = <D extends FloatDType | undefined = undefined>(
  decay: number,
  options?: EmaOptions<D>
): GradientTransformation<EmaKind<D>> => {
  const op = "ema"
  const given = requireOptions(op, options, ["debias", "accumulatorDtype"])
  const kept = requireDecay(op, "decay", decay)
  const debias = requireFlag(op, "debias", given.debias, true)
  const dtype = requireFloatDType(op, "accumulatorDtype", given.accumulatorDtype)
  return transformation({
    name: op,
    init: (params, like) => ({ count: started(), ema: like(zerosOf(params, 0, dtype)) }),
    update: (grads, state, { structure }) => {
      const old = leavesOf(state.ema)
      const count = next(countOf(state))
      const average = together(averaged(kept), grads, old)
      const updates = debias ? average.map(unbiased(kept, count)) : average
      return [updates, { count: tensor(count), ema: likeOf(structure)(alike(average, old)) }]
    }
  })
}
