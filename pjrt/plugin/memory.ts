import * as Effect from "effect/Effect"
import { count } from "../../dsl/count.ts"
import { bytesOf, show } from "../../dsl/shape.ts"
import { PjrtError } from "../../native/errors.ts"
import { Args } from "../../native/struct.ts"
import type { DeviceMemory, HeldArray } from "../backend/backend.ts"
import { OutOfMemory, type RunError } from "../backend/errors.ts"
import { pjrtFailure, runError } from "../backend/failures.ts"
import { showBytes } from "../backend/size.ts"
import type { Client, PjrtDevice } from "./client.ts"

/** The arrays that something still holds on a device, largest first. */
const heldOn = (client: Client, device: PjrtDevice): ReadonlyArray<HeldArray> =>
  [...client.live]
    .filter((each) => each.device.pointer === device.pointer)
    .map(({ dtype, shape }) => ({ dtype, shape, bytes: bytesOf({ dtype, shape }) }))
    .sort((a, b) => b.bytes - a.bytes)

type Figures = Omit<DeviceMemory, "arrays">

const unknown: Figures = {
  inUse: undefined,
  peak: undefined,
  limit: undefined,
  largestFreeBlock: undefined
}

/** A plugin without its own allocator answers UNIMPLEMENTED. One that knows some of the figures marks which. */
const figuresOf = (client: Client, device: PjrtDevice): Figures => {
  const args = new Args("Device_MemoryStats").set("device", device.pointer)
  try {
    client.api.call(args)
  } catch (error) {
    if (error instanceof PjrtError) return unknown
    throw error
  }
  return {
    inUse: args.get("bytes_in_use"),
    peak: args.getByte("peak_bytes_in_use_is_set") ? args.get("peak_bytes_in_use") : undefined,
    limit: args.getByte("bytes_limit_is_set") ? args.get("bytes_limit") : undefined,
    largestFreeBlock: args.getByte("largest_free_block_bytes_is_set")
      ? args.get("largest_free_block_bytes")
      : undefined
  }
}

export const deviceMemory = (client: Client, device: PjrtDevice): DeviceMemory => ({
  ...figuresOf(client, device),
  arrays: heldOn(client, device)
})

/** How many arrays a message about full memory names. */
const named = 5

/** Describes what is in use on a device, and by what. */
export const describeMemory = ({ inUse, limit, arrays }: DeviceMemory): string => {
  const total = arrays.reduce((sum, { bytes }) => sum + bytes, 0)
  const counts = new Map<string, { count: number; bytes: number }>()
  for (const array of arrays) {
    const known = counts.get(show(array)) ?? { count: 0, bytes: 0 }
    counts.set(show(array), { count: known.count + 1, bytes: known.bytes + array.bytes })
  }
  const largest = [...counts].sort((a, b) => b[1].bytes - a[1].bytes)
  const names = largest
    .slice(0, named)
    .map(([name, { count, bytes }]) => `${count === 1 ? "" : `${count} of `}${name} (${showBytes(bytes)})`)
  const more = largest.length > named ? `, and ${largest.length - named} other shapes` : ""
  const held =
    arrays.length === 0
      ? "no arrays are held here"
      : `${count(arrays.length, "array")} ${arrays.length === 1 ? "holds" : "hold"} ${showBytes(total)}: ${names.join(", ")}${more}`
  const figures =
    inUse === undefined
      ? ""
      : `; ${showBytes(inUse)} are in use${limit === undefined ? "" : ` of ${showBytes(limit)}`}`
  return held + figures
}

/** Where the failure of a run reaches a result's event, plugins wrap it in one of another code. */
const outOfMemory = ({ code, message }: PjrtError): boolean =>
  code === "RESOURCE_EXHAUSTED" || /RESOURCE_EXHAUSTED|Out of memory allocating/.test(message)

/** A plugin's failure while running or moving data; where memory is short, with what was asked and what holds it. */
export const deviceFailure = (
  client: Client,
  device: PjrtDevice,
  asked: string,
  error: PjrtError
): OutOfMemory | RunError => {
  if (!outOfMemory(error)) return runError(error)
  return new OutOfMemory({
    message: `${device.name} has no memory for ${asked}: ${error.message}`,
    held: describeMemory(deviceMemory(client, device)),
    hint: "use smaller arrays, or release results that are no longer needed (end their scope)"
  })
}

/** A typed failure of what a call into the plugin threw. */
export const failWith = (
  client: Client,
  device: PjrtDevice,
  asked: string,
  thrown: unknown
): Effect.Effect<never, OutOfMemory | RunError> =>
  Effect.mapError(pjrtFailure(thrown), (error) => deviceFailure(client, device, asked, error))
