/** Whether a type is a union, such as of lengths that differ. */
export type IsUnion<N, All = N> = N extends All ? ([All] extends [N] ? false : true) : never

/** Never for a union. (For a type parameter, `true` is possible: see `PairCheck`.) */
export type OneOf<N> = [IsUnion<N>] extends [false] ? true : never
