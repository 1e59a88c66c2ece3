import { cond } from "../control/cond.ts"
import { valueError } from "../errors.ts"
import { requireFlag, requireOptions, shown } from "../required.ts"
import { show } from "../shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import { add, compare, convert, div, filled, sub } from "../values.ts"
import type { GradientTransformation, StateFor, TransformationKind } from "./kinds.ts"
import { type Leaves, next, spread, together, wide, zerosOf } from "./leaves.ts"
import { leavesOf, likeOf, rawOf, type State, started, tensor, transformation } from "./transformation.ts"

/** A tree whose half floats are f32, so that many of them can be added. */
export type Accumulated<P> = [Tree] extends [P]
  ? Tree
  : P extends Tensor<infer D, infer S>
    ? Tensor<D extends "f16" | "bf16" ? "f32" : D, S>
    : P extends null
      ? null
      : { readonly [K in keyof P]: Accumulated<P[K]> }

/** What `multiSteps` keeps, beside the state of the optimizer that it holds. */
export interface MultiStepsState<P, Inner> {
  /** How many gradients of the next step are there. */
  readonly miniStep: Tensor<"i32", readonly []>
  /** How many steps the optimizer has made. */
  readonly gradientStep: Tensor<"i32", readonly []>
  readonly inner: Inner
  /** The gradients so far: their mean or their sum. */
  readonly accumulated: Accumulated<P>
}

/** How gradients are accumulated. */
export interface MultiStepsOptions {
  /** Whether the optimizer gets the mean of gradients, or their sum (true). */
  readonly useGradMean?: boolean
}

/** What kind of transformation `multiSteps` makes. */
export interface MultiStepsKind<K extends TransformationKind> extends TransformationKind {
  readonly name: "multiSteps"
  readonly needs: K["needs"]
  readonly state: MultiStepsState<this["params"], StateFor<K, this["params"]>>
}

/** How many gradients make one step: a number, or a function of the number of steps so far. */
export type EveryK =
  | number
  | ((gradientStep: Tensor<"i32", readonly []>) => number | Tensor<"i32", readonly []>)

const op = "multiSteps"

const requireCount = (every: unknown): number => {
  if (Number.isSafeInteger(every) && (every as number) >= 1 && (every as number) < 2 ** 31)
    return every as number
  throw valueError(
    op,
    `${op}: everyK is ${shown(every)}`,
    "give a whole number from 1, or a function of the step that gives one"
  )
}

const countOf = (everyK: EveryK, gradientStep: Value): Value => {
  const every =
    typeof everyK === "function" ? everyK(tensor(gradientStep) as Tensor<"i32", readonly []>) : everyK
  if (!isTensor(every)) return filled(gradientStep, requireCount(every))
  if (every.dtype === "i32" && every.shape.length === 0) return valueOf(every)
  throw valueError(op, `${op}: everyK gives ${show(every)}, not i32[]`, 'give a number, or convert(k, "i32")')
}

/**
 * Makes a transformation that accumulates gradients and lets the optimizer step once for every `everyK` of them. Between
 * its updates are zero. Half floats are accumulated in f32. Fails with a `ValueError` for what is no transformation or no
 * number of steps. Its functions fail as those of the optimizer do: with a `DTypeError`, a `TreeError` or a `ValueError`.
 *
 * @example
 * const optimizer = multiSteps(sgd(0.1), 2)
 * const [first, state] = optimizer.update(scalar(10, "f32"), optimizer.init(scalar(0, "f32")))
 * const [second] = optimizer.update(scalar(30, "f32"), state)
 * first // 0
 * second // -2
 */
export const multiSteps = <K extends TransformationKind>(
  optimizer: GradientTransformation<K>,
  everyK: EveryK,
  options?: MultiStepsOptions
): GradientTransformation<MultiStepsKind<K>> => {
  const inner = rawOf(op, "the optimizer", optimizer)
  const isMean = requireFlag(
    op,
    "useGradMean",
    requireOptions(op, options, ["useGradMean"]).useGradMean,
    true
  )
  if (typeof everyK !== "function") requireCount(everyK)
  const collected = (grads: Leaves, old: Leaves, miniStep: Value): Leaves =>
    together(
      (g, sum) => {
        if (!isMean) return add(g, sum)
        const count = convert(next(miniStep), g.dtype)
        return add(sum, div(sub(g, sum), spread(count, g)))
      },
      grads,
      old
    )
  return transformation({
    name: op,
    init: (params, like, called) => ({
      miniStep: started(),
      gradientStep: started(),
      inner: inner.init(params, like, called),
      accumulated: like(zerosOf(params.map(wide)))
    }),
    update: (grads, state, context) => {
      const like = likeOf(context.structure)
      const [miniStep, gradientStep] = [valueOf(state.miniStep), valueOf(state.gradientStep)]
      const old = leavesOf(state.accumulated)
      const sums = collected(grads, old, miniStep)
      const every = countOf(everyK, gradientStep)
      const emits = tensor(compare("ge", next(miniStep), every)) as Tensor<"bool", readonly []>
      const step = (): State => {
        const [updates, after] = inner.update(sums, state.inner, { ...context, given: sums })
        return {
          updates: like(updates.map((leaf, i) => convert(leaf, grads[i]!.dtype))),
          state: {
            miniStep: started(),
            gradientStep: tensor(next(gradientStep)),
            inner: after,
            accumulated: like(zerosOf(old))
          }
        }
      }
      const wait = (): State => ({
        updates: like(zerosOf(grads)),
        state: {
          miniStep: tensor(next(miniStep)),
          gradientStep: state.gradientStep,
          inner: state.inner,
          accumulated: like(sums)
        }
      })
      const result = cond(emits, step, wait)
      return [leavesOf(result.updates), result.state]
    }
  })
}
