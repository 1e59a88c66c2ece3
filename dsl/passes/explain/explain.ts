import { recordingPlaces } from "../../place.ts"
import type { LoopPart, Program } from "../../program.ts"
import { requireProgram } from "../../verifier.ts"
import { costsOf } from "../costs.ts"
import { optimized } from "../index.ts"
import type { Controls } from "../names.ts"
import type { Note, Saved } from "../note.ts"
import { compiler, type Target } from "../pass.ts"
import { type Advice, adviceOf, adviceOfLeft, adviceOfProgram } from "./advice.ts"
import { type Found, numberOf, placeOf, tagged } from "./tags.ts"

/** What a pass did to a scan. */
export interface Done {
  readonly pass: string
  readonly what: string
  readonly saved: Saved
}

/** What a pass left, and why. */
export interface Left {
  readonly pass: string
  readonly what: string
  readonly because: string
  /** Where the user wrote what stands in the way; null where nothing does, or where places are not recorded. */
  readonly at: string | null
}

/** What became of one scan. */
export interface ScanExplanation {
  /** Where it is in the program: `scan`, or `scan2.scan` for one within the second of two. */
  readonly path: string
  /** How many like it there are, at this place, of which the same is to be said. */
  readonly times: number
  /** Where the user wrote it, as `file:line:column`; null where places are not recorded. */
  readonly place: string | null
  /** What it is to the user's scan: that scan, or a loop that a transform made of it. */
  readonly loop: "scan" | LoopPart
  /** How many steps it has, or at most; null where its length is traced without bound. */
  readonly steps: number | null
  readonly traced: boolean
  readonly done: ReadonlyArray<Done>
  readonly left: ReadonlyArray<Left>
  /** What the passes would do with permission to compute floats in another order. */
  readonly permission: ReadonlyArray<string>
  readonly advice: ReadonlyArray<string>
}

/** What the passes do to a program's scans for a target, and what they leave. */
export interface Explanation {
  /** The platform: `cpu`, `cuda`, … */
  readonly target: string
  /** The passes that ran, in order. */
  readonly passes: ReadonlyArray<string>
  readonly scans: ReadonlyArray<ScanExplanation>
  /** What is to be said of the whole program. */
  readonly advice: ReadonlyArray<Advice>
}

interface Run {
  readonly program: Program
  readonly passes: ReadonlyArray<string>
  readonly failed: ReadonlyArray<string>
  /** For each scan, by its number. */
  readonly notes: ReadonlyMap<number, ReadonlyArray<Note>>
}

const run = (program: Program, target: Target, { optimize, reassociate }: Controls): Run => {
  const notes = new Map<number, Array<Note>>()
  const passes: Array<string> = []
  const failed: Array<string> = []
  const made = recordingPlaces(() =>
    optimized(program, target, {
      passes: optimize,
      reassociate,
      after: (pass) => void passes.push(pass),
      failed: (pass) => void failed.push(pass),
      note: (note) => {
        const number = numberOf(note.place)
        if (number === undefined) return
        const before = notes.get(number)
        if (before === undefined) notes.set(number, [note])
        else before.push(note)
      }
    })
  )
  return { program: made, passes, failed, notes }
}

/** The passes that do more where floats may be computed in another order. */
const heeding: ReadonlyArray<string> = ["carries", "distribution", "fission", "recurrence"]

const doneIn = (notes: ReadonlyArray<Note>): ReadonlyArray<Done> =>
  notes.flatMap(({ pass, did, saved = {} }) => (did === undefined ? [] : [{ pass, what: did, saved }]))

const unique = <T>(items: ReadonlyArray<T>): ReadonlyArray<T> => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values()
]

/** What is left, of passes that did nothing to the scan. */
const leftIn = (notes: ReadonlyArray<Note>): ReadonlyArray<Left> => {
  const worked = new Set(doneIn(notes).map(({ pass }) => pass))
  return unique(
    notes.flatMap(({ pass, left, because, at }) =>
      left === undefined || because === undefined || worked.has(pass)
        ? []
        : [{ pass, what: left, because, at: placeOf(at) }]
    )
  )
}

const explained = ({ path, equation }: Found, number: number, plain: Run, free: Run, target: Target) => {
  const { params, place } = equation
  const [notes, more] = [plain.notes.get(number) ?? [], free.notes.get(number) ?? []]
  const done = doneIn(notes)
  const known = new Set(done.map(({ what }) => what))
  const permission = doneIn(more).filter(({ pass, what }) => heeding.includes(pass) && !known.has(what))
  const gains = new Set(permission.map(({ pass }) => pass))
  // What stands in the way even with permission says more than that there is none.
  const deeper = leftIn(more).filter(({ pass }) => !gains.has(pass))
  const left = leftIn(notes).map((one) => deeper.find(({ pass }) => pass === one.pass) ?? one)
  const costs = costsOf(target.platform)
  return {
    path,
    times: 1,
    place: place ?? null,
    loop: params.part ?? "scan",
    steps: params.length,
    traced: params.traced,
    done,
    left,
    permission: permission.map(({ what }) => what),
    advice: [...adviceOf(equation), ...adviceOfLeft(plain.program, number, costs, permission.length === 0)]
  } satisfies ScanExplanation
}

/** Scans of one place of which the same is to be said, together. */
const together = (scans: ReadonlyArray<ScanExplanation>): ReadonlyArray<ScanExplanation> => {
  const found = new Map<string, ScanExplanation>()
  for (const scan of scans) {
    const depth = scan.path.split(".").length
    const key = JSON.stringify({ ...scan, path: depth })
    const before = found.get(key)
    found.set(key, before === undefined ? scan : { ...before, times: before.times + 1 })
  }
  return [...found.values()]
}

/** What passes do to a program, where some are chosen and permission may be given. */
export const explainWith = (traced: Program, target: Target, controls: Controls): Explanation => {
  const { program, scans } = tagged(traced)
  const plain = run(program, target, controls)
  const free = run(program, target, { ...controls, reassociate: true })
  return {
    target: target.platform,
    passes: plain.passes,
    scans: together(scans.map((scan, number) => explained(scan, number, plain, free, target))),
    advice: [
      ...plain.failed.map((pass) => ({
        text: `the pass ${pass} failed on this program, which runs without it: please report it`,
        at: null
      })),
      ...adviceOfProgram(traced)
    ]
  }
}

/**
 * Explains what the passes do to a program's scans for a target: a platform such as `cpu` or `cuda`. For each scan it
 * has what was done and what that saves, what was left and why, and what `{ reassociate: true }` would gain.
 * `showExplanation` writes it as text. A program of `trace` has no places: `jitted.explain` knows the user's lines.
 * Fails with a `ValueError` for what is no program.
 *
 * @example
 * const { program } = yield* trace([f32()], (x) => scan(x, null, (c) => [tanh(c), null], { length: 9 })[0])
 * explain(program).scans.map(({ steps }) => steps) // [9]
 */
export const explain = (program: Program, target = "cpu"): Explanation => {
  requireProgram("explain", program)
  return explainWith(program, { ...compiler, platform: target }, {})
}
