import type { Shape } from "../shape.ts"

/**
 * Lengths that are known: literals and type parameters. What is compared with these types and is the same must be known.
 * (Fits: see `PairCheck`.)
 */

type KnownFit<N extends number> = [number extends N ? "open" : "known"] extends ["known"] ? true : never

/** A length, where it is known. */
export type Known<N extends number> = [KnownFit<N>] extends [never] ? never : N

/** A shape, where all its lengths are known. */
export type AllKnown<S extends Shape> = [KnownFit<S[number]>] extends [never] ? never : S
