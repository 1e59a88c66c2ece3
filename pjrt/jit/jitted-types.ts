import type * as Effect from "effect/Effect"
import type { Tensors } from "../../dsl/spec.ts"
import type { DeviceArrays } from "../array/array.ts"

/**
 * The device arrays that a tree of specs stands for: `Arrays<typeof spec>` is the type of a state that is held across
 * calls.
 */
export type Arrays<S> = DeviceArrays<Tensors<S>>

/** What a call of a jitted function gives: `ResultOf<typeof step>`. What it takes is `Parameters<typeof step>`. */
export type ResultOf<J> = J extends (...args: never) => Effect.Effect<infer A, infer _E, infer _R> ? A : never
