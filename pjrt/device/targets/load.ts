import * as Effect from "effect/Effect"
import { shown } from "../../../dsl/required.ts"
import { Backend, type Executable, type Identity } from "../../backend/backend.ts"
import { CompileError, type CompileFailure, DeviceUnavailable } from "../../backend/errors.ts"
import {
  CompiledFileError,
  type CompiledHeader,
  readCompiled,
  sourceOfHeader
} from "../../formats/compiled.ts"

/** Why a compiled program cannot run where it is loaded, or undefined where it can. */
const misfit = (header: CompiledHeader, here: Identity): string | undefined => {
  if (header.platform !== here.platform)
    return `it was compiled for ${header.target}, but the device is ${here.platform}`
  if (header.plugin !== here.plugin) {
    const short = (sha256: string) => sha256.slice(0, 12)
    return `it was compiled by another build of the ${here.platform} plugin: ${short(header.plugin)}, ${header.version}; this one is ${short(here.plugin)}, ${here.version}`
  }
  if (header.cpu !== here.cpu) return "it was compiled for another processor"
  return undefined
}

/**
 * Loads what `compileFor` or `loopcarry compile` wrote, on the backend's device. A program of another plugin build,
 * processor or device is refused before the plugin sees it. The effect fails with a `CompileError` for damaged bytes,
 * and `DeviceUnavailable` for a program of other hardware.
 *
 * @example
 * const { file } = yield* compileFor(jit([f32(3)], (x) => mul(x, 2)), "cpu")
 * const loaded = yield* Effect.provide(loadCompiled(file), Device.layer("cpu"))
 * loaded.executable.outputs.map(({ shape }) => shape) // [[3]]
 */
export const loadCompiled = (
  bytes: Uint8Array
): Effect.Effect<
  { readonly header: CompiledHeader; readonly executable: Executable },
  CompileFailure,
  Backend
> =>
  Effect.gen(function* () {
    const backend = yield* Backend
    if (!ArrayBuffer.isView(bytes))
      return yield* new CompileError({
        code: "INVALID_ARGUMENT",
        message: `loadCompiled: it is given ${shown(bytes)}, not bytes`,
        hint: "read the file that compileFor or loopcarry compile wrote"
      })
    const { header, program } = yield* Effect.try({
      try: () => readCompiled(bytes),
      catch: (error) => {
        if (!(error instanceof CompiledFileError)) throw error
        return new CompileError({
          code: "DATA_LOSS",
          message: error.message,
          hint: "compile it again with: loopcarry compile"
        })
      }
    })
    const why = misfit(header, yield* backend.identity)
    if (why !== undefined) {
      return yield* new DeviceUnavailable({
        device: backend.device.name,
        message: `this compiled program does not fit ${backend.device.name}: ${why}`,
        hint: "compile it for this device with: loopcarry compile, or run it on the device it was compiled for"
      })
    }
    return { header, executable: yield* backend.load(program, sourceOfHeader(header)) }
  })
