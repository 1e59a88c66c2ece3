import { kindName } from "../../dsl/kinds.ts"
import { isObject, shown } from "../../dsl/required.ts"
import { ArgumentError, BufferGone } from "../backend/errors.ts"

/** What to do about an Effect that was taken for a value. Awaiting it has given the Effect itself. */
export type OfEffect =
  "this is an Effect, which await does not run: use device.jit of loopcarry/promise, device.run, or Effect.runPromise"
const ofEffect: OfEffect =
  "this is an Effect, which await does not run: use device.jit of loopcarry/promise, device.run, or Effect.runPromise"

const hints: Readonly<Record<string, string>> = {
  "an Effect": ofEffect,
  "a Promise": "await it first",
  "a generator": "make a list of it: [...values]",
  "a jitted function": "call it, and await the call"
}

/** Takes the rejection of a promise that nobody waits for: Node ends the process over one that nobody takes. */
const hush = (value: unknown): void => {
  if (value instanceof Promise) value.catch(() => {})
}

/** Why a value stands where it does not belong, where its kind tells that; undefined where it may belong there. */
export const mistaken = (path: string, value: unknown, wanted: string): ArgumentError | undefined => {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined
  const kind = kindName(value)
  const hint = kind === undefined ? undefined : hints[kind]
  if (hint === undefined) return undefined
  hush(value)
  return new ArgumentError({ path, message: `${path} is ${kind}, not ${wanted}`, hint })
}

export const isEffect = (value: unknown): boolean => isObject(value) && kindName(value) === "an Effect"

/** Something that is no Effect is given to be run. */
export const noEffect = (value: unknown): ArgumentError => {
  const kind = kindName(value)
  hush(value)
  return new ArgumentError({
    path: "effect",
    message: `device.run is given ${kind ?? shown(value)}, not an Effect`,
    hint:
      kind === "a jitted function"
        ? "call it: device.run(step(x))"
        : kind === "a Promise"
          ? "await it; device.run is for what the other entries of loopcarry give"
          : "give what a function of the library returns: device.run(read(tree))"
  })
}

/** Says of an array that is gone what to do here, where scopes have no name. */
export const told = (error: unknown): unknown => {
  if (!(error instanceof BufferGone) || error.reason !== "released") return error
  const { reason, message, stack } = error
  const hint = "read or use it before it is released, or return it from device.tidy to keep it"
  const again = new BufferGone({ reason, message, hint })
  if (stack !== undefined) again.stack = stack
  return again
}
