import type { DType } from "../dtype.ts"
import type { Tensor } from "../tensor.ts"
import type { NoTypes } from "../tree-types.ts"
import type { AnyTensor, Broadcast, DTypeOf, Product, ShapeOf } from "../types.ts"

/**
 * Library functions that are given whole, as in `vmap(sin)`. TypeScript cannot apply a generic function to types, so a
 * function says what it gives for which arguments by a rule: an interface whose `result` is written by its `args`.
 */
export interface Rule {
  readonly args: unknown
  readonly result: unknown
}

/** What `vmap` says of the function that it gives, for a `vmap` around it. */
export interface Mapping {
  readonly maps: unknown
}

declare const rule: unique symbol

/** Says the rule of a function. There is no such property at run time. */
export interface Whole<K extends Rule | Mapping | null> {
  readonly [rule]?: K
}

/**
 * What a function that has a rule is. (Of a function without one, the checker infers never; of what is any, any, which
 * never alone refuses.)
 */
export type WholeOf<K extends Rule> = 0 extends 1 & K
  ? never
  : Whole<K> & ([K] extends [never] ? "a function without a rule" : unknown)

/**
 * What stands after a function of arguments A that has a rule. After one without, it is more than is ever given: so the
 * checker refuses this form by the number of arguments, and only the form after it says what is wrong. (The checker
 * first leaves out what it makes of other functions, and infers no arguments then.)
 */
export type AfterWhole<
  K extends Rule,
  A extends ReadonlyArray<unknown>,
  More extends ReadonlyArray<unknown> = readonly []
> = [K] extends [never] ? ([NoTypes<string>] extends [A] ? More : readonly [never, never, never]) : More

/** The type of what is made of a function with a rule, or of one whose type is never. */
export type ByRule<K extends Rule, Made, Else> = [K] extends [never] ? Else : Made

/** What a function of rule K gives for arguments. */
export type ResultFor<K extends Rule, Args> = (K & {
  readonly args: Args
})["result"]

type First<Args> = Args extends readonly [infer X extends AnyTensor, ...infer _] ? X : Tensor
type Second<Args> = Args extends readonly [infer _X, infer Y, ...infer _] ? Y : Tensor

/** The result is like the first argument. */
export interface AsFirst extends Rule {
  readonly result: Tensor<DTypeOf<First<this["args"]>>, ShapeOf<First<this["args"]>>>
}

/** The result has the shape of the first argument, and dtype D. */
export interface ShapedAsFirst<D extends DType> extends Rule {
  readonly result: Tensor<D, ShapeOf<First<this["args"]>>>
}

/** All elements of the first argument make one of dtype D, or of its own. */
export interface OfAll<D extends DType | null = null> extends Rule {
  readonly result: Tensor<D extends DType ? D : DTypeOf<First<this["args"]>>, readonly []>
}

/** Two arguments are broadcast; the result has dtype D, or theirs. */
export interface Joined<D extends DType | null = null> extends Rule {
  readonly result: Tensor<
    D extends DType ? D : DTypeOf<First<this["args"]>>,
    Broadcast<ShapeOf<First<this["args"]>>, ShapeOf<Second<this["args"]>>>
  >
}

/** Two arguments are multiplied as matrices. */
export interface Multiplied extends Rule {
  readonly result: this["args"] extends readonly [
    Tensor<infer D, infer S>,
    Tensor<infer _, infer T>,
    ...infer _More
  ]
    ? Tensor<D, Product<S, T>>
    : Tensor
}

/** A function of tensors that has a rule for its type. */
export interface WholeFunction<K extends Rule> extends Whole<K> {
  <const Args extends ReadonlyArray<Tensor>>(...args: Args): ResultFor<K, Args>
}
