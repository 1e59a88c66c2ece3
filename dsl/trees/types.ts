import type { DType } from "../dtype.ts"
import type { Aval, Shape } from "../shape.ts"
import type { Spec } from "../spec.ts"
import type { Tensor } from "../tensor.ts"
import type { TreeOf } from "../tree.ts"
import type { Alike } from "./fault.ts"
import type { IsUnion, Leaf, Unfolds } from "./leaf.ts"

/** The types of what functions of trees take and return. */

/** A dimension of `EachShape`. No number is one. */
type EachDim = number & { readonly "of each leaf": true }

/**
 * The shape of each leaf in turn. An operation that keeps shapes gives it back, and the leaf of the result then has the
 * shape of its own. To all others it is a shape of unknown rank.
 */
export type EachShape = ReadonlyArray<EachDim>

/** `EachShape`, and not the shape of a scalar, which has no dimension of another kind. */
type KeptShape = EachShape & { readonly includes: (dim: EachDim) => boolean }

/** The type of a tree's leaves: one type, or a union of all. */
export type LeafOf<T> = unknown extends T ? T : Leaves<T>

type Leaves<T, All = T> = T extends Leaf
  ? T
  : T extends null
    ? never
    : T extends ReadonlyArray<infer Item>
      ? [All] extends [Item]
        ? never
        : Leaves<Item>
      : [All] extends [T[keyof T]]
        ? never
        : Leaves<T[keyof T]>

/** The one shape of arrays, where all have it and its rank is known; else `S`. */
type ShapeOf<X extends Aval, S extends Shape> =
  true extends IsUnion<X> ? S : number extends X["shape"]["length"] ? S : X["shape"]

/** Tensors of a tree as a function of each of them sees them. */
export type EachTensor<X extends Tensor, S extends Shape = EachShape> =
  ShapeOf<X, S> extends infer Q extends Shape ? Tensor<X["dtype"], Q> : never

/** Leaves that differ, as one type for each kind: a function of them must do for each of their shapes. */
type Merged<L, S extends Shape> =
  | (Extract<L, Tensor> extends infer X extends Tensor
      ? [X] extends [never]
        ? never
        : EachTensor<X, S>
      : never)
  | (Extract<L, Spec> extends infer X extends Spec
      ? [X] extends [never]
        ? never
        : Spec<X["dtype"], ShapeOf<X, S>>
      : never)
  | Widened<Exclude<L, Tensor | Spec>>

type Widened<L> = L extends number
  ? number
  : L extends bigint
    ? bigint
    : L extends boolean
      ? boolean
      : L extends string
        ? string
        : L

/** What a function of a tree's leaves is given. */
export type Each<T> = unknown extends T ? T : Merged<Leaves<T>, EachShape>

/** A tree whose leaves have the shapes of another's. */
type Shaped<T> = T extends Aval
  ? { readonly shape: T["shape"] }
  : T extends Leaf
    ? unknown
    : T extends null
      ? null
      : { [K in keyof T]: Shaped<T[K]> }

/** What the function is given of the trees beside the first. Leaves of the first one's shapes have the same `EachShape`. */
export type EachMore<T, Rest extends ReadonlyArray<unknown>> = {
  [I in keyof Rest]: unknown extends Rest[I]
    ? Rest[I]
    : Merged<
        Leaves<Rest[I]>,
        true extends Unfolds<T> ? Shape : [Rest[I]] extends [Shaped<T>] ? EachShape : Shape
      >
}

type IsEach<S extends Shape> = number extends S["length"]
  ? [S[number], EachDim] extends [EachDim, S[number]]
    ? true
    : false
  : false

/** A shape that a function gives, where its argument had the shape `Own`: axes may stand before and after that. */
type OwnShape<S extends Shape, Own extends Shape> =
  IsEach<S> extends true
    ? Own
    : S extends readonly [infer Head extends number, ...infer Rest extends Shape]
      ? readonly [Head, ...OwnShape<Rest, Own>]
      : S extends readonly [...infer Rest extends Shape, infer Last extends number]
        ? readonly [...OwnShape<Rest, Own>, Last]
        : S

/** What a function's result is for one leaf: what has the shape of each leaf has that of this one. */
type ForLeaf<R, L, D> =
  R extends Tensor<infer E, infer S>
    ? Tensor<OwnDType<E, L, D>, OwnShape<S, ShapeOfLeaf<L>>>
    : R extends Spec<infer E, infer S>
      ? Spec<OwnDType<E, L, D>, OwnShape<S, ShapeOfLeaf<L>>>
      : R extends Leaf | null
        ? R
        : R extends ReadonlyArray<unknown>
          ? { readonly [K in keyof R]: ForLeaf<R[K], L, D> }
          : [R[keyof R]] extends [Leaf | null | ReadonlyArray<unknown>]
            ? { readonly [K in keyof R]: ForLeaf<R[K], L, D> }
            : R

