import type { Program } from "../program.ts"
import { aranges } from "./aranges.ts"
import { carries } from "./carries.ts"
import { common } from "./common.ts"
import { type Costs, costsOf } from "./costs.ts"
import { fission } from "./fission/fission.ts"
import { fold } from "./fold.ts"
import type { Note } from "./note.ts"
import type { Context, Pass, Target } from "./pass.ts"
import { prune } from "./prune.ts"
import { recurrence } from "./recurrence/recurrence.ts"
import { scans } from "./scans.ts"
import { sink } from "./sink.ts"
import { unroll } from "./unroll.ts"

/** Told of a program after each pass. */
export type AfterPass = (pass: string, program: Program) => void

/** How a program is optimized. */
export interface Optimize {
  readonly after?: AfterPass | undefined
  /** In place of the target's own. */
  readonly costs?: Costs | undefined
  readonly note?: ((note: Note) => void) | undefined
}

const run = (
  passes: ReadonlyArray<Pass>,
  program: Program,
  target: Target,
  { after, costs = costsOf(target.platform), note = () => {} }: Optimize
): Program => {
  const context: Context = { ...target, costs, note }
  let now = program
  for (const pass of passes) {
    now = pass.run(now, context)
    after?.(pass.name, now)
  }
  return now
}

/** Passes that make a program better. Its scans are scans before and after. */
const improving: ReadonlyArray<Pass> = [
  prune,
  fold,
  common,
  carries,
  fission,
  prune,
  recurrence,
  fold,
  common,
  prune,
  sink,
  unroll
]

/** Passes that put a program into the form that a target takes. */
const lowering: ReadonlyArray<Pass> = [aranges, scans]

/** A traced program, optimized. People are shown this form, and its memory is estimated. */
export const optimized = (program: Program, target: Target, options: Optimize = {}): Program =>
  run(improving, program, target, options)

/** An optimized program in the form that its target takes. */
export const loweredFor = (program: Program, target: Target, options: Optimize = {}): Program =>
  run(lowering, program, target, options)
