import { loweredFor, optimized } from "../../dsl/passes/index.ts"
import { compiler, type Target } from "../../dsl/passes/pass.ts"
import type { Program } from "../../dsl/program.ts"
import { type ModuleOptions, moduleOf } from "../../dsl/stablehlo/module.ts"
import { verify } from "../../dsl/verifier.ts"

export { compiler }
export const interpreter: Target = { platform: "reference", takes: "program" }

const verified = (_: string, program: Program): void => verify(program)

/** A traced program after the passes that keep scans, the verifier after each. */
export const improved = (program: Program): Program => optimized(program, compiler, verified)

/** A traced program in the form that a target takes, the verifier after each pass. */
export const ready = (program: Program, target: Target): Program =>
  loweredFor(optimized(program, target, verified), target, verified)

/** A traced program as StableHLO. */
export const stablehloOf = (program: Program, options: ModuleOptions = {}): string =>
  moduleOf(ready(program, compiler), options).code

/** A program as it is, in the form that a target takes. */
export const lowered = (program: Program, target: Target): Program => loweredFor(program, target, verified)
