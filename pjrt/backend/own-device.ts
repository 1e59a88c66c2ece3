import * as Effect from "effect/Effect"
import { isObject, shown } from "../../dsl/required.ts"
import type { DeviceBuffer, DeviceInfo } from "./backend.ts"
import { ArgumentError, CompileError } from "./errors.ts"

/** Something that is given to a backend belongs to another. */
export const foreign = (path: string, what: string, device: DeviceInfo): ArgumentError =>
  new ArgumentError({
    path,
    message: `${what} does not belong to the client of ${device.name}`,
    hint: "use the arrays and the devices of one backend together"
  })

/** A program that was made ready for an interpreter is given to a compiler. */
export const forInterpreter = (name: string): CompileError =>
  new CompileError({
    code: "INVALID_ARGUMENT",
    message: `${name} takes StableHLO, but the program was made ready for the reference device`,
    hint: "make it ready for this backend: jitted.sourceFor(backend.target)"
  })

/** An array that a device cannot take: it is on another device, or is no array at all. */
export const foreignBuffer = (path: string, given: unknown, device: string): ArgumentError => {
  const on: unknown = isObject(given) ? (given as Partial<DeviceBuffer>).device?.name : undefined
  const what = typeof on === "string" ? `on ${on} of another client or device` : `${shown(given)}, no array`
  return new ArgumentError({
    path,
    message: `${path} is ${what}, but the program runs on ${device}`,
    hint: "put the array on the program's device, or copy it there"
  })
}

/** The device of a backend's that is wanted, where it has it: no other stands in for it. */
export const ownDevice = <D extends DeviceInfo>(
  { device, devices }: { readonly device: D; readonly devices: ReadonlyArray<D> },
  wanted: DeviceInfo = device
): Effect.Effect<D, ArgumentError> => {
  const found = devices.find(({ id, name }) => id === wanted.id && name === wanted.name)
  return found === undefined ? Effect.fail(foreign("device", wanted.name, device)) : Effect.succeed(found)
}
