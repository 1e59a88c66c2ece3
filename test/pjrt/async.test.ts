import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { callsInFlight } from "../../native/api.ts"
import { Backend } from "../../pjrt/Backend.ts"
import { add, arange, f32, i32, jit, mul, read, scalar, scan } from "../../pjrt/loopcarry.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice } from "../support/run.ts"

/** A loop whose time grows with its argument: about 5 ns a step. */
const spin = jit([i32()], (n) => scan(scalar(1, "i32"), arange(n), (c, x) => [add(mul(c, 3), x), null]))

/** A program whose compilation takes some hundred milliseconds. */
const manyLoops = (by: number) =>
  jit([f32()], (x) => {
    let y = x
    for (let i = 0; i < 30; i++) [y] = scan(y, arange(3, "f32"), (c, z) => [add(mul(c, by + i), z), null])
    return y
  })

/** How often the event loop turned while an effect ran. */
const turnsDuring = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<number, E, R> =>
  Effect.suspend(() => {
    let turns = 0
    const timer = setInterval(() => turns++, 5)
    return effect.pipe(
      Effect.map(() => turns),
      Effect.ensuring(Effect.sync(() => clearInterval(timer)))
    )
  })

describe.each(plugins)("long calls on PJRT $api", ({ path }) => {
  const run = onDevice(`plugin:${path}`, { virtualDevices: 1 })

  it("a long run leaves the event loop alive", async () => {
    const turns = await run(turnsDuring(Effect.flatMap(spin(60_000_000), (tree) => read(tree))))
    expect(turns).toBeGreaterThan(5)
  })

  it("a long compilation leaves the event loop alive", async () => {
    const large = manyLoops(1)
    expect(await run(turnsDuring(large.compile))).toBeGreaterThan(2)
  })

  it("an interrupted run gives the fiber back before it ends, and the device still works", async () => {
    await run(spin(1))
    const running = await run(
      Effect.gen(function* () {
        const fiber = yield* Effect.forkChild(spin(100_000_000))
        while (callsInFlight() === 0) yield* Effect.sleep(0)
        yield* Fiber.interrupt(fiber)
        return callsInFlight()
      })
    )
    expect(running).toBeGreaterThan(0)
    expect(await run(Effect.flatMap(spin(3), ([c]) => c.read))).toBe(32)
  })

  it("a time limit ends the wait", async () => {
    const exit = await run(Effect.exit(Effect.timeout(spin(100_000_000), 30)))
    expect(Exit.isFailure(exit)).toBe(true)
  })

  it("an interrupted compilation is finished for the next caller, once", async () => {
    const program = manyLoops(2)
    const compiled = await run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const before = backend.compiled().programs
        const fiber = yield* Effect.forkChild(program.compile)
        yield* Effect.sleep(5)
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
