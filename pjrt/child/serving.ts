import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { Buffer, DeviceInfo } from "../Backend.ts"
import type { DeviceOptions } from "../device.ts"
import { ArgumentError, type BufferGone, type DeviceError, type DeviceLost } from "../errors.ts"
import { shared } from "../shared.ts"
import { ChildBuffer } from "./buffer.ts"
import { Child, typed } from "./process.ts"
import type { Opened } from "./protocol.ts"

/** A device in child processes, one after the other: when one ends, the next call starts another. */
export interface Serving {
  readonly opened: Opened
  /** The child that now serves. */
  readonly child: Effect.Effect<Child, DeviceError>
  /** A number for an array or an executable, the first of so many, never given before. */
  readonly nextId: (count?: number) => number
  readonly device: (id: number) => DeviceInfo
  /** An array of this device that is still there, or why it is not one. */
  readonly own: (buffer: Buffer, path: string) => ChildBuffer | ArgumentError | BufferGone | DeviceLost
}

export const serve: (
  name: string,
  options: DeviceOptions
) => Effect.Effect<Serving, DeviceError, Scope.Scope> = Effect.fnUntraced(function* (
  name,
  { progress: _, print, slow, timeLimit, isolate: __, ...options }
) {
  const scope = yield* Scope.Scope
  let current: Child | undefined
  let first: Opened | undefined
  let ids = 0

  /** A fresh child with the device open. One that cannot open it is of no use. */
  const start = Effect.suspend((): Effect.Effect<Child, DeviceError> => {
    const verbose = process.env.TF_CPP_MIN_LOG_LEVEL === "0"
    const child = new Child(name, { print, verbose, slow, timeLimit })
    const opening: Effect.Effect<Opened, DeviceError> = typed(child.call("open", { name, options }))
    return opening.pipe(
      Effect.onError(() => child.close),
      Effect.map((answer) => {
        first ??= answer
        current = child
        return child
      })
    )
  })
  let starting = shared(scope, start)
  const child = Effect.suspend((): Effect.Effect<Child, DeviceError> => {
    if (current !== undefined && current.lost === undefined) return Effect.succeed(current)
    if (current !== undefined) starting = shared(scope, start)
    current = undefined
    return starting
  })

  yield* Effect.addFinalizer(() => {
    if (current === undefined) return Effect.void
    // Its process is ended with all it holds; only a profile must be written first.
    const ending = options.profile === undefined ? Effect.void : Effect.ignore(current.call("close", null))
    return Effect.andThen(ending, current.close)
  })
  yield* child
  const opened = first!
  const { device, devices } = opened

  return {
    opened,
    child,
    nextId: (count = 1) => {
      ids += count
      return ids - count
    },
    device: (id) => devices.find((each) => each.id === id) ?? device,
    own: (buffer, path) => {
      if (!(buffer instanceof ChildBuffer) || !devices.includes(buffer.device)) {
        return new ArgumentError({
          path,
          message: `${path} is on ${buffer.device.name} of another client or device, but the program runs on ${device.name}`,
          hint: "put the array on the program's device"
        })
      }
      return buffer.gone ?? buffer
    }
  }
})
