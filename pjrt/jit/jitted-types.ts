import type * as Effect from "effect/Effect"

/** What a call of a jitted function gives: `ResultOf<typeof step>`. What it takes is `Parameters<typeof step>`. */
export type ResultOf<J> = J extends (...args: never) => Effect.Effect<infer A, infer _E, infer _R> ? A : never
