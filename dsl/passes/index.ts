import type { Program } from "../program.ts"
import { aranges } from "./aranges.ts"
import { blocks } from "./blocks.ts"
import { carries } from "./carries.ts"
import { common } from "./common.ts"
import { composites } from "./composites.ts"
import { type Costs, costsOf } from "./costs.ts"
import { distribution } from "./distribution/distribution.ts"
import { fission } from "./fission/fission.ts"
import { fold } from "./fold.ts"
import { inline } from "./inline.ts"
import type { Passes } from "./names.ts"
import type { Note } from "./note.ts"
import type { Context, Pass, Target } from "./pass.ts"
import { permit } from "./permit.ts"
import { prune } from "./prune.ts"
import { recurrence } from "./recurrence/recurrence.ts"
import { reductions } from "./reductions.ts"
import { scans } from "./scans.ts"
import { sink } from "./sink.ts"
import { slices } from "./slices.ts"
import { unroll } from "./unroll.ts"

/** Told of a program after each pass. */
export type AfterPass = (pass: Pass["name"], program: Program) => void

/** What is told while passes run. */
export interface Watch {
  readonly after?: AfterPass | undefined
  readonly note?: ((note: Note) => void) | undefined
  /**
   * Told of an improving pass that throws. The program then stays as it was before that pass, unless this throws too.
   * Where nobody is told, the error is thrown.
   */
  readonly failed?: ((pass: Pass["name"], error: unknown) => void) | undefined
}

/** How a program is optimized. */
export interface Optimize extends Watch {
  /** In place of what the target says; all where neither says. */
  readonly passes?: Passes | undefined
  /** The same for permission to compute floats in another order; none where neither says. */
  readonly reassociate?: boolean | undefined
  /** In place of the target's own. */
  readonly costs?: Costs | undefined
}

const run = (
  passes: ReadonlyArray<Pass>,
  program: Program,
  { platform, takes }: Target,
  { after, costs = costsOf(platform), note, failed }: Watch & Pick<Optimize, "costs">
): Program => {
  let now = program
  // A pass that has seen a program finds nothing more in it.
  const seen = new Map<Pass, Program>()
  for (const pass of passes) {
    if (seen.get(pass) === now) {
      after?.(pass.name, now)
      continue
    }
    // What a pass says of its work holds only if it ends.
    const notes: Array<Note> = []
    const context: Context = {
      platform,
      takes,
      costs,
      note: (one) => void notes.push(one),
      explains: note !== undefined
    }
    try {
      now = pass.run(now, context)
      seen.set(pass, now)
    } catch (error) {
      if (failed === undefined) throw error
      failed(pass.name, error)
      continue
    }
    if (note !== undefined) for (const one of notes) note(one)
    after?.(pass.name, now)
  }
  return now
}

/** Passes that make a program better. Its scans are scans before and after. */
const improving: ReadonlyArray<Pass> = [
  prune,
  inline,
  fold,
  common,
  slices,
  carries,
  distribution,
  fission,
  prune,
  recurrence,
  fold,
  common,
  prune,
  sink,
  unroll,
  reductions,
  blocks
]

/** Passes that put a program into the form that a target takes. */
const lowering: ReadonlyArray<Pass> = [composites, aranges, scans]

/** The improving passes that are wanted, in their order. One right after itself does nothing. */
const chosen = (passes: Passes): ReadonlyArray<Pass> => {
  if (passes === true) return improving
  const names: ReadonlyArray<string> = passes === false ? [] : passes
  return improving
    .filter((pass) => pass === prune || names.includes(pass.name))
    .filter((pass, i, all) => pass !== all[i - 1])
}

/** A traced program, optimized. People are shown this form, and its memory is estimated. */
export const optimized = (
  program: Program,
  target: Target,
  { passes = target.optimize ?? true, reassociate = target.reassociate ?? false, ...watch }: Optimize = {}
): Program => run([...(reassociate ? [permit] : []), ...chosen(passes)], program, target, watch)

/** An optimized program in the form that its target takes. */
export const loweredFor = (program: Program, target: Target, { after }: Pick<Watch, "after"> = {}): Program =>
  run(lowering, program, target, { after })
