import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { callsInFlight } from "../../native/api.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { add, arange, f32, jit, mul, put, scan, u8 } from "../../pjrt/loopcarry.ts"
import { gateBytes, gated, makeGate } from "../support/gate.ts"
import { plugins } from "../support/plugins.ts"

/** Waits until no call into a plugin is under way, and its end has been dealt with. */
const settled = Effect.gen(function* () {
  while (callsInFlight() > 0) yield* Effect.sleep(5)
  yield* Effect.sleep(5)
})

/** Waits until the fiber's work has reached the plugin, or has ended. */
const underWay = (fiber: Fiber.Fiber<unknown, unknown>) =>
  Effect.gen(function* () {
    while (callsInFlight() === 0 && fiber.pollUnsafe() === undefined) yield* Effect.sleep(0)
  })

const slow = gated(1)

const loops = (by: number) =>
  jit([f32()], (x) => {
    let y = x
    for (let i = 0; i < 8; i++) [y] = scan(y, arange(3, "f32"), (c, z) => [add(mul(c, by + i), z), null])
    return y
  })

describe.each(plugins)("a device closed while calls are under way, on PJRT $api", ({ path }) => {
  /** Starts work on a device of its own, gives it up after a moment, and closes the device. */
  const abandon = <A, E>(work: Effect.Effect<A, E, Backend | Scope.Scope>, prepare?: typeof work) =>
    Effect.gen(function* () {
      const backend = yield* Device.open(`plugin:${path}`, { virtualDevices: 1 })
      const provided = <X, Y, Z>(effect: Effect.Effect<X, Y, Z>) =>
        Effect.provideService(effect, Backend, backend)
      if (prepare !== undefined) yield* provided(prepare)
      const fiber = yield* Effect.forkChild(Effect.scoped(provided(work)))
      yield* underWay(fiber)
      yield* Fiber.interrupt(fiber)
    }).pipe(Effect.scoped)

  it("outlives its runs", async () => {
    for (let i = 0; i < 5; i++) {
      const gate = makeGate()
      const run = Effect.asVoid(Effect.flatMap(put(u8(gateBytes), gate.bytes), slow))
      await Effect.runPromise(abandon(run, slow.compile))
      expect(callsInFlight()).toBeGreaterThan(0)
      gate.open()
      await Effect.runPromise(settled)
    }
  })

  it("outlives its compilations", async () => {
    for (let i = 0; i < 5; i++) {
      await Effect.runPromise(abandon(loops(i).compile))
      await Effect.runPromise(settled)
    }
  })

  it("outlives its transfers", async () => {
    const large = new Float32Array(20_000_000)
    for (let i = 0; i < 3; i++) {
      await Effect.runPromise(abandon(put(f32(20_000_000), large)))
      await Effect.runPromise(settled)
      await Effect.runPromise(abandon(Effect.flatMap(put(f32(20_000_000), large), (array) => array.read)))
      await Effect.runPromise(settled)
    }
  })

  it("is refused by name afterwards, while what was read before stays", async () => {
    const told = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const [backend, array] = yield* Effect.scoped(
            Effect.gen(function* () {
              const opened = yield* Device.open(`plugin:${path}`, { virtualDevices: 1 })
              return [opened, yield* Effect.provideService(put(f32(3), [1, 2, 3]), Backend, opened)] as const
            })
          )
          const on = Effect.provideService(Backend, backend)
          return [
            yield* Effect.flip(on(put(f32(3), [1, 2, 3]))),
            yield* Effect.flip(on(loops(9).compile)),
            yield* Effect.flip(array.read)
          ]
        })
      )
    )
    expect(told.map((error) => [error._tag, error.message])).toEqual([
      ["RunError", "cpu:0 has been closed"],
      ["CompileError", "cpu:0 has been closed"],
      ["BufferGone", "this f32[3] on cpu:0 was released when its scope ended and holds nothing any more"]
    ])
  })

  it("releases at once what is made for a scope that has closed", async () => {
    const error = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const backend = yield* Device.open(`plugin:${path}`, { virtualDevices: 1 })
          const closed = yield* Scope.make()
          yield* Scope.close(closed, Exit.void)
          const array = { dtype: "u8", shape: [3], bytes: Uint8Array.of(1, 2, 3) } as const
          return yield* Effect.flip((yield* backend.put(array, closed)).bytes)
        })
      )
    )
    expect(error).toMatchObject({ _tag: "BufferGone", reason: "released" })
  })

  it("lives on for a buffer that a longer scope owns", async () => {
    const values = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const outer = yield* Scope.Scope
          const buffer = yield* Effect.scoped(
            Effect.gen(function* () {
              const backend = yield* Device.open(`plugin:${path}`, { virtualDevices: 1 })
              return yield* backend.put({ dtype: "u8", shape: [3], bytes: Uint8Array.of(1, 2, 3) }, outer)
            })
          )
          return yield* buffer.bytes
        })
      )
    )
    expect(values).toEqual(Uint8Array.of(1, 2, 3))
  })
})
