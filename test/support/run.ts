import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type * as Scope from "effect/Scope"
import { afterAll, beforeAll } from "vitest"
import type { Backend } from "../../pjrt/Backend.ts"
import * as Device from "../../pjrt/device.ts"
import type { DeviceError } from "../../pjrt/errors.ts"

export type Run = <A, E>(effect: Effect.Effect<A, E, Backend | Scope.Scope>) => Promise<A>

/** Runs effects of one test file on one device, opened once; each effect has a scope of its own. */
export const onDevice = (name: string, options?: Device.DeviceOptions): Run => {
  let runtime: ManagedRuntime.ManagedRuntime<Backend, DeviceError>
  beforeAll(() => {
    runtime = ManagedRuntime.make(Device.layer(name, options))
  })
  afterAll(() => runtime.dispose())
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
