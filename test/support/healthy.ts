import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { expect } from "vitest"
import { Backend, type ProgramSource } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { add, f32, jit } from "../../pjrt/loopcarry.ts"

export const increment = jit([f32()], (x) => add(x, 1))

/** A healthy program gives the right result, whatever others have done to the device. */
export const serves = Effect.gen(function* () {
  expect(yield* (yield* increment(41)).read).toBe(42)
})

/** For so many seconds a worker that has ended may take to be there again: as long as it likes. */
const patience = 500

/** Does something on a device that is opened for it. */
export const on = <A, E>(
  device: string,
  effect: Effect.Effect<A, E, Backend | Scope.Scope>,
  options: Device.DeviceOptions = {}
): Promise<A> =>
  Effect.runPromise(Effect.scoped(Effect.provide(effect, Device.layer(device, { patience, ...options }))))

export const compile = (source: ProgramSource) =>
  Effect.flatMap(Backend, (backend) => backend.compile(source))

/** Compiles a module without parameters, and runs it. */
export const running = (code: string) =>
  Effect.gen(function* () {
    const scope = yield* Effect.scope
    return yield* (yield* compile({ code })).run([], scope)
  })
