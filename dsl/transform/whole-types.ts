import type { Tensor } from "../tensor.ts"
import type { ResultFor, Rule, Whole } from "../types/whole.ts"
import type { GradientCheck } from "./argnums.ts"
import type { Jacobian, LossCheck } from "./types.ts"

/** Derivatives, by the first argument, of library functions that are given whole, as in `vmap(grad(sin))`. */

type Tensors = ReadonlyArray<Tensor>

/** The first argument as it is, not as a check of it has it. */
type First<Args> = Args extends readonly [Tensor<infer D, infer S>, ...infer _] ? Tensor<D, S> : Tensor

/** The gradient is like the first argument. */
export interface OfGrad extends Rule {
  readonly result: First<this["args"]>
}

/** The loss, and a gradient like the first argument. */
export interface OfValueAndGrad<K extends Rule> extends Rule {
  readonly result: [ResultFor<K, this["args"]>, First<this["args"]>]
}

/** The Jacobian with respect to the first argument. */
export interface OfJacobian<K extends Rule> extends Rule {
  readonly result: Jacobian<ResultFor<K, this["args"]>, First<this["args"]>>
}

/** Why arguments make no scalar loss, or have no gradient: one of both. */
type Smooth<Op extends string, Args extends Tensors, Loss> = unknown extends Loss
  ? GradientCheck<Op, Args, 0>
  : Loss

/** The derivative of a loss of rule K, which gives what Out says. */
export interface WholeGradient<Op extends string, K extends Rule, Out extends Rule> extends Whole<Out> {
  <const Args extends Tensors>(
    ...args: Args & Smooth<Op, Args, LossCheck<Op, ResultFor<K, Args>>>
  ): ResultFor<Out, Args>
}

/** The Jacobian of a function of rule K. */
export interface WholeJacobian<Op extends string, K extends Rule> extends Whole<OfJacobian<K>> {
  <const Args extends Tensors>(...args: Args & GradientCheck<Op, Args, 0>): ResultFor<OfJacobian<K>, Args>
}
