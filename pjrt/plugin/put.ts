import * as Effect from "effect/Effect"
import { type Aval, show } from "../../dsl/shape.ts"
import { enums } from "../../native/abi.gen.ts"
import { addressOf } from "../../native/ffi.ts"
import { Args, Block } from "../../native/struct.ts"
import type { HostArray } from "../Backend.ts"
import { deviceClosed, type OutOfMemory, type RunError } from "../errors.ts"
import { DeviceBuffer, promptBytes } from "./buffer.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { elementType } from "./element.ts"
import { callPinned, destroy } from "./handle.ts"
import { deviceFailure, failWith } from "./memory.ts"

/** Fills in what to copy where. */
const putArgs = (
  args: Args<"Client_BufferFromHostBuffer">,
  client: Client,
  device: PjrtDevice,
  source: Uint8Array,
  aval: Aval,
  dims: Block
): Args<"Client_BufferFromHostBuffer"> => {
  aval.shape.forEach((dim, i) => {
    dims.setWord(8 * i, dim)
  })
  return args
    .set("client", client.handle.pointer)
    .set("data", addressOf(source))
    .setInt32("type", elementType[aval.dtype])
    .set("dims", dims.address)
    .set("num_dims", aval.shape.length)
    .setInt32("host_buffer_semantics", enums.HostBufferSemantics.kImmutableOnlyDuringCall)
    .set("device", device.pointer)
}

const putDone = (
  args: Args<"Client_BufferFromHostBuffer">,
  client: Client,
  device: PjrtDevice,
  aval: Aval
) => {
  const event = args.get("done_with_host_buffer")
  if (event !== 0) destroy(client.api, "Event_Destroy", event)
  return new DeviceBuffer(client, device, args.get("buffer"), aval, { order: undefined })
}

/** A synchronous copy uses these over and over. No array has more axes than XLA's own limit allows here. */
const promptPut = new Args("Client_BufferFromHostBuffer")
const maxRank = 64
const promptDims = new Block(8 * maxRank)

/**
 * Copies an array to a device. A small one is copied before this returns; the memory of a large one is read on
 * another thread, and must not be written until the effect ends.
 */
export const putBuffer = (
  client: Client,
  device: PjrtDevice,
  array: HostArray
): Effect.Effect<DeviceBuffer, OutOfMemory | RunError> =>
  Effect.suspend(() => {
    if (client.handle.closed) return Effect.fail(deviceClosed(device.name))
    // An empty array still needs an address.
    const source = array.bytes.length === 0 ? new Uint8Array(8) : array.bytes
    try {
      if (source.length <= promptBytes && array.shape.length <= maxRank) {
        client.api.call(putArgs(promptPut, client, device, source, array, promptDims))
        return Effect.succeed(putDone(promptPut, client, device, array))
      }
      return putElsewhere(client, device, source, array)
    } catch (error) {
      return failWith(client, device, show(array), error)
    }
  })

const putElsewhere = (client: Client, device: PjrtDevice, source: Uint8Array, aval: Aval) =>
  Effect.callback<DeviceBuffer, OutOfMemory | RunError>((resume) => {
    let abandoned = false
    const dims = new Block(8 * aval.shape.length)
    const args = new Args("Client_BufferFromHostBuffer").hold(source).hold(dims)
    callPinned(client.api, putArgs(args, client, device, source, aval, dims), [client.handle], (error) => {
      if (error !== undefined) return resume(Effect.fail(deviceFailure(client, device, show(aval), error)))
      const buffer = putDone(args, client, device, aval)
      if (abandoned) buffer.release()
      else resume(Effect.succeed(buffer))
    })
    return Effect.sync(() => {
      abandoned = true
    })
  })
