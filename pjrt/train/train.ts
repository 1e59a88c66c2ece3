import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { TraceError } from "../../dsl/errors.ts"
import {
  isObject,
  requireDim,
  requireFlag,
  requireFunction,
  requireOptions,
  requireRecord,
  shown
} from "../../dsl/required.ts"
import type { HostValues } from "../array/array.ts"
import type { Backend } from "../backend/backend.ts"
import { ArgumentError, type PutError, type TransferError } from "../backend/errors.ts"
import { hearSignals } from "../backend/signals.ts"
import type { Batches } from "../io/batches.ts"
import type { LoadError } from "../io/load-tree.ts"
import { prefetch } from "../io/prefetch.ts"
import type { SaveError } from "../io/save-tree.ts"
import { linesOn } from "./line.ts"
import { loop, type Stop } from "./loop.ts"
import type { FitsStep, Trained, TrainOptions } from "./options.ts"
import { openSaves } from "./saves.ts"
import { putState, statesOf } from "./start.ts"

/** Why a loop fails beside its own steps: its options, its folder, or the device. */
export type TrainError = ArgumentError | TraceError | PutError | LoadError | SaveError | TransferError

const names = ["state", "step", "data", "steps", "report", "evaluate", "save", "until"] as const

type AnyOptions = TrainOptions<
  unknown,
  unknown,
  unknown,
  unknown,
  never,
  never,
  never,
  never,
  never,
  never,
  unknown,
  number
>

const isBatches = (data: unknown): data is Batches<unknown> =>
  isObject(data) && typeof (data as { at?: unknown }).at === "function" && "perEpoch" in data

/** Options as they were given, those left out filled in. Throws a TraceError or an ArgumentError. */
const readOptions = (options: unknown) => {
  const hint = "give at least train({ state, step, data, steps })"
  const given = requireOptions(
    "train",
    requireRecord("train", "options", options, hint) as AnyOptions,
    names
  ) as AnyOptions
  requireFunction("train", "step", given.step)
  const { data, evaluate, report = {}, until } = given
  if (!isBatches(data)) requireFunction("train", "data", data)
  if (!isBatches(data) && given.steps === undefined)
    throw new ArgumentError({
      path: "steps",
      message: "steps is left out, and data is a function: nothing says when the loop ends",
      hint: "say how many steps: train({ steps: 1000, … })"
    })
  const most = isBatches(data) ? data.steps : Number.POSITIVE_INFINITY
  const steps = given.steps === undefined ? most : requireDim("train", "steps", given.steps)
  if (steps > most)
    throw new ArgumentError({
      path: "steps",
      message: `steps is ${steps}, but data has ${most} batches`,
      hint: "leave steps out, or give batches more epochs"
    })
  if (evaluate !== undefined) {
    requireDim(
      "train",
      "evaluate.every",
      requireRecord("train", "evaluate", evaluate, "give every and run").every,
      1
    )
    requireFunction("train", "evaluate.run", evaluate.run)
  }
  if (until !== undefined) requireFunction("train", "until", until)
  const { seconds, to } = report === false ? {} : requireOptions("train", report, ["seconds", "to"])
  if (seconds !== undefined && !(typeof seconds === "number" && seconds >= 0))
    throw new ArgumentError({
      path: "report.seconds",
      message: `report.seconds is ${shown(seconds)}, not a number from 0`,
      hint: "give the seconds between two reports"
    })
  if (given.save?.resume !== undefined) requireFlag("train", "save.resume", given.save.resume, false)
  return { ...given, data, steps, seconds, to, silent: report === false }
}

/** A function that gives the batch of a step: as it is, or from the stream of those that were put ahead. */
const batchesOf = (data: AnyOptions["data"], from: number) =>
  Effect.gen(function* () {
    if (!isBatches(data)) return data as (step: number) => unknown
    const pull = yield* Stream.toPull(Stream.rechunk(prefetch(data, { from }), 1))
    const next = Effect.map(pull, ([batch]) => batch.data as unknown)
    return () => next
  })

/**
 * Runs a training loop: `state` goes through `step` with one batch after another. It shows step, metrics, steps per
 * second and the time left: on a terminal in one line, elsewhere a line every ten seconds. `save` keeps checkpoints in
 * a folder, and goes on from the last one bit for bit, for the batch of a step depends on the step alone. Ctrl-C and
 * SIGTERM let it finish the step, save and return; the second one ends the process. Memory stays flat: what a step has
 * made is freed unless it is held. Fails as its functions do, and with a `TrainError`.
 *
 * @example
 * const step = jit([f32(), f32()], (w, x) => [sub(w, mul(sub(w, x), 0.5)), square(sub(w, x))], { donate: [0] })
 * const { state, ended } = yield* train({ state: 0, step, data: () => 4, steps: 20, report: false })
 * yield* state.read // 3.999996
 * ended // "done"
 */
export const train = <
  In,
  const Out extends In,
  B,
  const M,
  E,
  R,
  T = never,
  N extends number = number,
  DE = never,
  DR = never,
  VE = never,
  VR = never
>(
  options: TrainOptions<In, Out, B, M, E, R, DE, DR, VE, VR, T, N> & FitsStep<B, T, N>
): Effect.Effect<
  Trained<Out, HostValues<M>>,
  E | DE | VE | TrainError,
  Backend | Scope.Scope | R | DR | VR
> =>
  Effect.gen(function* () {
    const given = yield* Effect.try({
      try: () => readOptions(options),
      catch: (error) => error as TraceError | ArgumentError
    })
    const lines = given.silent || given.to !== undefined ? undefined : linesOn(process.stderr)
    const states = yield* statesOf(given.step, given.state)
    const folder = yield* Effect.try({
      try: () => (given.save === undefined ? undefined : openSaves(given.save, states)),
      catch: (error) => error as TraceError
    })
    const resumed = folder === undefined ? undefined : yield* folder.start
    if (resumed !== undefined) lines?.say(`goes on after step ${resumed.step}`)
    const start = resumed ?? { step: 0, state: yield* putState(states, given.state) }
    const stop: Stop = { asked: false, until: false }
    // States belong to the caller's scope, batches that were put ahead to one of their own.
    const scope = yield* Effect.scope
    return yield* Effect.gen(function* () {
      yield* hearSignals((signal) => {
        stop.asked = true
        lines?.say(`${signal}: the step is finished first; once more ends at once`)
      })
      const batch = yield* batchesOf(given.data, start.step)
      const running = loop({ ...given, batch, start, stop, lines, saves: folder?.saves }).pipe(
        Effect.provideService(Scope.Scope, scope),
        Effect.uninterruptible
      )
      // A step that is cut off would leave no state where it takes over the last one: it ends first.
      const fiber = yield* Effect.forkChild(running, { startImmediately: true })
      return yield* Effect.onInterrupt(Fiber.join(fiber), () =>
        Effect.suspend(() => {
          stop.asked = true
          return Fiber.await(fiber)
        })
      )
    }).pipe(Effect.scoped)
  }) as never
