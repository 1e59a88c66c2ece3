import type { Say } from "../messages.ts"
import type { IsUnion, Leaf, Unfolds } from "./leaf.ts"

/** Where trees differ in structure, as the editor says it. */

type Part<T> = T extends Leaf
  ? "a leaf"
  : T extends null
    ? "null"
    : T extends ReadonlyArray<unknown>
      ? T["length"] extends 1
        ? "[1 item]"
        : number extends T["length"]
          ? "a list"
          : `[${T["length"]} items]`
      : "a record"

type Parts<Op extends string, A, B, First extends string, At extends string> = Say<
  "treeParts",
  { op: Op; path: At; a: Part<B>; first: First; b: Part<A> }
>

/** Keys that one record has and the other has not, those aside that may be left out. */
type Gone<Op extends string, Has, Lacks, First extends string, At extends string> = {
  [K in Exclude<keyof Has, keyof Lacks> & string]-?: undefined extends Has[K]
    ? never
    : Say<"treeKey", { op: Op; path: At; key: K; first: First }>
}[Exclude<keyof Has, keyof Lacks> & string]

/** Where two trees part, as far as the checker knows; never where they may be alike. */
type Fault<Op extends string, A, B, First extends string, At extends string> = unknown extends A | B
  ? never
  : true extends Unfolds<A> | Unfolds<B> | IsUnion<A> | IsUnion<B>
    ? never
    : A extends Leaf
      ? B extends Leaf
        ? never
        : Parts<Op, A, B, First, At>
      : A extends null
        ? B extends null
          ? never
          : Parts<Op, A, B, First, At>
        : B extends Leaf | null
          ? Parts<Op, A, B, First, At>
          : A extends ReadonlyArray<unknown>
            ? B extends ReadonlyArray<unknown>
              ? number extends A["length"] | B["length"]
                ? never
                : [A["length"], B["length"]] extends [B["length"], A["length"]]
                  ? {
                      [K in keyof A & keyof B & `${number}`]: Fault<
                        Op,
                        A[K],
                        B[K],
                        `${First}[${K}]`,
                        `${At}[${K}]`
                      >
                    }[keyof A & keyof B & `${number}`]
                  : Parts<Op, A, B, First, At>
              : Parts<Op, A, B, First, At>
            : B extends ReadonlyArray<unknown>
              ? Parts<Op, A, B, First, At>
              : string extends keyof A | keyof B
                ? never
                : [Gone<Op, A, B, First, At>] extends [never]
                  ? [Gone<Op, B, A, At, First>] extends [never]
                    ? {
                        [K in keyof A & keyof B & string]-?: Fault<
                          Op,
                          A[K],
                          B[K],
                          `${First}.${K}`,
                          `${At}.${K}`
                        >
                      }[keyof A & keyof B & string]
                    : Gone<Op, B, A, At, First>
                  : Gone<Op, A, B, First, At>

/** Refuses trees of other structures than the first, with the place. */
export type Alike<Op extends string, T, Rest extends ReadonlyArray<unknown>> = {
  [I in keyof Rest]: Fault<Op, T, Rest[I], "tree", `rest[${I & string}]`> extends infer M
    ? [M] extends [never]
      ? unknown
      : M
    : never
}
