import * as Effect from "effect/Effect"
import { Args, bytesBlock } from "../../native/struct.ts"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import type { PluginBuffer } from "../../pjrt/plugin/buffer.ts"
import { programStruct } from "../../pjrt/plugin/compile.ts"
import { hloModule } from "../../pjrt/plugin/hlo-module.ts"
import { compileOptions } from "../../pjrt/plugin/options.ts"
import { fieldsOf } from "../../pjrt/plugin/protobuf.ts"
import type { Verdict } from "./compiler-process.ts"
import { plugins } from "./plugins.ts"

/** Numbers of fields of xla/service/hlo.proto. */
const hlo = { computations: 3, instructions: 2, opcode: 2, target: 28 } as const

const children = (message: Uint8Array, field: number): ReadonlyArray<Uint8Array> =>
  fieldsOf(message).flatMap((each) => (each.field === field && each.bytes !== undefined ? [each.bytes] : []))

/** The opcodes of a module; those of custom calls with what they call. */
const opcodesOf = (module: Uint8Array): ReadonlyArray<string> =>
  children(module, hlo.computations)
    .flatMap((computation) => children(computation, hlo.instructions))
    .map((instruction) =>
      [...children(instruction, hlo.opcode), ...children(instruction, hlo.target)]
        .map((text) => Buffer.from(text).toString("latin1"))
        .join(" ")
    )

const serve = Effect.gen(function* () {
  const backend = yield* Backend
  const scope = yield* Effect.scope
  const buffer = (yield* backend.put(
    { dtype: "u8", shape: [1], bytes: new Uint8Array(1) },
    scope
  )) as PluginBuffer
  const { client, device } = buffer
  const compile = (code: Uint8Array | string): Verdict => {
    const counts = { replicas: 1, partitions: 1 }
    const args = new Args("Client_Compile")
      .set("client", client.handle.pointer)
      .point("program", programStruct(code))
      .fill(
        "compile_options",
        "compile_options_size",
        bytesBlock(compileOptions(counts, "shardy", {}, [device.id]))
      )
    try {
      client.api.call(args)
    } catch (error) {
      return { refused: (error as Error).message }
    }
    const loaded = args.get("executable")
    const got = new Args("LoadedExecutable_GetExecutable").set("loaded_executable", loaded)
    client.api.call(got)
    const module = hloModule(client.api, got.get("executable"))
    return { opcodes: module === undefined ? [] : opcodesOf(module) }
  }
  process.on("message", ({ code }: { code: Uint8Array | string }) => process.send!(compile(code)))
  return yield* Effect.never
})

await Effect.runPromise(
  Effect.scoped(serve).pipe(Effect.provide(Device.layer(`plugin:${plugins[0]!.path}`, { virtualDevices: 1 })))
)
