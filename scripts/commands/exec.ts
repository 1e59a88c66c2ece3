import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { type Aval, sameAval, show } from "../../dsl/shape.ts"
import { Backend, type Buffer as DeviceBuffer, type HostArray } from "../../pjrt/Backend.ts"
import type { UsageError } from "../../pjrt/cli/errors.ts"
import { deviceFlags, type FlagValues, flag } from "../../pjrt/cli/flags.ts"
import { arrayJson, jsonText, labelled, nest, showNested } from "../../pjrt/cli/layout.ts"
import { openDevice } from "../../pjrt/cli/main.ts"
import { isCompiled } from "../../pjrt/formats/compiled.ts"
import { NpyError, readNpy } from "../../pjrt/formats/npy.ts"
import { writeNpz } from "../../pjrt/formats/npz.ts"
import { decodeArray } from "../../pjrt/host.ts"
import { inPhase } from "../../pjrt/spans.ts"
import { loadCompiled } from "../../pjrt/targets/load.ts"
import { makeCommand } from "../command.ts"
import { readFile, sayFile, sourceOfFile, usage } from "../program-file.ts"
import { writeOutput } from "../write-output.ts"

const flags = {
  input: flag.strings("an argument of @main, in order: a NumPy .npy file; may be repeated"),
  output: flag.string(undefined, "write the results to this NumPy .npz file"),
  ...deviceFlags
}

const commandUsage = `loopcarry exec FILE.mlir: compile and run a StableHLO module's @main

FILE holds StableHLO as text, as MLIR bytecode or as a portable artifact, or is a program that jax.export has
serialized for one device, or one that loopcarry compile has compiled for the device.`

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

const writeOutputs = (file: string, outputs: ReadonlyArray<HostArray>): Effect.Effect<void, UsageError> =>
  writeOutput(file, "--output", () =>
    writeNpz(Object.fromEntries(outputs.map((output, i) => [`arr_${i}`, output])))
  )

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
    process.stdout.write(`${jsonText(document)}\n`)
    return
  }
  const width = Math.max(0, ...arrays.map((output) => show(output).length))
  for (const output of arrays) {
    const lines = showNested(nest(output.dtype, output.shape, output.array))
    process.stdout.write(`${labelled(show(output), lines.length === 0 ? ["[]"] : lines, width)}\n`)
  }
}

type Values = FlagValues<typeof flags>

/** Inputs are checked before a device is opened, where the program says what they must be. */
const compileNow = (values: Values, file: string, bytes: Uint8Array, inputs: ReadonlyArray<HostArray>) =>
  Effect.gen(function* () {
    const source = yield* sourceOfFile(file, bytes)
    yield* requireInputs(source.inputs, inputs, values.input)
    const backend = yield* openDevice(values)
    const executable = yield* inPhase("compile", backend.compile(source)).pipe(Effect.mapError(sayFile(file)))
    return { backend, executable }
  })

const loadAhead = (values: Values, bytes: Uint8Array) =>
  Effect.gen(function* () {
    const backend = yield* openDevice(values)
    const { executable } = yield* Effect.provideService(loadCompiled(bytes), Backend, backend)
    return { backend, executable }
  })

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 1,
  run: (values, [file]) =>
    Effect.gen(function* () {
      if (file === undefined)
        return yield* usage("say which file to run", "loopcarry exec FILE.mlir [--input a.npy]")
      const bytes = yield* readFile(file)
      const inputs = yield* Effect.forEach(values.input, readInput)
      const { backend, executable } = isCompiled(bytes)
        ? yield* loadAhead(values, bytes)
        : yield* compileNow(values, file, bytes, inputs)
      yield* requireInputs(executable.inputs, inputs, values.input)
      if (executable.devices.length > 1) {
        return yield* usage(
          `${file} is a program for ${executable.devices.length} devices, each with its part of the arrays`,
          "run it from a script, with jit and a mesh"
        )
      }
      const scope = yield* Scope.Scope
      const args = yield* Effect.forEach(inputs, (input) => inPhase("upload", backend.put(input, scope)))
      const results = yield* inPhase("run", executable.run(args, scope))
      const outputs = yield* inPhase("download", Effect.forEach(results, readOutput))
      if (values.output !== undefined) yield* writeOutputs(values.output, outputs)
      print(backend, outputs, values.json)
    }).pipe(Effect.scoped)
})
