import { costsOf } from "../../dsl/passes/costs.ts"
import { loweredFor } from "../../dsl/passes/index.ts"
import { type Context, compiler, type Target } from "../../dsl/passes/pass.ts"
import { prune } from "../../dsl/passes/prune.ts"
import type { Program } from "../../dsl/program.ts"
import { type ModuleOptions, moduleOf } from "../../dsl/stablehlo/module.ts"
import { verify } from "../../dsl/verifier.ts"

export { compiler }
export const interpreter: Target = { platform: "reference", takes: "program" }

export const verified = (_: string, program: Program): void => verify(program)

/** What a pass is told for a target, where nobody listens. */
export const contextOf = (target: Target): Context => ({
  ...target,
  costs: costsOf(target.platform),
  note: () => {}
})

/** A traced program without what no result needs, and otherwise as it was written. */
export const pruned = (program: Program): Program => {
  const left = prune.run(program)
  verify(left)
  return left
}

/** That program in the form that a target takes, the verifier after each pass. */
export const ready = (program: Program, target: Target): Program => lowered(pruned(program), target)

/** That program as StableHLO. */
export const stablehloOf = (program: Program, options: ModuleOptions = {}): string =>
  moduleOf(ready(program, compiler), options).code

/** A program as it is, in the form that a target takes. */
export const lowered = (program: Program, target: Target): Program =>
  loweredFor(program, target, { after: verified })
