import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { callsInFlight } from "../../native/api.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import { add, arange, f32, jit, mul, put, scan, u8 } from "../../pjrt/loopcarry.ts"
import { gateBytes, gated, makeGate } from "../support/gate.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice } from "../support/run.ts"

/** Starts a run that goes on until its gate is opened; ends when the plugin has it. */
const startGated = Effect.gen(function* () {
  const slow = gated(1)
  yield* slow.compile
  const gate = makeGate()
  const shut = yield* put(u8(gateBytes), gate.bytes)
  const run = Effect.flatMap(slow(shut), (y) => y.read)
  const fiber = yield* Effect.forkChild(run)
  while (callsInFlight() === 0) yield* Effect.sleep(0)
  return { gate, fiber, run }
})

/** A program whose compilation takes much longer than a turn of the event loop. */
const manyLoops = (by: number) =>
  jit([f32()], (x) => {
    let y = x
    for (let i = 0; i < 30; i++) [y] = scan(y, arange(3, "f32"), (c, z) => [add(mul(c, by + i), z), null])
    return y
  })

describe.each(plugins)("long calls on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 1 })

  it("a long run leaves the event loop alive", () =>
    run(
      Effect.gen(function* () {
        const { gate, fiber } = yield* startGated
        // It ends only because this is done meanwhile.
        gate.open()
        expect(yield* Fiber.join(fiber)).toEqual(Uint8Array.of(1))
      })
    ))

  it("a long compilation leaves the event loop alive", async () => {
    let turns = 0
    await run(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(manyLoops(1).compile)
        for (; fiber.pollUnsafe() === undefined; yield* Effect.sleep(0)) if (callsInFlight() > 0) turns++
        yield* Fiber.join(fiber)
      })
    )
    expect(turns).toBeGreaterThan(0)
  })

  it("an interrupted run gives the fiber back before it ends, and the device still works", async () => {
    await run(
      Effect.gen(function* () {
        const { gate, fiber, run: again } = yield* startGated
        yield* Fiber.interrupt(fiber)
        expect(callsInFlight()).toBeGreaterThan(0)
        gate.open()
        expect(yield* again).toEqual(Uint8Array.of(1))
      })
    )
  })

  it("a time limit ends the wait", async () => {
    const exit = await run(
      Effect.flatMap(startGated, ({ fiber }) => Effect.exit(Effect.timeout(Fiber.join(fiber), 30)))
    )
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("an interrupted compilation is finished for the next caller, once", async () => {
    const program = manyLoops(2)
    const compiled = await run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const before = backend.compiled().programs
        const fiber = yield* Effect.forkChild(program.compile)
        while (callsInFlight() === 0) yield* Effect.sleep(0)
        yield* Fiber.interrupt(fiber)
        yield* Effect.all([program.compile, program.compile], { concurrency: "unbounded" })
        return backend.compiled().programs - before
      })
    )
    expect(compiled).toBe(1)
  })

  it("two jitted functions of one program share one executable", async () => {
    const make = () => jit([f32(5)], (x) => add(x, 41))
    const compiled = await run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const before = backend.compiled().programs
        yield* make()([1, 2, 3, 4, 5])
        yield* make()([1, 2, 3, 4, 5])
        return backend.compiled().programs - before
      })
    )
    expect(compiled).toBe(1)
  })

  it("results feed other calls without being read", async () => {
    const double = jit([f32(3)], (x) => mul(x, 2))
    const found = await run(
      Effect.gen(function* () {
        let x = yield* double([1, 2, 3])
        for (let i = 0; i < 9; i++) x = yield* double(x)
        return yield* x.read
      })
    )
    expect(found).toEqual(Float32Array.of(1024, 2048, 3072))
  })
})
