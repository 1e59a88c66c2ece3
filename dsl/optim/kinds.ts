import type { FloatDType } from "../dtype.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { DTypeFault, IsTree } from "../tree-types.ts"

/** The types of gradient transformations. */

/**
 * What a gradient transformation is: its name, what `update` needs beside the gradients, and its state, which is written
 * by `params`, the type of the parameters. TypeScript cannot apply a generic type to types, and this stands for one.
 */
export interface TransformationKind {
  readonly name: string
  readonly needs: "grads" | "params" | "loss"
  readonly params: unknown
  readonly state: unknown
}

/** The state that a kind of transformation has for parameters of type P. */
export type StateFor<K extends TransformationKind, P> = (K & { readonly params: P })["state"]

/** The state of a transformation for parameters of type P: `OptimizerState<typeof optimizer, Params>`. */
export type OptimizerState<T, P> = T extends GradientTransformation<infer K> ? StateFor<K, P> : never

/** What a line search needs to know of the loss at the parameters. */
export interface Objective<P> {
  /** The loss at the parameters. */
  readonly value: Tensor<"f32" | "f64", readonly []>
  /** The loss as a function of the parameters. */
  readonly valueFn: (params: P) => Tensor<"f32" | "f64", readonly []>
}

/** What `update` takes after gradients and state. (A table, not a condition, for kinds that are type parameters.) */
interface More<P> {
  readonly grads: readonly [params?: P, objective?: Objective<P>]
  readonly params: readonly [params: P, objective?: Objective<P>]
  readonly loss: readonly [params: P, objective: Objective<P>]
}

/**
 * How gradients become updates: optimizers, and parts of them. Both functions are pure and work while a program is
 * traced, in loops too. Updates are added to the parameters by `applyUpdates`. (They are methods, so that each kind is
 * one of the widest, as `chain` takes it.)
 */
export interface GradientTransformation<K extends TransformationKind = TransformationKind> {
  /** Makes the first state. Parameters are a tree of floats. */
  init<const P>(params: P & FloatTree<`${K["name"]}.init`, "params", P>): StateFor<K, P>
  /**
   * Makes updates of gradients, and the next state. Optimizers that look at the parameters need them, and those that
   * search along a line need the loss.
   */
  update<const P>(
    grads: P & FloatTree<`${K["name"]}.update`, "grads", P>,
    state: StateFor<K, NoInfer<P>>,
    ...more: More<NoInfer<P>>[K["needs"]]
  ): readonly [P, StateFor<K, P>]
}

type Floats = Tensor<FloatDType> | null | ReadonlyArray<Floats> | { readonly [key: string]: Floats }

/** Where a tree has a tensor that is no float. */
type FloatFault<Op extends string, Path extends string, T> = DTypeFault<
  "noFloat",
  FloatDType,
  Floats,
  Op,
  Path,
  T
>

/** Fits are `true` of wildcards: see `PairCheck`. */
type FloatFit<T> = [T] extends [Floats]
  ? true
  : [FloatFault<string, string, T>] extends [never]
    ? true
    : never

/** A check that a type, which may be generic, is a tree of float tensors: unknown where it is, else the message. */
export type FloatTree<Op extends string, Path extends string, T> = IsTree<Op, Path, T> &
  ([FloatFit<T>] extends [never] ? FloatFault<Op, Path, T> : unknown)

/** A tree with leaves of dtype D in place of its own; of undefined, the tree itself. */
export type As<P, D extends FloatDType | undefined> = [D] extends [undefined]
  ? P
  : [Tree] extends [P]
    ? Tree
    : P extends Tensor
      ? Tensor<Extract<D, FloatDType>, P["shape"]>
      : P extends null
        ? null
        : { readonly [K in keyof P]: As<P[K], D> }

/** A tree with an axis of length N before those of each leaf. */
export type Stacked<P, N extends number> = [Tree] extends [P]
  ? Tree
  : P extends Tensor<infer D, infer S extends Shape>
    ? Tensor<D, readonly [N, ...S]>
    : P extends null
      ? null
      : { readonly [K in keyof P]: Stacked<P[K], N> }

/** A transformation without state. */
export interface Stateless<Name extends string, Needs extends TransformationKind["needs"] = "grads">
  extends TransformationKind {
  readonly name: Name
  readonly needs: Needs
  readonly state: null
}

/** What only counts the steps. */
export interface CountState {
  /** How many updates were made. */
  readonly count: Tensor<"i32", readonly []>
}
