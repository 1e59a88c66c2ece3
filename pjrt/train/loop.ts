import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { isList, isRecord } from "../../dsl/required.ts"
import { flatten, type TreeOf, unflatten } from "../../dsl/tree.ts"
import { isDeviceArray } from "../array/array.ts"
import { ArgumentError, type TransferError } from "../backend/errors.ts"
import { type Lines, showNumbers, showSeen } from "./line.ts"
import type { Seen, Trained } from "./options.ts"
import type { Saves } from "./saves.ts"

/** Steps that may be under way on the device at once. Results of more would fill its memory. */
const ahead = 32

/** Whether a loop is to end after its step. */
export interface Stop {
  asked: boolean
  /** Whether the user's own condition asked it. */
  until: boolean
}

/** What a loop is made of, checked. */
export interface Parts {
  readonly step: (state: never, batch: never) => Effect.Effect<readonly [unknown, unknown], unknown, never>
  readonly batch: (step: number) => unknown
  readonly steps: number
  readonly start: { readonly step: number; readonly state: unknown }
  readonly stop: Stop
  readonly lines: Lines | undefined
  readonly seconds: number | undefined
  readonly to?: ((seen: Seen<never>) => void) | undefined
  readonly until?: ((seen: Seen<never>) => boolean) | undefined
  readonly silent: boolean
  readonly evaluate?:
    | {
        readonly every: number
        readonly run: (state: never, step: number) => Effect.Effect<unknown, unknown, never>
      }
    | undefined
  readonly saves: Saves | undefined
}

/** What stands in the lists and records of a tree of anything. */
const apart = (tree: unknown) =>
  flatten<unknown>(
    tree as TreeOf<unknown>,
    (value): value is unknown => value !== null && !isList(value) && !isRecord(value),
    "train",
    "metrics"
  )

/** Ends when the device has worked a tree out: its first array, which comes with the others. */
const worked = (tree: unknown) => apart(tree).leaves.find(isDeviceArray)?.buffer.ready ?? Effect.void

/** A tree of anything with its arrays read. */
const readIn = (tree: unknown): Effect.Effect<unknown, TransferError> =>
  Effect.suspend(() => {
    const { leaves, structure } = apart(tree)
    return Effect.map(
      Effect.forEach(leaves, (leaf) => (isDeviceArray(leaf) ? leaf.read : Effect.succeed(leaf))),
      (values) => unflatten(structure, values)
    )
  })

const noPair = (): ArgumentError =>
  new ArgumentError({
    path: "step",
    message: "step gives no pair: the next state and what is to be reported",
    hint: "give back [state, metrics], with null where there is nothing to report"
  })

/** Reports at most so often, and reads what is reported while the next steps run. */
const reporter = ({ start, steps, stop, lines, seconds, to, until, silent }: Parts) => {
  const pause = 1000 * (seconds ?? (lines?.live === true ? 0.2 : 10))
  let since = { at: performance.now(), step: start.step }
  let reading: Fiber.Fiber<void, unknown> | undefined
  /** Notes the time of a report, which is told once its metrics have been read. */
  const reportOf = (step: number): ((metrics: unknown) => void) => {
    const now = performance.now()
    const rate = (1000 * (step - since.step)) / Math.max(1e-3, now - since.at)
    since = { at: now, step }
    return (metrics) => {
      const seen = { step, steps, metrics, rate, left: (steps - step) / rate }
      lines?.show(showSeen(seen))
      to?.(seen as Seen<never>)
      if (until?.(seen as Seen<never>) === true) {
        stop.until = true
        stop.asked = true
      }
    }
  }
  const settled = Effect.suspend(() => {
    const one = reading
    reading = undefined
    return one === undefined ? Effect.void : Fiber.join(one)
  })
  return {
    /** Whether it is time for a report. */
    due: () => !(silent && until === undefined) && performance.now() - since.at >= pause,
    begin: (step: number, metrics: unknown) =>
      Effect.gen(function* () {
        if (reading !== undefined && reading.pollUnsafe() === undefined) return
        yield* settled
        const told = Effect.map(readIn(metrics), reportOf(step))
        reading = yield* Effect.forkChild(told, { startImmediately: true })
      }),
    settled,
    /** Reports how it ends, its metrics read, unless that was reported already. */
    last: (step: number, metrics: unknown): void => {
      if (!silent && since.step !== step) reportOf(step)(metrics)
    }
  }
}

/** Takes the steps. */
export const loop = (parts: Parts): Effect.Effect<Trained<unknown, unknown>, unknown> =>
  Effect.suspend(() => {
    const { step: take, batch, steps, stop, lines, evaluate, saves } = parts
    const reports = reporter(parts)
    let { step, state } = parts.start
    let saved = step
    let metrics: unknown
    let mark: unknown
    const taken = Effect.gen(function* () {
      while (step < steps && !stop.asked) {
        const given = batch(step)
        const made: unknown = yield* take(
          state as never,
          (Effect.isEffect(given) ? yield* given as Effect.Effect<unknown> : given) as never
        )
        if (!isList(made) || made.length !== 2) return yield* noPair()
        state = made[0]
        metrics = made[1]
        step++
        if (step % ahead === 0) {
          yield* worked(mark ?? state)
          mark = metrics ?? undefined
        }
        if (evaluate !== undefined && step % evaluate.every === 0) {
          const found = yield* readIn(yield* evaluate.run(state as never, step))
          lines?.say(`step ${step}: ${showNumbers(found)}`)
        }
        if (saves !== undefined && step % saves.every === 0) {
          yield* saves.save(step, state)
          saved = step
        }
        if (reports.due()) yield* reports.begin(step, metrics)
      }
      yield* reports.settled
    })
    return Effect.gen(function* () {
      yield* Effect.onError(taken, () => Effect.sync(() => lines?.say(`failed after step ${step}`)))
      if (saves !== undefined && saved !== step) yield* saves.save(step, state)
      const last = metrics === undefined ? undefined : yield* readIn(metrics)
      reports.last(step, last)
      lines?.end()
      const ended = stop.until ? "until" : step < steps ? "interrupted" : "done"
      return { state, step, metrics: last, ended }
    })
  }) as Effect.Effect<Trained<unknown, unknown>, unknown>
