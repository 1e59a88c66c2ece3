import type { Say } from "./messages.ts"

/**
 * Where a function's result must be a tree of tensors, these stand beside it in its type. The checker then compares a
 * Promise or an Effect with the one that is most like it, and the words are the last that it prints.
 */

export interface NoPromise<Message extends string> {
  readonly [Symbol.toStringTag]: Message
  readonly then: never
  readonly catch: never
  readonly finally: never
}

export interface NoEffect<Message extends string> {
  readonly "~effect/Effect": Message
  readonly [Symbol.iterator]: never
  readonly pipe: never
  readonly toString: never
  readonly toJSON: never
}

/** What is no data, where data belong: its value would come too late. */
export type NoValue =
  | NoPromise<"a Promise has no value yet: await it first">
  | NoEffect<"an Effect has no value until it is run: put yield* before it">

/** What is an Effect. */
export interface Running {
  readonly "~effect/Effect": unknown
}

/** What a traced function must not give, for its value would come too late. */
export type Late<Op extends string> =
  | NoPromise<Say<"async", { op: Op }>>
  | NoEffect<Say<"effect", { op: Op }>>
