import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { type Aval, sameAval, show } from "../../dsl/shape.ts"
import type { Backend, Buffer as DeviceBuffer, HostArray, ProgramSource } from "../../pjrt/Backend.ts"
import { UsageError } from "../../pjrt/cli/errors.ts"
import { deviceFlags, flag } from "../../pjrt/cli/flags.ts"
import { arrayJson, labelled, nest, showNested } from "../../pjrt/cli/layout.ts"
import { openDevice } from "../../pjrt/cli/main.ts"
import type { CompileFailure } from "../../pjrt/errors.ts"
import { JaxExportError, readJaxExport } from "../../pjrt/formats/jax-export.ts"
import { NpyError, readNpy } from "../../pjrt/formats/npy.ts"
import { writeNpz } from "../../pjrt/formats/npz.ts"
import { decodeArray } from "../../pjrt/host.ts"
import { mainInputs } from "../../pjrt/signature.ts"
import { makeCommand } from "../command.ts"

const flags = {
  input: flag.strings("an argument of @main, in order: a NumPy .npy file; may be repeated"),
  output: flag.string(undefined, "write the results to this NumPy .npz file"),
  ...deviceFlags
}

const commandUsage = `loopcarry exec FILE.mlir: compile and run a StableHLO module's @main

FILE holds StableHLO as text, as MLIR bytecode or as a portable artifact, or is a program that jax.export has
serialized for one device.`

const usage = (message: string, hint: string) => new UsageError({ message, hint })

const readFile = (file: string): Effect.Effect<Uint8Array, UsageError> =>
  Effect.try({
    try: () => readFileSync(file),
    catch: (error) => usage(`${file} cannot be read: ${(error as Error).message}`, "check the path")
  })

const readInput = (file: string): Effect.Effect<HostArray, UsageError> =>
  Effect.flatMap(readFile(file), (bytes) =>
    Effect.try({
      try: () => readNpy(bytes),
      catch: (error) => {
        if (!(error instanceof NpyError)) throw error
        return usage(`${file}: ${error.message}`, "inputs are .npy files, as numpy.save writes them")
      }
    })
  )

/** MLIR bytecode begins with these four bytes; anything else is text. */
const isBytecode = (bytes: Uint8Array): boolean =>
  [0x4d, 0x4c, 0xef, 0x52].every((byte, i) => bytes[i] === byte)

/** Text holds no zero bytes; a program of jax.export, a flatbuffer, always does. */
const isText = (bytes: Uint8Array): boolean => !bytes.subarray(0, 4096).includes(0)

const sourceOf = (file: string, bytes: Uint8Array): Effect.Effect<ProgramSource, UsageError> =>
  Effect.try({
    try: () => {
      if (isBytecode(bytes)) return { code: bytes }
      if (isText(bytes)) {
        const code = new TextDecoder().decode(bytes)
        return { code, inputs: mainInputs(code) }
      }
      const { module, inputs } = readJaxExport(bytes)
      return { code: module, inputs }
    },
    catch: (error) => {
      if (!(error instanceof JaxExportError)) throw error
      return usage(
        `${file}: ${error.message}`,
        "FILE is StableHLO, or what jax.export has serialized for one device"
      )
    }
  })

const requireInputs = (
  wanted: ReadonlyArray<Aval> | undefined,
  given: ReadonlyArray<HostArray>,
  files: ReadonlyArray<string>
): Effect.Effect<void, UsageError> => {
  if (wanted === undefined) return Effect.void
  if (wanted.length !== given.length) {
    return Effect.fail(
      usage(
        `@main takes ${wanted.length} inputs (${wanted.map(show).join(", ") || "none"}), but ${given.length} are given`,
        "give one --input for each, in order"
      )
    )
  }
  const wrong = given.findIndex((array, i) => !sameAval(array, wanted[i]!))
  if (wrong < 0) return Effect.void
  return Effect.fail(
    usage(
      `${files[wrong]} holds ${show(given[wrong]!)}, but @main takes ${show(wanted[wrong]!)} there`,
      "save it again with that dtype and shape"
    )
  )
}

/** What has a place in the text, its parser refused: an unreadable input. The rest is a program that failed. */
const sayFile = (file: string) => (error: CompileFailure) => {
  if (error._tag !== "CompileError") return error
  const place = error.line === undefined ? file : `${file}:${error.line}:${error.column}`
  const message = `${place}: ${error.message}`
  return error.line !== undefined ? usage(message, error.hint) : Object.assign(error, { message })
}

/** Writes beside the target and renames, so that a failure leaves no half-written file. */
const writeOutput = (file: string, outputs: ReadonlyArray<HostArray>): Effect.Effect<void, UsageError> =>
  Effect.try({
    try: () => {
      const arrays = Object.fromEntries(outputs.map((output, i) => [`arr_${i}`, output]))
      mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
      const partial = `${file}.${process.pid}.partial`
      writeFileSync(partial, writeNpz(arrays))
      renameSync(partial, file)
    },
    catch: (error) =>
      usage(`${file} cannot be written: ${(error as Error).message}`, "give --output another path")
  })

const readOutput = (buffer: DeviceBuffer) =>
  Effect.map(buffer.bytes, (bytes) => ({ dtype: buffer.dtype, shape: buffer.shape, bytes }))

const print = (
  backend: Backend["Service"],
  outputs: ReadonlyArray<HostArray & { bytes: Uint8Array<ArrayBuffer> }>,
  json: boolean
): void => {
  const arrays = outputs.map((output) => ({ ...output, array: decodeArray(output.dtype, output.bytes) }))
  if (json) {
    const { platform, id, kind } = backend.device
    const document = {
      device: { platform, id, kind },
      outputs: arrays.map(({ dtype, shape, array }) => arrayJson(dtype, shape, array))
    }
    process.stdout.write(`${JSON.stringify(document)}\n`)
    return
  }
  const width = Math.max(0, ...arrays.map((output) => show(output).length))
  for (const output of arrays) {
    const lines = showNested(nest(output.dtype, output.shape, output.array))
    process.stdout.write(`${labelled(show(output), lines.length === 0 ? ["[]"] : lines, width)}\n`)
  }
}

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 1,
  run: (values, [file]) =>
    Effect.gen(function* () {
      if (file === undefined)
        return yield* usage("say which file to run", "loopcarry exec FILE.mlir [--input a.npy]")
      const source = yield* sourceOf(file, yield* readFile(file))
      const inputs = yield* Effect.forEach(values.input, readInput)
      yield* requireInputs(source.inputs, inputs, values.input)
      const backend = yield* openDevice(values)
      const executable = yield* backend.compile(source).pipe(Effect.mapError(sayFile(file)))
      const scope = yield* Scope.Scope
      const args = yield* Effect.forEach(inputs, (input) => backend.put(input, scope))
      const results = yield* executable.run(args, scope)
      const outputs = yield* Effect.forEach(results, readOutput)
      if (values.output !== undefined) yield* writeOutput(values.output, outputs)
      print(backend, outputs, values.json)
    }).pipe(Effect.scoped)
})
