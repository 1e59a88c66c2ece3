import type { SourceFacts } from "./backend.ts"
import { CompileError } from "./errors.ts"

/**
 * The longest chain of operations, each of which needs the one before. XLA's CPU compilers walk one by recursion: with
 * 256 KiB of stack a chain of 3,000 additions overruns it (PJRT 0.81 and 0.115) and one of 2,000 does not, and calls have
 * 64 times as much (`native/koffi.ts`), enough for 128,000.
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
