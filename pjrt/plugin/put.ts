import * as Effect from "effect/Effect"
import { type Aval, show } from "../../dsl/shape.ts"
import { enums } from "../../native/abi.gen.ts"
import { type Address, addressOf } from "../../native/ffi.ts"
import { HostMemory } from "../../native/memory.ts"
import { Args, Block } from "../../native/struct.ts"
import type { HostArray } from "../backend/backend.ts"
import type { OutOfMemory, RunError } from "../backend/errors.ts"
import { deviceClosed } from "../backend/failures.ts"
import { promptRank } from "../backend/prompt.ts"
import { PluginBuffer } from "./buffer.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { elementType } from "./element.ts"
import { callPinned, destroy } from "./handle.ts"
import { takeBack } from "./lend.ts"
import { failWith } from "./memory.ts"

type PutArgs = Args<"Client_BufferFromHostBuffer">
type Semantics = keyof typeof enums.HostBufferSemantics

/** What to make an array of, and where. */
interface Wanted {
  readonly client: Client
  readonly device: PjrtDevice
  readonly aval: Aval
}

const putArgs = (
  args: PutArgs,
  { client, device, aval }: Wanted,
  data: Address,
  dims: Block,
  semantics: Semantics
): PutArgs => {
  aval.shape.forEach((dim, i) => {
    dims.setWord(8 * i, dim)
  })
  return args
    .set("client", client.handle.pointer)
    .set("data", data)
    .setInt32("type", elementType[aval.dtype])
    .set("dims", dims.address)
    .set("num_dims", aval.shape.length)
    .setInt32("host_buffer_semantics", enums.HostBufferSemantics[semantics])
    .set("device", device.pointer)
}

const copied = (args: PutArgs, { client, device, aval }: Wanted): PluginBuffer => {
  const event = args.get("done_with_host_buffer")
  if (event !== 0) destroy(client.api, "Event_Destroy", event)
  return new PluginBuffer(client, device, args.get("buffer"), aval, { order: undefined })
}

/** A synchronous call uses these over and over. */
const promptPut: PutArgs = new Args("Client_BufferFromHostBuffer")
const promptDims = new Block(8 * promptRank)

const putNow = (wanted: Wanted, data: Address, semantics: Semantics): PutArgs => {
  putArgs(promptPut, wanted, data, promptDims, semantics)
  wanted.client.api.call(promptPut)
  return promptPut
}

/**
 * Copies an array to a device. A small array is copied before this returns. The memory of a large one is read on
 * another thread, and must not be written until the effect ends.
 */
export const putBuffer = (
  client: Client,
  device: PjrtDevice,
  array: HostArray
): Effect.Effect<PluginBuffer, OutOfMemory | RunError> =>
  Effect.suspend(() => {
    const { memory } = array
    if (client.handle.closed) {
      memory?.free()
      return Effect.fail(deviceClosed(device.name))
    }
    const wanted = { client, device, aval: array }
    // An empty array still needs an address.
    const source = array.bytes.length === 0 ? new Uint8Array(8) : array.bytes
    const { prompt, hostMemory } = client.traits
    const large = source.length > prompt.bytes
    if (array.shape.length > prompt.axes || (large && !hostMemory))
      return putElsewhere(wanted, source, memory)
    if (!large) return putHere(wanted, source, memory)
    if (memory !== undefined) return lend(memory, wanted)
    const made = HostMemory.allocate(source.length)
    return made === undefined ? putElsewhere(wanted, source) : putInto(made, wanted, source)
  })

const putHere = (wanted: Wanted, source: Uint8Array, memory: HostMemory | undefined) => {
  try {
    return Effect.succeed(copied(putNow(wanted, addressOf(source), onlyDuringCall), wanted))
  } catch (error) {
    return failed(wanted, error)
  } finally {
    memory?.free()
  }
}

const onlyDuringCall = "kImmutableOnlyDuringCall"

const failed = ({ client, device, aval }: Wanted, error: unknown) =>
  failWith(client, device, show(aval), error)

/** The plugin copies, on another thread; it reads on where the fiber is interrupted, and until then the memory is kept. */
const putElsewhere = (wanted: Wanted, source: Uint8Array, memory?: HostMemory) =>
  Effect.callback<PluginBuffer, OutOfMemory | RunError>((resume) => {
    let abandoned = false
    const dims = new Block(8 * wanted.aval.shape.length)
    const args: PutArgs = new Args("Client_BufferFromHostBuffer").hold(source).hold(dims)
    putArgs(args, wanted, addressOf(source), dims, onlyDuringCall)
    try {
      callPinned(wanted.client.api, args, [wanted.client.handle], (error) => {
        memory?.free()
        if (error !== undefined) return resume(failed(wanted, error))
        const buffer = copied(args, wanted)
        if (abandoned) buffer.release()
        else resume(Effect.succeed(buffer))
      })
    } catch (error) {
      memory?.free()
      return resume(failed(wanted, error))
    }
    return Effect.sync(() => {
      abandoned = true
    })
  })

/** Makes an array in this memory, which the array owns from then on. */
const lend = (memory: HostMemory, wanted: Wanted): Effect.Effect<PluginBuffer, OutOfMemory | RunError> => {
  const { client, device, aval } = wanted
  try {
    const args = putNow(wanted, memory.address, "kImmutableZeroCopy")
    const lent = { api: client.api, memory, done: args.get("done_with_host_buffer") }
    const destroyed = () => takeBack(lent)
    return Effect.succeed(
      new PluginBuffer(client, device, args.get("buffer"), aval, { order: undefined }, destroyed)
    )
  } catch (error) {
    memory.free()
    return failed(wanted, error)
  }
}

/**
 * A CPU's device memory is this process's own. The plugin would fault in pages one by one as it copies, which takes
 * longer than the copy. Our own memory has huge pages.
 */
const putInto = (memory: HostMemory, wanted: Wanted, source: Uint8Array) =>
  Effect.callback<PluginBuffer, OutOfMemory | RunError>((resume) => {
    let abandoned = false
    memory.fill(source, () => {
      const { client, device } = wanted
      if (!abandoned && !client.handle.closed) return resume(lend(memory, wanted))
      memory.free()
      resume(Effect.fail(deviceClosed(device.name)))
    })
    return Effect.sync(() => {
      abandoned = true
    })
  })
