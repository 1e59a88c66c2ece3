import type { DType } from "./dtype.ts"
import type { Running } from "./late.ts"
import type { Say } from "./messages.ts"
import type { Tensor } from "./tensor.ts"
import type { Tree } from "./tree.ts"
import type { Show } from "./types.ts"

/** What is no object, and what a function without `return` gives. */
// biome-ignore lint/suspicious/noConfusingVoidType: that is what it gives
export type Primitive = number | bigint | string | boolean | symbol | undefined | void
export type Callable = (...args: never) => unknown

/** What a value is that is no tree, as messages say it. */
export type Kind<T extends Primitive | Callable> = T extends number | bigint
  ? "a number"
  : T extends string
    ? "a string"
    : T extends boolean
      ? "a boolean"
      : T extends symbol
        ? "a symbol"
        : T extends Callable
          ? "a function"
          : "undefined"

/** Why a type is no tree, with the place; never where it is one. An interface has no index signature, and may be one. */
type TreeFault<Op extends string, Path extends string, T> = [T] extends [Tree]
  ? never
  : T extends Tensor | null
    ? never
    : T extends PromiseLike<unknown>
      ? Say<"async", { op: Op }>
      : T extends Running
        ? Say<"effect", { op: Op }>
        : T extends Primitive | Callable
          ? Say<"leaf", { op: Op; path: Path; a: Kind<T> }>
          : T extends ReadonlyArray<unknown>
            ? { [K in keyof T]: TreeFault<Op, `${Path}[${K & string}]`, T[K]> }[number]
            : { [K in keyof T & string]: TreeFault<Op, `${Path}.${K}`, Required<T>[K]> }[keyof T & string]

type TreeFit<T> = [T] extends [Tree] ? true : [TreeFault<string, string, T>] extends [never] ? true : never

/** A check that a type, which may be generic, is a tree of tensors: unknown where it is, else the message. */
export type IsTree<Op extends string, Path extends string, T> = [TreeFit<T>] extends [never]
  ? T extends Primitive
    ? { readonly refused: TreeFault<Op, Path, T> }
    : TreeFault<Op, Path, T>
  : unknown

/** The type of a parameter that has none, so that what refuses it says why. Anything may be given for it. */
// biome-ignore lint/suspicious/noEmptyInterface: a property would refuse what is given
export interface Unannotated<_Message extends string> {}

/** The arguments of a function whose parameters have no types. */
export type NoTypes<Op extends string> = ReadonlyArray<Unannotated<Say<"annotate", { op: Op }>>>

/** The arguments that must be given. Others are options of a function that is passed whole: they keep their defaults. */
type Needed<A extends ReadonlyArray<unknown>> = A extends readonly [infer First, ...infer Rest]
  ? readonly [First, ...Needed<Rest>]
  : number extends A["length"]
    ? A
    : readonly []

type ArgsFit<A extends ReadonlyArray<unknown>> = [TreeFit<A>] extends [never] ? TreeFit<Needed<A>> : true

/** A check of a function's arguments, as `IsTree`. */
export type AreTrees<Op extends string, A extends ReadonlyArray<unknown>> = [ArgsFit<A>] extends [never]
  ? TreeFault<Op, "args", Needed<A>>
  : unknown

/**
 * Where a tree has a tensor of another dtype than D, in the words of `Key`; never where all are of D. `Taken` is what
 * such trees are.
 */
export type DTypeFault<
  Key extends "noFloat" | "integerGradient",
  D extends DType,
  Taken,
  Op extends string,
  Path extends string,
  T
> = [T] extends [Taken]
  ? never
  : [Tree] extends [T]
    ? never
    : T extends Tensor<infer Own, infer _>
      ? [Extract<Own, D>] extends [never]
        ? Say<Key, { op: Op; path: Path; a: Show<T> }>
        : never
      : T extends Primitive | Callable | null
        ? never
        : T extends ReadonlyArray<unknown>
          ? { [K in keyof T]: DTypeFault<Key, D, Taken, Op, `${Path}[${K & string}]`, T[K]> }[number]
          : { [K in keyof T & string]: DTypeFault<Key, D, Taken, Op, `${Path}.${K}`, T[K]> }[keyof T & string]
