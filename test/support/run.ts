import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type * as Scope from "effect/Scope"
import { afterAll, beforeAll } from "vitest"
import { show } from "../../dsl/shape.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import type { DeviceError } from "../../pjrt/backend/errors.ts"
import * as Device from "../../pjrt/device/device.ts"

/** What is still held on the backend's devices once every scope has closed: nothing, or something has leaked. */
const leaks = Effect.gen(function* () {
  const { devices, memory } = yield* Backend
  const held = yield* Effect.forEach(devices, (device) => memory(device))
  return held.flatMap(({ arrays }, i) => arrays.map((array) => `${show(array)} on ${devices[i]!.name}`))
})

export type Run = <A, E>(effect: Effect.Effect<A, E, Backend | Scope.Scope>) => Promise<A>

/** Runs effects of a group of tests on one device, opened once; each effect has a scope of its own. */
export const onDevice = (device: string | (() => string), options?: Device.DeviceOptions): Run => {
  const name = () => (typeof device === "string" ? device : device())
  let runtime: ManagedRuntime.ManagedRuntime<Backend, DeviceError>
  beforeAll(() => {
    runtime = ManagedRuntime.make(Device.layer(name(), options))
  })
  afterAll(async () => {
    const held = await runtime.runPromise(leaks)
    await runtime.dispose()
    if (held.length > 0) throw new Error(`arrays are still held on ${name()}: ${held.join(", ")}`)
  })
  return (effect) => runtime.runPromise(Effect.scoped(effect))
}

/** The failure of an effect that must fail. */
export const failure = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<E, never, R> =>
  Effect.flip(effect).pipe(Effect.catch(() => Effect.die(new Error("it did not fail"))))

/** What a call that must throw throws. */
export const thrown = (
  run: () => unknown
): Error & { readonly _tag?: string; readonly hint?: string; readonly path?: string } => {
  try {
    run()
  } catch (error) {
    return error as Error
  }
  throw new Error("it did not throw")
}
