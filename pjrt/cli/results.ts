import * as Effect from "effect/Effect"
import { say } from "../../dsl/messages.ts"
import { isObject, shown } from "../../dsl/required.ts"
import { isTensor } from "../../dsl/tensor.ts"
import { keyPath } from "../../dsl/tree.ts"
import { type DeviceArray, isDeviceArray } from "../array/array.ts"
import { decodeArray, type HostArrays } from "../array/host.ts"
import { ellipsis } from "../array/layout.ts"
import type { TransferError } from "../backend/errors.ts"
import { inPhase } from "../backend/spans.ts"
import { ResultError } from "./errors.ts"

/** What an experiment found, its device arrays read. */
export type Found =
  | { readonly kind: "scalar"; readonly value: unknown }
  | { readonly kind: "numbers"; readonly values: ArrayLike<unknown> }
  | {
      readonly kind: "array"
      readonly of: DeviceArray
      bytes?: Uint8Array<ArrayBuffer>
      elements?: HostArrays[keyof HostArrays]
    }
  | { readonly kind: "list"; readonly items: ReadonlyArray<Found> }
  | { readonly kind: "record"; readonly entries: ReadonlyArray<readonly [string, Found]> }

/** What is often returned by mistake: its name, and what to do about it. */
const mistake = (value: unknown): readonly [what: string, hint: string] | undefined => {
  if (typeof value === "object" && value !== null && !isObject(value))
    return ["a proxy that was revoked", "give back what it stood for"]
  if (Effect.isEffect(value)) return ["an Effect that has not been run", "put yield* before it"]
  if (typeof value === "function")
    return ["a function that has not been called", "call it, and yield* what it gives"]
  if (isTensor(value))
    return ["a traced tensor, which holds no numbers", "give back what calling the jitted function gives"]
  if (typeof value === "symbol") return ["a symbol", "give back a text"]
  if (typeof value !== "object" || value === null) return undefined
  if (typeof (value as { then?: unknown }).then === "function")
    return ["a Promise that has not been awaited", "yield* Effect.promise(() => ...) gives its value"]
  const kind = Object.prototype.toString.call(value)
  if (kind === "[object Generator]") return ["a generator that has not been run", "put yield* before it"]
  if (kind === "[object AsyncGenerator]")
    return ["an async generator that has not been run", "collect what it gives, and give that back"]
  if ("~effect/Stream" in value)
    return ["a Stream that has not been run", "yield* Stream.runCollect(...) gives what it puts out"]
  return undefined
}

/** Results nest no deeper: walking them recurs once per level. */
const mostLevels = 500

/** A path for a message: of a long one, its ends. */
const shortPath = (path: string): string =>
  path.length <= 100 ? path : `${path.slice(0, 60)}${ellipsis}${path.slice(-30)}`

const refusal = (path: string, what: string, hint: string): ResultError =>
  new ResultError({ path, message: say("result", { path: shortPath(path), a: what }), hint })

const bytesOf = (value: ArrayBufferView | ArrayBufferLike): ArrayLike<unknown> => {
  if (!ArrayBuffer.isView(value)) return new Uint8Array(value)
  return value instanceof DataView
    ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    : (value as unknown as ArrayLike<unknown>)
}

const isBuffer = (value: object): value is ArrayBufferLike =>
  value instanceof ArrayBuffer ||
  (typeof SharedArrayBuffer !== "undefined" && value instanceof SharedArrayBuffer)

/** Values of Effect that have no text form are not printed. */
const isMachinery = (value: object): boolean => {
  for (const key in value) if (key.startsWith("~effect/")) return true
  return false
}

/** Takes results apart, and notes their device arrays, which are yet to be read. Throws a ResultError. */
const walk = (value: unknown, path: string, above: ReadonlyArray<object>, arrays: Array<Found>): Found => {
  const wrong = mistake(value)
  if (wrong !== undefined) throw refusal(path, ...wrong)
  if (typeof value !== "object" || value === null) return { kind: "scalar", value }
  if (isDeviceArray(value)) {
    const found: Found = { kind: "array", of: value }
    arrays.push(found)
    return found
  }
  if (ArrayBuffer.isView(value) || isBuffer(value)) return { kind: "numbers", values: bytesOf(value) }
  if (above.length >= mostLevels)
    throw refusal(path, `nested ${mostLevels} levels deep`, "give a list, or records that are less deep")
  if (above.includes(value)) throw refusal(path, "a part of itself", "leave the part out that leads back")
  const inside = [...above, value]
  const list = (items: ReadonlyArray<unknown>): Found => ({
    kind: "list",
    items: Array.from(items, (item, i) => walk(item, `${path}[${i}]`, inside, arrays))
  })
  const record = (entries: ReadonlyArray<readonly [string, unknown]>): Found => ({
    kind: "record",
    entries: entries.map(([key, item]) => [key, walk(item, keyPath(path, key), inside, arrays)])
  })
  if (Array.isArray(value)) return list(value)
  if (value instanceof Set) return list([...value])
  if (value instanceof Map) {
    const entries = [...value]
    return entries.every(([key]) => typeof key === "string") ? record(entries) : list(entries)
  }
  if (value instanceof Error) return { kind: "scalar", value: String(value) }
  if (typeof (value as { toJSON?: unknown }).toJSON === "function")
    return walk((value as { toJSON: () => unknown }).toJSON(), path, inside, arrays)
  const entries = Object.entries(value)
  const plain = [Object.prototype, null].includes(Object.getPrototypeOf(value))
  if (isMachinery(value) || (!plain && entries.length === 0)) {
    throw refusal(
      path,
      `${shown(value)}, which is no data`,
      "give back the numbers, texts or arrays that it holds"
    )
  }
  return record(entries)
}

const readArray = (found: Found): Effect.Effect<void, TransferError> =>
  found.kind === "array"
    ? Effect.map(inPhase("download", found.of.bytes), (bytes) => {
        found.bytes = bytes
        found.elements = decodeArray(found.of.dtype, bytes)
      })
    : Effect.void

/** Reads the named results of an experiment. Fails with their path where something is no result. */
export const readResults = (
  results: unknown
): Effect.Effect<ReadonlyArray<readonly [string, Found]>, TransferError | ResultError> =>
  Effect.gen(function* () {
    const arrays: Array<Found> = []
    const found = yield* Effect.try({
      try: () => {
        const whole = walk(results, "results", [], arrays)
        if (whole.kind !== "record") {
          const what = isDeviceArray(results) ? "array" : Array.isArray(results) ? "list" : typeof results
          const given =
            results === undefined || results === null
              ? String(results)
              : `${/^[ao]/.test(what) ? "an" : "a"} ${what}`
          throw refusal("results", `${given}, not a record`, "give each result a name: { total }")
        }
        return whole.entries
      },
      catch: (error) => {
        if (!(error instanceof ResultError)) throw error
        return error
      }
    })
    yield* Effect.forEach(arrays, readArray, { discard: true })
    return found
  })
