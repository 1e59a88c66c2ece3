import type { ProgramSource } from "./Backend.ts"
import { CompileError } from "./errors.ts"

/**
 * The longest chain of operations, each of which needs the one before. XLA's CPU compilers walk one by recursion: with
 * 256 KiB of stack a chain of 3,000 additions overruns it (PJRT 0.81 and 0.115) and one of 2,000 does not, and calls have
 * 64 times as much (`native/koffi.ts`), enough for 128,000.
 */
export const longestChain = 50_000

/** No line of an operation is shorter: `%1 = stablehlo.add %0, %0 : tensor<f32>`. */
const shortestLine = 30

/** How long the longest chain is, in StableHLO text that this package wrote; each region is a chain of its own. */
const chainOf = (code: string): number => {
  const depths = new Map<string, number>()
  let most = 0
  for (const line of code.split("\n")) {
    const assigned = /^\s*(%\w+)(?::\d+)? = (.*)$/.exec(line)
    if (assigned === null) continue
    let depth = 0
    for (const [name] of assigned[2]!.matchAll(/%\w+/g)) depth = Math.max(depth, depths.get(name) ?? 0)
    depths.set(assigned[1]!, depth + 1)
    most = Math.max(most, depth + 1)
  }
  return most
}

/** What is wrong with a program of the language that is deeper than a compiler's stack, on whatever device. */
export const chainFault = ({ code, program }: ProgramSource): CompileError | undefined => {
  if (program === undefined || typeof code !== "string") return undefined
  if (code.length <= longestChain * shortestLine) return undefined
  const length = chainOf(code)
  if (length <= longestChain) return undefined
  return new CompileError({
    code: "RESOURCE_EXHAUSTED",
    message: `the program has a chain of ${length} operations, each of which needs the one before; a compiler's stack holds ${longestChain}`,
    hint: "put what repeats into one scan: scan(init, arange(n), body)"
  })
}
