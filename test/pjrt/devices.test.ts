import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Backend, type DeviceInfo } from "../../pjrt/backend/backend.ts"
import { onPlugins, onProcess, onReference, onRemote } from "../support/backends.ts"
import { failure } from "../support/run.ts"

/** Devices of others, some of them with a number that is a device's here too. */
const strange: ReadonlyArray<DeviceInfo> = [
  { id: 0, name: "tpu:0", platform: "tpu", kind: "of another machine" },
  { id: 7, name: "cpu:7", platform: "cpu", kind: "none there is" }
]

describe.each([onPlugins[0]!, onRemote, onProcess, onReference])(
  "a device of another backend, on $on",
  ({ open }) => {
    const run = open()

    it.each(strange.map((one) => [one.name, one] as const))("%s is not taken for an own", (_, wanted) =>
      run(
        Effect.gen(function* () {
          const backend = yield* Backend
          const scope = yield* Effect.scope
          const array = { dtype: "u8", shape: [4], bytes: Uint8Array.of(1, 2, 3, 4) } as const
          const refused = {
            _tag: "ArgumentError",
            path: "device",
            message: `${wanted.name} does not belong to the client of ${backend.device.name}`
          }
          expect(yield* failure(backend.put(array, scope, wanted))).toMatchObject(refused)
          expect(yield* failure(backend.memory(wanted))).toMatchObject(refused)
          const x = yield* backend.put(array, scope)
          expect(yield* failure(backend.copy(x, wanted, scope))).toMatchObject(refused)
          const copied = yield* backend.copy(x, backend.device, scope)
          expect(yield* copied.bytes).toEqual(array.bytes)
        })
      )
    )
  }
)
