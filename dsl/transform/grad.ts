import { isFloat } from "../dtype.ts"
import { dtypeError, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { show } from "../shape.ts"
import type { Value } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { AreTrees, NoTypes } from "../tree-types.ts"
import type { AfterWhole, ByRule, Rule, WholeOf } from "../types/whole.ts"
import { filled, zeros } from "../values.ts"
import type { ArgNums, ArgnumsCheck, Chosen, GradientCheck } from "./argnums.ts"
import {
  type Applied,
  chosenLeaves,
  chosenTree,
  differentiated,
  type Fn,
  gradOptions,
  plainArgnums,
  resultAndAux,
  tree
} from "./differentiate.ts"
import { reverse } from "./reverse.ts"
import type { GradOptions, LossOrAuxCheck, ResultOf, WithAux } from "./types.ts"
import type { OfGrad, OfValueAndGrad, WholeGradient } from "./whole-types.ts"

interface ValueAndGrad {
  <const R, const A extends ReadonlyArray<unknown> = NoTypes<"valueAndGrad">, K extends Rule = never>(
    fn: Fn<A, R> & WholeOf<K>,
    ...none: AfterWhole<K, A>
  ): ByRule<K, WholeGradient<"valueAndGrad", K, OfValueAndGrad<K>>, (...args: A) => [R, Chosen<A, 0>]>
  <
    const R,
    const A extends ReadonlyArray<unknown> = NoTypes<"valueAndGrad">,
    const N extends ArgNums = 0,
    const H extends boolean = false
  >(
    fn: Fn<A, R & LossOrAuxCheck<"valueAndGrad", R, H>> &
      AreTrees<"valueAndGrad", A> &
      GradientCheck<"valueAndGrad", A, N>,
    options?: GradOptions<N, H> & ArgnumsCheck<"valueAndGrad", A, N>
  ): (...args: A) => [WithAux<ResultOf<R, H>, R, H>, Chosen<A, N>]
}

interface Grad {
  <const R, const A extends ReadonlyArray<unknown> = NoTypes<"grad">, K extends Rule = never>(
    fn: Fn<A, R> & WholeOf<K>,
    ...none: AfterWhole<K, A>
  ): ByRule<K, WholeGradient<"grad", K, OfGrad>, (...args: A) => Chosen<A, 0>>
  <
    const R,
    const A extends ReadonlyArray<unknown> = NoTypes<"grad">,
    const N extends ArgNums = 0,
    const H extends boolean = false
  >(
    fn: Fn<A, R & LossOrAuxCheck<"grad", R, H>> & AreTrees<"grad", A> & GradientCheck<"grad", A, N>,
    options?: GradOptions<N, H> & ArgnumsCheck<"grad", A, N>
  ): (...args: A) => WithAux<Chosen<A, N>, R, H>
}

/** Refuses a result that is no scalar loss; returns the structure of aux. */
const lossOf = (op: string, at: Applied, hasAux: boolean) => {
  const { result, aux } = resultAndAux(op, "loss", at, hasAux)
  const { leaves } = at.outputs
  if (result.kind !== "leaf") {
    throw shapeError(
      op,
      say("lossShape", { op, a: "a tree" }),
      "return one scalar, such as a sum; with more results say { hasAux: true }"
    )
  }
  const loss = leaves[0]!
  if (loss.shape.length > 0) {
    throw shapeError(
      op,
      say("lossShape", { op, a: show(loss) }),
      "reduce it (sum, mean), or use jacrev for all derivatives of an array"
    )
  }
  if (!isFloat(loss.dtype)) {
    throw dtypeError(op, say("lossDType", { op, a: show(loss) }), 'convert it: convert(loss, "f32")')
  }
  return { aux }
}

const derive = (
  op: string,
  fn: (...args: ReadonlyArray<never>) => unknown,
  { argnums, hasAux }: Required<GradOptions<ArgNums, boolean>>,
  args: ReadonlyArray<Tree>
) => {
  const chosen = plainArgnums(op, argnums, args.length)
  const at = differentiated(op, fn, args)
  const { aux } = lossOf(op, at, hasAux)
  const leaves = chosenLeaves(op, at, chosen)
  const wanted = [...at.captured.map(() => false), ...leaves]
  const isLoss = at.outputs.leaves.map((_, i) => i === 0)
  const { outputs, pull } = reverse(at.program, at.operands, wanted, isLoss)
  const pulled = pull([filled(outputs[0]!, 1)]).slice(at.captured.length)
  const gradients = at.args.leaves.map((leaf, i) => pulled[i] ?? (leaves[i] ? zeros(leaf) : undefined))
  return {
    loss: outputs[0]!,
    aux: aux === undefined ? undefined : tree(aux, outputs.slice(1)),
    gradients: chosenTree(at, argnums, chosen, gradients as ReadonlyArray<Value>)
  }
}

/**
 * Makes the gradient of a scalar loss, by reverse mode: a function of the same arguments. It differentiates by the
 * first argument, or those that `argnums` names. A record's gradient is a record of the same type. With `hasAux` the
 * function returns `[loss, aux]`, and the result is `[gradient, aux]`.
 *
 * Fails with a `ShapeError` for a loss that is no scalar, a `DTypeError` for an argument without a gradient, such as
 * an integer, a `ValueError` for `argnums` out of range, and a `ScopeError` for a loop without bound.
 *
 * @example grad((w: Tensor<"f32", readonly [2]>) => sum(mul(w, w)))(constant([1, 2], "f32")) // [2, 4]
 */
export const grad: Grad = (fn: unknown, given?: GradOptions<ArgNums, boolean>) => {
  const options = gradOptions("grad", fn, given)
  return ((...args: ReadonlyArray<Tree>) => {
    const { aux, gradients } = derive("grad", fn as never, options, args)
    return options.hasAux ? [gradients, aux] : gradients
  }) as never
}

/**
 * Makes a function that gives `[loss, gradient]`, or with `hasAux` `[[loss, aux], gradient]`. Options and errors are
 * those of `grad`: a `ShapeError`, a `DTypeError`, a `ValueError` or a `ScopeError`.
 *
 * @example valueAndGrad((w: Tensor<"f32", readonly [2]>) => sum(mul(w, w)))(constant([1, 2], "f32")) // [5, [2, 4]]
 */
export const valueAndGrad: ValueAndGrad = (fn: unknown, given?: GradOptions<ArgNums, boolean>) => {
  const options = gradOptions("valueAndGrad", fn, given)
  return ((...args: ReadonlyArray<Tree>) => {
    const { loss, aux, gradients } = derive("valueAndGrad", fn as never, options, args)
    return options.hasAux ? [[loss, aux], gradients] : [loss, gradients]
  }) as never
}
