import { loweredFor } from "../../dsl/passes/index.ts"
import { compiler, type Target } from "../../dsl/passes/pass.ts"
import { prune } from "../../dsl/passes/prune.ts"
import type { Program } from "../../dsl/program.ts"
import { type ModuleOptions, moduleOf } from "../../dsl/stablehlo/module.ts"
import { verify } from "../../dsl/verifier.ts"

export { compiler }
export const interpreter: Target = { platform: "reference", takes: "program" }

export const verified = (_: string, program: Program): void => verify(program)

/** A traced program without what no result needs, and otherwise as it was written. */
export const pruned = (program: Program): Program => {
  const left = prune.run(program)
  verify(left)
  return left
}

/** That program in the form that a target takes, the verifier after each pass. */
export const ready = (program: Program, target: Target): Program =>
  loweredFor(pruned(program), target, { after: verified })

/** That program as StableHLO. */
export const stablehloOf = (program: Program, options: ModuleOptions = {}): string =>
  moduleOf(ready(program, compiler), options).code
