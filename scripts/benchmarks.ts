import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { emit } from "../dsl/stablehlo/emit.ts"
import { traceNow } from "../dsl/trace.ts"
import { Backend } from "../pjrt/backend/backend.ts"
import * as Device from "../pjrt/device/device.ts"
import { add, arange, f32, jit, put, scan } from "../pjrt/loopcarry.ts"

/**
 * One figure: the best of several rounds, in microseconds, beside the aim it is held against. Slower rounds are those
 * in which the machine did something else, as Python's timeit says.
 */
export interface Measured {
  readonly name: string
  readonly microseconds: number
  readonly aim: number
}

type Benchmark = Effect.Effect<Measured, unknown, Backend | Scope.Scope>

const rounds = 20

/** Rounds that are not counted, until V8 has compiled all that is called. */
const warmUp = 4

/** Times `calls` runs of an effect, over several rounds, each run in a scope that frees its results. */
export const timed = <E, R>(
  name: string,
  aim: number,
  calls: number,
  once: Effect.Effect<unknown, E, R>
): Effect.Effect<Measured, E, R> =>
  Effect.gen(function* () {
    const times: Array<number> = []
    for (let round = -warmUp; round < rounds; round++) {
      const started = performance.now()
      for (let i = 0; i < calls; i++) yield* once
      if (round >= 0) times.push(((performance.now() - started) * 1000) / calls)
    }
    return { name, microseconds: Math.min(...times), aim }
  })

const cumulativeSum = jit([f32()], (start) =>
  scan(start, arange(10, "f32"), (carry, x) => {
    const total = add(carry, x)
    return [total, total]
  })
)

const dispatch: Benchmark = Effect.gen(function* () {
  const start = yield* put(f32(), 0)
  const once = Effect.gen(function* () {
    const [total, sums] = yield* cumulativeSum(start)
    total.buffer.release()
    sums.buffer.release()
  })
  return yield* timed("dispatch: a compiled 10-step scan, argument and results on the device", 10, 2000, once)
})

const dispatchFromHost: Benchmark = timed(
  "dispatch with a JavaScript number as argument, which is put on the device",
  25,
  2000,
  Effect.gen(function* () {
    const [total, sums] = yield* cumulativeSum(0)
    total.buffer.release()
    sums.buffer.release()
  })
)

const readback: Benchmark = Effect.gen(function* () {
  const start = yield* put(f32(), 0)
  const [, sums] = yield* cumulativeSum(start)
  return yield* timed("reading a result of 10 numbers", 20, 2000, sums.read)
})

const roundTrip: Benchmark = Effect.gen(function* () {
  const start = yield* put(f32(), 0)
  const once = Effect.gen(function* () {
    const [total, sums] = yield* cumulativeSum(start)
    yield* sums.read
    total.buffer.release()
    sums.buffer.release()
  })
  return yield* timed("dispatch and read", 20, 2000, once)
})

const operations = 10_000

const tracing: Benchmark = timed(
  `tracing and printing ${operations} operations`,
  1_000_000,
  1,
  Effect.sync(() =>
    emit(
      traceNow([f32(8)], (x) => {
        let y = x
        for (let i = 0; i < operations; i++) y = add(y, x)
        return y
      }).program
    )
  )
)

const tracingTwice: Benchmark = timed(
  `tracing and printing ${2 * operations} operations`,
  2_000_000,
  1,
  Effect.sync(() =>
    emit(
      traceNow([f32(8)], (x) => {
        let y = x
        for (let i = 0; i < 2 * operations; i++) y = add(y, x)
        return y
      }).program
    )
  )
)

const megabytes = 256

/** The best of some rounds, in microseconds; each is long, so that few will do. What each gives is let go untimed. */
const best = <A, E, R>(
  once: Effect.Effect<A, E, R>,
  letGo: (made: A) => void = () => {}
): Effect.Effect<number, E, R> =>
  Effect.gen(function* () {
    let least = Number.POSITIVE_INFINITY
    for (let round = 0; round < 6; round++) {
      const started = performance.now()
      const made = yield* once
      least = Math.min(least, (performance.now() - started) * 1000)
      letGo(made)
    }
    return least
  })

/** Moving much data takes what copying it takes: the aim is a copy into fresh memory, and a tenth of that more. */
const transfer = (direction: "host to device" | "device to host"): Benchmark =>
  Effect.gen(function* () {
    const backend = yield* Backend
    const scope = yield* Effect.scope
    const bytes = new Uint8Array(megabytes << 20).fill(1)
    const array = { dtype: "u8", shape: [bytes.length], bytes } as const
    const copied = yield* best(Effect.sync(() => new Uint8Array(bytes)))
    const there = yield* backend.put(array, scope)
    const microseconds =
      direction === "device to host"
        ? yield* best(there.bytes)
        : yield* best(backend.put(array, scope), (buffer) => buffer.release())
    return { name: `${megabytes} MB ${direction}`, microseconds, aim: copied / 0.9 }
  })

/** Loading a program from the cache on disk, in place of compiling it. */
const cachedCompile: Benchmark = Effect.gen(function* () {
  const { device, compile } = yield* Backend
  const source = yield* cumulativeSum.source
  yield* compile(source)
  const times: Array<number> = []
  for (let round = 0; round < 6; round++) {
    times.push(
      yield* Effect.scoped(
        Effect.gen(function* () {
          const fresh = yield* Device.open(device.name, { cache: true })
          yield* fresh.compile(source)
          return fresh.compiled().milliseconds * 1000
        })
      )
    )
  }
  return { name: "a seed program from the cache on disk", microseconds: Math.min(...times), aim: 5000 }
})

/** What a child process adds to a small call. */
const isolated: Benchmark = Effect.gen(function* () {
  const here = yield* roundTrip
  const { device } = yield* Backend
  const there = yield* Effect.provideService(
    roundTrip,
    Backend,
    yield* Device.open(device.name, { isolate: true })
  )
  return {
    name: "dispatch and read, the plugin in a process of its own",
    microseconds: there.microseconds,
    aim: here.microseconds + 100
  }
})

export const benchmarks: ReadonlyArray<Benchmark> = [
  dispatch,
  dispatchFromHost,
  readback,
  roundTrip,
  isolated,
  cachedCompile,
  transfer("host to device"),
  transfer("device to host"),
  tracing,
  tracingTwice
]

export const showMeasured = ({ name, microseconds, aim }: Measured): string =>
  `${microseconds.toFixed(1).padStart(10)} µs  (aim ${aim} µs, ${(microseconds / aim).toFixed(2)} of it)  ${name}`
