import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { type DeviceArrays, type HostValues, read } from "../array.ts"
import { Backend } from "../Backend.ts"
import * as Device from "../device.ts"
import { type DeviceError, DeviceUnavailable, type TransferError } from "../errors.ts"
import type { Inputs, JitError, Jitted } from "../jit.ts"

export interface PoolOptions extends Device.DeviceOptions {
  /** How many inputs each worker is given at a time, so that one is on its way while another is worked on (2). */
  readonly perWorker?: number
  /** On how many workers one input is tried at the most, before its failure is that of the whole (3). */
  readonly attempts?: number
}

/** Arguments of a program: host data, which can be sent again. */
type Arguments<P extends ReadonlyArray<unknown>> = { readonly [K in keyof P]: Inputs<P[K]> }

export type PoolError = JitError | TransferError

/** Workers that share independent work. */
export interface Pool {
  /** The workers, by their names. */
  readonly workers: ReadonlyArray<string>
  /**
   * The program's result for each input, in their order, as host values. Inputs are taken as there is room, so that
   * there may be any number of them. Where a worker is lost, what it was given is run on another: the program has no
   * effect but its result, and its inputs are host data.
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

type Taker = (place: Place) => void

/** Places for work: each worker has some. Who finds none waits for one. */
class Places {
  #free: Array<Place> = []
  #takers: Array<Taker> = []

  constructor(all: ReadonlyArray<Place>) {
    this.#free = [...all]
  }

  /** A place of a worker that is not among those that have failed at this work, if there is a choice. */
  take(failed: ReadonlySet<object>): Effect.Effect<Place> {
    return Effect.callback<Place>((resume) => {
      const now = performance.now()
      const rested = this.#free.filter(({ worker }) => worker.until <= now)
      const found = rested.find(({ worker }) => !failed.has(worker)) ?? rested[0]
      if (found !== undefined) {
        this.#free.splice(this.#free.indexOf(found), 1)
        return resume(Effect.succeed(found))
      }
      const taker: Taker = (place) => resume(Effect.succeed(place))
      this.#takers.push(taker)
      return Effect.sync(() => {
        this.#takers = this.#takers.filter((each) => each !== taker)
      })
    })
  }

  give(place: Place): void {
    const wait = place.worker.until - performance.now()
    if (wait > 0) {
      setTimeout(() => this.#offer(place), wait).unref()
      return
    }
    this.#offer(place)
  }

  #offer(place: Place): void {
    const taker = this.#takers.shift()
    if (taker === undefined) this.#free.push(place)
    else taker(place)
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
 * one that is lost later rests, and is tried again.
 *
 * @example
 * const pool = yield* Pool.make("remote://a:7471,b:7471")
 * const losses = yield* pool.map(train, seeds.map((seed) => [seed]))
 */
export const make: (
  device: string | ReadonlyArray<string>,
  options?: PoolOptions
) => Effect.Effect<Pool, DeviceError, Scope.Scope> = Effect.fnUntraced(function* (
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

  const one = <P extends ReadonlyArray<unknown>, R>(
    program: Jitted<P, R>,
    args: Arguments<P>,
    attempt = 1,
    failed: ReadonlySet<object> = new Set()
  ): Effect.Effect<HostValues<DeviceArrays<R>>, PoolError> =>
    Effect.flatMap(places.take(failed), (place) => {
      const work = Effect.flatMap(
        program(...(args as never)) as Effect.Effect<DeviceArrays<R>, JitError, Backend | Scope.Scope>,
        (made) => read(made as never)
      ) as Effect.Effect<HostValues<DeviceArrays<R>>, PoolError, Backend | Scope.Scope>
      return Effect.scoped(Effect.provideService(work, Backend, place.backend)).pipe(
        Effect.onExit((exit) =>
          Effect.sync(() => {
            const { worker } = place
            if (Exit.isSuccess(exit)) worker.wait = rest.first
            else if (isPassing(Cause.squash(exit.cause))) {
              worker.until = performance.now() + worker.wait
              worker.wait = Math.min(2 * worker.wait, rest.most)
            }
            places.give(place)
          })
        ),
        Effect.catch((error) =>
          isPassing(error) && attempt < attempts
            ? one(program, args, attempt + 1, new Set([...failed, place.worker]))
            : Effect.fail(error)
        )
      )
    })

  const stream: Pool["stream"] = (program, inputs) =>
    Stream.mapEffect(inputs, (args) => one(program, args), { concurrency: all.length })

  return {
    workers: names,
    stream,
    map: (program, inputs) => Stream.runCollect(stream(program, Stream.fromIterable(inputs)))
  }
})
