import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import { counted } from "../backend/counted.ts"
import { heldNow } from "../backend/unreachable.ts"

/** What this process has done on its devices so far, and what it holds there. */
export interface Usage {
  /** Calls of jitted functions. */
  readonly runs: number
  /** Programs that were compiled or loaded; `cached` of them came from the cache on disk. */
  readonly programs: number
  readonly cached: number
  /** Bytes put on devices, and read from them. */
  readonly bytesUp: number
  readonly bytesDown: number
  /** Arrays on devices that are held now, and their bytes. */
  readonly arraysHeld: number
  readonly bytesHeld: number
}

const usageNow = (): Usage => {
  const { arrays, bytes } = heldNow()
  return { ...counted, arraysHeld: arrays, bytesHeld: bytes }
}

/** What this process has done on its devices so far, and what it holds there. */
export const usage: Effect.Effect<Usage> = Effect.sync(usageNow)

const counters = {
  loopcarry_runs: ["runs", "calls of jitted functions"],
  loopcarry_programs: ["programs", "programs that were compiled or loaded"],
  loopcarry_programs_cached: ["cached", "programs that were loaded from the cache on disk"],
  loopcarry_bytes_up: ["bytesUp", "bytes put on devices"],
  loopcarry_bytes_down: ["bytesDown", "bytes read from devices"]
} as const satisfies Record<string, readonly [keyof Usage, string]>

const gauges = {
  loopcarry_arrays_held: ["arraysHeld", "arrays on devices that are held"],
  loopcarry_bytes_held: ["bytesHeld", "bytes of the arrays on devices that are held"]
} as const satisfies Record<string, readonly [keyof Usage, string]>

const nothing = () => {}

/** Registers the metrics. They are read when somebody asks, so that nothing is done for them in a call. */
const registered = Effect.contextWith((context: Parameters<typeof Metric.snapshotUnsafe>[0]) =>
  Effect.sync(() => [
    ...Object.entries(counters).map(([id, [key, description]]) =>
      Metric.registerUnsafe(Metric.counter(id, { description, incremental: true }), context, {
        get: () => ({ count: usageNow()[key], incremental: true }),
        update: nothing,
        modify: nothing
      })
    ),
    ...Object.entries(gauges).map(([id, [key, description]]) =>
      Metric.registerUnsafe(Metric.gauge(id, { description }), context, {
        get: () => ({ value: usageNow()[key] }),
        update: nothing,
        modify: nothing
      })
    )
  ])
)

/**
 * The layer that puts what `usage` tells among Effect's metrics, for as long as it stands: `loopcarry_runs`,
 * `loopcarry_programs`, `loopcarry_programs_cached`, `loopcarry_bytes_up`, `loopcarry_bytes_down`,
 * `loopcarry_arrays_held` and `loopcarry_bytes_held`. They count for the whole process.
 *
 * @example
 * const ids = Effect.map(Metric.snapshot, (all) => all.map(({ id }) => id))
 * const found = yield* Effect.provide(ids, metricsLayer)
 * found.includes("loopcarry_runs") // true
 */
export const metricsLayer: Layer.Layer<never> = Layer.effectDiscard(
  Effect.acquireRelease(registered, (registrations) =>
    Effect.sync(() => {
      for (const each of registrations) each.remove()
    })
  )
)
