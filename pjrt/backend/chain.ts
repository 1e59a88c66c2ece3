import type { SourceFacts } from "./backend.ts"
import { CompileError } from "./errors.ts"

/**
 * The longest chain of operations, each of which needs the one before. XLA's CPU compilers walk a chain by recursion.
 * With a stack of 256 KiB, 3,000 additions overrun it (PJRT 0.81 and 0.115) and 2,000 do not. Calls have 64 times that
 * stack (`native/koffi.ts`), enough for 128,000.
 */
export const longestChain = 50_000

/** What is wrong with a program of the language that is deeper than a compiler's stack, on whatever device. */
export const chainFault = ({ chain = 0 }: SourceFacts): CompileError | undefined => {
  if (chain <= longestChain) return undefined
  return new CompileError({
    code: "RESOURCE_EXHAUSTED",
    message: `the program has a chain of ${chain} operations, each of which needs the one before; a compiler's stack holds ${longestChain}`,
    hint: "put what repeats into one scan: scan(init, arange(n), body)"
  })
}
