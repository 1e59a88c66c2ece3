import * as Effect from "effect/Effect"
import type { DeviceInfo } from "./Backend.ts"
import { ArgumentError } from "./errors.ts"

/** Something that is given to a backend belongs to another. */
export const foreign = (path: string, what: string, device: DeviceInfo): ArgumentError =>
  new ArgumentError({
    path,
    message: `${what} does not belong to the client of ${device.name}`,
    hint: "use the arrays and the devices of one backend together"
  })

/** The device of a backend's that is wanted, where it has it: no other stands in for it. */
export const ownDevice = <D extends DeviceInfo>(
  { device, devices }: { readonly device: D; readonly devices: ReadonlyArray<D> },
  wanted: DeviceInfo = device
): Effect.Effect<D, ArgumentError> => {
  const found = devices.find(({ id, name }) => id === wanted.id && name === wanted.name)
  return found === undefined ? Effect.fail(foreign("device", wanted.name, device)) : Effect.succeed(found)
}
