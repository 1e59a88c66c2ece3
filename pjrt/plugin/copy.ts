import * as Effect from "effect/Effect"
import { show } from "../../dsl/shape.ts"
import { Args } from "../../native/struct.ts"
import type { OutOfMemory, RunError } from "../backend/errors.ts"
import { deviceClosed } from "../backend/failures.ts"
import { PluginBuffer } from "./buffer.ts"
import type { PjrtDevice } from "./client.ts"
import { callPinned } from "./handle.ts"
import { deviceFailure } from "./memory.ts"

/** Copies an array to another device of its client. */
export const copyBuffer = (
  buffer: PluginBuffer,
  device: PjrtDevice
): Effect.Effect<PluginBuffer, OutOfMemory | RunError> => {
  const { client } = buffer
  return Effect.callback<PluginBuffer, OutOfMemory | RunError>((resume) => {
    if (client.handle.closed) return resume(Effect.fail(deviceClosed(device.name)))
    let abandoned = false
    const args = new Args("Buffer_CopyToDevice")
      .set("buffer", buffer.handle.pointer)
      .set("dst_device", device.pointer)
    callPinned(client.api, args, [client.handle, buffer.handle], (error) => {
      if (error !== undefined) return resume(Effect.fail(deviceFailure(client, device, show(buffer), error)))
      const copied = new PluginBuffer(client, device, args.get("dst_buffer"), buffer, { order: undefined })
      if (abandoned) copied.release()
      else resume(Effect.succeed(copied))
    })
    return Effect.sync(() => {
      abandoned = true
    })
  })
}