type ShapeOfLeaf<L> = L extends Aval ? L["shape"] : Shape

/** What a function of leaves may give: anything but undefined. The empty list says that a list is a tuple. */
export type Anything = object | number | bigint | boolean | string | null | readonly []

/**
 * What a function gives for each leaf. Of a function with type parameters or overloads of its own the checker knows only
 * the widest result; it gives leaves of their own shape where it may be used as a function that does.
 */
export type Result<F, T, Rest extends ReadonlyArray<unknown>> = F extends (...args: never) => infer R
  ? [R] extends [Each<T>]
    ? R
    : [Each<T>] extends [R]
      ? F extends (leaf: Each<T>, ...more: EachMore<T, Rest>) => Each<T>
        ? Each<T>
        : R
      : R
  : never

/** A result of several dtypes, those of the leaves, has for one leaf that of its own. */
type OwnDType<E extends DType, L, D> =
  true extends IsUnion<E> ? ([E, D] extends [D, E] ? (L extends Aval ? L["dtype"] : E) : E) : E

type DTypes<T> = Extract<Leaves<T>, Tensor | Spec> extends infer X extends Aval ? X["dtype"] : never

/** A tree of the same structure whose leaves are results of a function. */
export type Mapped<T, R, D = DTypes<T>> = unknown extends T
  ? TreeOf<R>
  : true extends Unfolds<T>
    ? TreeOf<ForLeaf<R, Leaves<T>, D>>
    : T extends Leaf
      ? ForLeaf<R, T, D>
      : T extends null
        ? null
        : { [K in keyof T]: Mapped<T[K], R, D> }

/** A tree put together of leaves: the tree that was taken apart, where they are of the same types. */
export type Rebuilt<T, L> = [L, Each<T>] extends [Each<T>, L] ? T : Mapped<T, L>

/**
 * How a function of leaves is used on trees. `Before` is what it is given before the leaf. The first form is for
 * functions that keep the one type of a tree's tensors: the result then has the type of the tree, type parameter or
 * not. What such a tree is of is inferred, since the checker cannot look into a type parameter.
 */
export interface TreeMap<Before extends ReadonlyArray<unknown>> {
  <const T extends TreeOf<L>, L extends Tensor, const Rest extends ReadonlyArray<NoInfer<T>>>(
    fn: (...args: [...Before, leaf: EachTensor<L>, ...more: { [I in keyof Rest]: EachTensor<L> }]) => Kept<L>,
    tree: T & TreeOf<L>,
    ...rest: Rest
  ): T
  <
    const T extends TreeOf<L>,
    L extends Tensor,
    const Rest extends ReadonlyArray<NoInfer<T>>,
    R extends Anything
  >(
    fn: (...args: [...Before, leaf: EachTensor<L>, ...more: { [I in keyof Rest]: EachTensor<L> }]) => R,
    tree: T & TreeOf<L> & IsAnyTree<T>,
    ...rest: Rest
  ): Mapped<T, R>
  <
    const T,
    const Rest extends ReadonlyArray<unknown>,
    const F extends (...args: [...Before, leaf: Each<T>, ...more: EachMore<T, Rest>]) => Anything
  >(
    fn: F,
    tree: T,
    ...rest: Rest & Alike<Before extends [] ? "tree.map" : "tree.mapWithPath", T, Rest>
  ): Mapped<T, Result<F, T, Rest>>
}

type AnyTreeFit<T> = [TreeOf<never>] extends [T] ? true : never

/** Refuses trees whose parts are known. (Fits are `true` of wildcards: see `PairCheck`.) */
type IsAnyTree<T> = [AnyTreeFit<T>] extends [never] ? never : unknown

/** What keeps dtype and shape; nothing does, as far as one type tells, where there are several dtypes. */
type Kept<L extends Tensor> = true extends IsUnion<L["dtype"]> ? never : EachTensor<L, KeptShape>

/** As `TreeMap`, for `reduce`. */
export interface TreeReduce {
  <T extends TreeOf<L>, L extends Tensor, A>(
    fn: (total: A, leaf: EachTensor<L>) => NoInfer<A>,
    tree: T & TreeOf<L>,
    initial: A
  ): A
  <T, A>(fn: (total: A, leaf: Each<T>) => NoInfer<A>, tree: T, initial: A): A
}

/** As `TreeMap`, for `leaves`. */
export interface TreeLeaves {
  <T extends TreeOf<L>, L extends Tensor>(tree: T & TreeOf<L>): ReadonlyArray<EachTensor<L, KeptShape>>
  <T>(tree: T): ReadonlyArray<Each<T>>
}
