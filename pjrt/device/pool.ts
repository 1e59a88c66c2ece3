import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { type DeviceArrays, type HostValues, read } from "../array/array.ts"
import { Backend, type OpenScope } from "../backend/backend.ts"
import { type DeviceError, DeviceUnavailable, type TransferError } from "../backend/errors.ts"
import type { Inputs } from "../jit/inputs.ts"
import type { JitError, Jitted } from "../jit/jit.ts"
import * as Device from "./device.ts"

/** How a pool shares work, and how its devices are opened. */
export interface PoolOptions extends Device.DeviceOptions {
  /** How many inputs each worker is given at a time, so that one is on its way while another is worked on (2). */
  readonly perWorker?: number
  /** On how many workers one input is tried at the most, before its failure is that of the whole (3). */
  readonly attempts?: number
}

/** Arguments of a program: host data, which can be sent again. */
type Arguments<P extends ReadonlyArray<unknown>> = { readonly [K in keyof P]: Inputs<P[K]> }

/** Why an input's result cannot be had. */
export type PoolError = JitError | TransferError

/** Workers that share independent work. */
export interface Pool {
  /** The workers, by their names. */
  readonly workers: ReadonlyArray<string>
  /**
   * The program's result for each input, in their order, as host values. Inputs are taken as there is room, so that
   * there may be any number of them. Where a worker is lost, another runs what it was given. That is safe: the program has
   * no effect but its result, and its inputs are host data.
   */
  readonly stream: <P extends ReadonlyArray<unknown>, R, E, S>(
    program: Jitted<P, R>,
    inputs: Stream.Stream<Arguments<P>, E, S>
  ) => Stream.Stream<HostValues<DeviceArrays<R>>, PoolError | E, S>
  /** As `stream`, of inputs that are there. */
  readonly map: <P extends ReadonlyArray<unknown>, R>(
    program: Jitted<P, R>,
    inputs: Iterable<Arguments<P>>
  ) => Effect.Effect<ReadonlyArray<HostValues<DeviceArrays<R>>>, PoolError>
}

/** What another worker may do better: the worker or what lies between has failed, not the program. */
const passing = new Set(["DeviceLost", "DeviceUnavailable", "OutcomeUnknown", "RemoteError"])

const isPassing = (error: unknown): boolean =>
  passing.has(String((error as { readonly _tag?: unknown } | undefined)?._tag))

/** A worker that has failed is left alone for so long, in milliseconds, and twice as long each time again. */
const rest = { first: 200, most: 30_000 } as const

interface Place {
  readonly backend: Backend["Service"]
  /** When it may be given work again, and how long it then rests. */
  worker: { until: number; wait: number }
}

/** Who waits for a place, and which workers have failed at the work that it is for. */
interface Taker {
  readonly failed: ReadonlySet<object>
  readonly take: (place: Place) => void
}

/** Places for work: each worker has some. Who finds none waits for one. */
class Places {
  readonly #free: Array<Place>
  readonly #takers: Array<Taker> = []
  /** Until a worker has rested. Work that waits for it keeps the process alive. */
  #resting: NodeJS.Timeout | undefined

  constructor(all: ReadonlyArray<Place>) {
    this.#free = [...all]
  }

  /** A place of a worker that is not among those that have failed at this work, if there is a choice. */
  take(failed: ReadonlySet<object>): Effect.Effect<Place> {
    return Effect.callback<Place>((resume) => {
      const taker: Taker = { failed, take: (place) => resume(Effect.succeed(place)) }
      this.#takers.push(taker)
      this.#serve()
      return Effect.sync(() => {
        const at = this.#takers.indexOf(taker)
        if (at >= 0) this.#takers.splice(at, 1)
        this.#serve()
      })
    })
  }

  give(place: Place): void {
    this.#free.push(place)
    this.#serve()
  }

