import type { Say } from "../messages.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { Outline } from "./scan-types.ts"

/** Why two branches do not go together; never where they do. */
export type BranchFault<Op extends string, A, B> = [Tree] extends [A]
  ? never
  : [A] extends [B]
    ? never
    : [B] extends [A]
      ? never
      : A extends Tensor | null
        ? Say<"branches", { op: Op; a: Outline<A>; b: Outline<B> }>
        : B extends Tensor | null
          ? Say<"branches", { op: Op; a: Outline<A>; b: Outline<B> }>
          : {
              [K in keyof A & (string | `${number}`)]: K extends keyof B
                ? BranchFault<Op, A[K], B[K]>
                : Say<"branches", { op: Op; a: Outline<A>; b: Outline<B> }>
            }[keyof A & (string | `${number}`)]
