import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { DeviceBuffer } from "../backend/backend.ts"
import type { ArgumentError, BufferGone, DeviceError, DeviceLost } from "../backend/errors.ts"
import { once } from "../backend/once.ts"
import { foreignBuffer } from "../backend/own-device.ts"
import { ServedBuffer } from "./buffer.ts"
import { type Link, type Opened, typed } from "./link.ts"

/** A device behind links, one after the other: when one is lost, the next call makes another. */
export interface Serving {
  readonly opened: Opened
  /** The link that now serves. */
  readonly link: Effect.Effect<Link, DeviceError>
  /** A number for an array or an executable, the first of so many, never given before. */
  readonly nextId: (count?: number) => number
  /** An array of this device that is still there, or why it is not one. */
  readonly own: (buffer: DeviceBuffer, path: string) => ServedBuffer | ArgumentError | BufferGone | DeviceLost
}

/** A link, and what it has opened. One that cannot open its device is of no use, and `start` closes it. */
export type Start = Effect.Effect<{ readonly link: Link; readonly opened: Opened }, unknown>

export const serve = (start: Start): Effect.Effect<Serving, DeviceError, Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Scope.Scope
    let current: Link | undefined
    let first: Opened | undefined
    let ids = 0

    const started: Effect.Effect<Link, DeviceError> = typed(
      Effect.map(start, ({ link, opened }) => {
        first ??= opened
        current = link
        return link
      })
    )
    let starting = once(scope, started)
    const link = Effect.suspend((): Effect.Effect<Link, DeviceError> => {
      if (current !== undefined && current.lost === undefined) return Effect.succeed(current)
      if (current !== undefined) starting = once(scope, started)
      current = undefined
      return starting
    })

    yield* Effect.addFinalizer(() => (current === undefined ? Effect.void : current.close))
    yield* link
    const opened = first!
    const { device, devices } = opened

    return {
      opened,
      link,
      nextId: (count = 1) => {
        ids += count
        return ids - count
      },
      own: (buffer, path) => {
        if (!(buffer instanceof ServedBuffer) || !devices.includes(buffer.device)) {
          return foreignBuffer(path, buffer, device.name)
        }
        return buffer.gone ?? buffer
      }
    }
  })