  /** Gives what is free to who has waited longest. */
  #serve(): void {
    clearTimeout(this.#resting)
    while (this.#takers.length > 0) {
      const place = this.#pick(this.#takers[0]!.failed)
      if (place === undefined) break
      this.#free.splice(this.#free.indexOf(place), 1)
      this.#takers.shift()!.take(place)
    }
    if (this.#takers.length === 0 || this.#free.length === 0) return
    const rested = Math.min(...this.#free.map(({ worker }) => worker.until))
    this.#resting = setTimeout(() => this.#serve(), Math.max(1, rested - performance.now()))
  }

  #pick(failed: ReadonlySet<object>): Place | undefined {
    const now = performance.now()
    const rested = this.#free.filter(({ worker }) => worker.until <= now)
    return rested.find(({ worker }) => !failed.has(worker)) ?? rested[0]
  }
}

const namesOf = (device: string | ReadonlyArray<string>): ReadonlyArray<string> => {
  if (typeof device !== "string") return device
  if (!device.startsWith("remote://")) return [device]
  return device
    .slice("remote://".length)
    .split(",")
    .map((each) => `remote://${each}`)
}

/**
 * Opens several workers: `remote://a:7471,b:7471`, or a list of device names of any kind. All must be there at first;
 * one that is lost later rests, and is tried again. The effect fails with a `DeviceError` where one is not there.
 *
 * @example
 * const pool = yield* Pool.make(["reference", "reference"])
 * const square = jit([f32()], (x) => mul(x, x))
 * yield* pool.map(square, [[1], [2], [3]]) // [1, 4, 9]
 */
export const make: (
  device: string | ReadonlyArray<string>,
  options?: PoolOptions
) => Effect.Effect<Pool, DeviceError, OpenScope> = Effect.fnUntraced(function* (
  device,
  { perWorker = 2, attempts = 3, ...options } = {}
) {
  const names = namesOf(device)
  if (names.length === 0 || !(perWorker >= 1) || !(attempts >= 1)) {
    return yield* new DeviceUnavailable({
      device: String(device),
      message: "a pool needs a worker, a place for work, and one attempt",
      hint: "give at least one address, and numbers from 1"
    })
  }
  // Others do its work meanwhile.
  const opening = { patience: 0, ...options }
  const backends = yield* Effect.forEach(names, (name) => Device.open(name, opening), {
    concurrency: "unbounded"
  })
  // Those of one worker are not side by side, so that work goes to all of them first.
  const workers = backends.map(() => ({ until: 0, wait: rest.first }))
  const all = Array.from({ length: perWorker }, () =>
    backends.map((backend, i): Place => ({ backend, worker: workers[i]! }))
  ).flat()
  const places = new Places(all)

  const one = <P extends ReadonlyArray<unknown>, R>(program: Jitted<P, R>, args: Arguments<P>) =>
    Effect.suspend(() => {
      const failed = new Set<object>()
      const work = Effect.flatMap(
        program(...(args as never)) as Effect.Effect<DeviceArrays<R>, JitError, Backend | OpenScope>,
        (made) => read(made as never)
      ) as Effect.Effect<HostValues<DeviceArrays<R>>, PoolError, Backend | OpenScope>
      const attempt = Effect.acquireUseRelease(
        Effect.interruptible(places.take(failed)),
        ({ backend }) => Effect.scoped(Effect.provideService(work, Backend, backend)),
        (place, exit) =>
          Effect.sync(() => {
            const { worker } = place
            if (Exit.isSuccess(exit)) worker.wait = rest.first
            else if (isPassing(Cause.squash(exit.cause))) {
              failed.add(worker)
              worker.until = performance.now() + worker.wait
              worker.wait = Math.min(2 * worker.wait, rest.most)
            }
            places.give(place)
          })
      )
      return Effect.retry(attempt, { times: attempts - 1, while: isPassing })
    })

  const stream: Pool["stream"] = (program, inputs) =>
    Stream.mapEffect(inputs, (args) => one(program, args), { concurrency: all.length })

  return {
    workers: names,
    stream,
    map: (program, inputs) => Stream.runCollect(stream(program, Stream.fromIterable(inputs)))
  }
})
