import type { Program } from "../program.ts"
import { aranges } from "./aranges.ts"
import { common } from "./common.ts"
import { fold } from "./fold.ts"
import type { Pass, Target } from "./pass.ts"
import { prune } from "./prune.ts"
import { scans } from "./scans.ts"
import { sink } from "./sink.ts"

/** Told of a program after each pass. */
export type AfterPass = (pass: string, program: Program) => void

const run = (
  passes: ReadonlyArray<Pass>,
  program: Program,
  target: Target,
  after: AfterPass | undefined
): Program => {
  let now = program
  for (const pass of passes) {
    now = pass.run(now, target)
    after?.(pass.name, now)
  }
  return now
}

/** Passes that make a program better. Its scans are scans before and after. */
const improving: ReadonlyArray<Pass> = [prune, fold, common, sink]

/** Passes that put a program into the form that a target takes. */
const lowering: ReadonlyArray<Pass> = [aranges, scans]

/** A traced program, optimized. People are shown this form, and its memory is estimated. */
export const optimized = (program: Program, target: Target, after?: AfterPass): Program =>
  run(improving, program, target, after)

/** An optimized program in the form that its target takes. */
export const loweredFor = (program: Program, target: Target, after?: AfterPass): Program =>
  run(lowering, program, target, after)
