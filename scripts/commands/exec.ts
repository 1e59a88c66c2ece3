import { constants } from "node:buffer"
import { getHeapStatistics } from "node:v8"
import * as Effect from "effect/Effect"
import { count } from "../../dsl/count.ts"
import { kindOf } from "../../dsl/dtype.ts"
import { type Aval, sameAval, show, sizeOf } from "../../dsl/shape.ts"
import { decodeArray } from "../../pjrt/array/host.ts"
import { arrayJson, jsonText, labelled, nest, showNested } from "../../pjrt/array/layout.ts"
import { Backend, type DeviceInfo, type Executable, type HostArray } from "../../pjrt/backend/backend.ts"
import { CompileError } from "../../pjrt/backend/errors.ts"
import { inPhase } from "../../pjrt/backend/spans.ts"
import type { UsageError } from "../../pjrt/cli/errors.ts"
import { deviceFlags, type FlagValues, flag, type outputFlags } from "../../pjrt/cli/flags.ts"
import { holdsPlugin, openDevice } from "../../pjrt/cli/main.ts"
import { loadCompiled } from "../../pjrt/device/targets/load.ts"
import { isCompiled, sourceOfHeader } from "../../pjrt/formats/compiled.ts"
import { NpyError, readNpy } from "../../pjrt/formats/npy.ts"
import { writeNpz } from "../../pjrt/formats/npz.ts"
import { countsOf } from "../../pjrt/module/device-counts.ts"
import { makeCommand } from "../command.ts"
import { readFile, sayFile, sourceOfFile, usage } from "../program-file.ts"
import { type Known, type Replica, runProgram } from "../run-program.ts"
import { writeOutput } from "../write-output.ts"

const flags = {
  input: flag.strings("an argument of @main, in order: a NumPy .npy file; may be repeated"),
  output: flag.string(undefined, "write the results to this NumPy .npz file"),
  ...deviceFlags,
  isolate: flag.boolean(
    "hold the plugin in a process of its own, as is done unless --in-process says otherwise"
  ),
  "in-process": flag.boolean("hold the plugin in this process, which a program that crashes it then ends")
}

const commandUsage = `loopcarry exec FILE.mlir: compile and run a StableHLO module's @main

The plugin lives in a process of its own, for compilers crash of some programs: that is then an error like any other.

FILE holds StableHLO as text, as MLIR bytecode or as a portable artifact, or is a program that jax.export has
serialized, or one that loopcarry compile has compiled for the device.

A program of several partitions (mhlo.num_partitions, a mesh) runs on as many devices, from the one that is named on:
inputs are whole arrays, and so are the results. Of several replicas (mhlo.num_replicas) each is given all inputs, or its
own where there are as many times more, the first replica's first. A CPU can be split: --virtual-devices N.
With several replicas, --json has "replicas": [{"device", "outputs"}, ...] in place of "outputs", and --output names
results replica0_arr_0, replica0_arr_1, ..., replica1_arr_0, ...`

const readInput = (file: string): Effect.Effect<HostArray, UsageError> =>
  Effect.flatMap(readFile(file), (bytes) =>
    Effect.try({
      try: () => readNpy(bytes),
      catch: (error) => {
        if (!(error instanceof NpyError)) throw error
        return usage(
          `${file}: ${error.message}`,
          "inputs are .npy files, as numpy.save writes them; of an .npz file, save each array as one"
        )
      }
    })
  )

const requireInputs = (
  wanted: ReadonlyArray<Aval> | undefined,
  given: ReadonlyArray<HostArray>,
  files: ReadonlyArray<string>,
  replicas: number
): Effect.Effect<void, UsageError> => {
  if (wanted === undefined) return Effect.void
  if (given.length !== wanted.length && given.length !== wanted.length * replicas) {
    return Effect.fail(
      usage(
        `@main takes ${count(wanted.length, "input")} (${wanted.map(show).join(", ") || "none"}), but ${given.length} ${given.length === 1 ? "is" : "are"} given`,
        replicas === 1
          ? "give one --input for each, in order"
          : `give one --input for each, in order, or ${wanted.length * replicas}: those of each of the ${replicas} replicas`
      )
    )
  }
  const wrong = given.findIndex((array, i) => !sameAval(array, wanted[i % wanted.length]!))
  if (wrong < 0) return Effect.void
  return Effect.fail(
    usage(
      `${files[wrong]} holds ${show(given[wrong]!)}, but @main takes ${show(wanted[wrong % wanted.length]!)} there`,
      "save it again with that dtype and shape"
    )
  )
}

const writeOutputs = (file: string, replicas: ReadonlyArray<Replica>): Effect.Effect<void, UsageError> =>
  writeOutput(file, "--output", () =>
    writeNpz(
      Object.fromEntries(
        replicas.flatMap(({ outputs }, replica) =>
          outputs.map((output, i) => [`${replicas.length === 1 ? "" : `replica${replica}_`}arr_${i}`, output])
        )
      )
    )
  )

const named = ({ platform, id, kind }: DeviceInfo) => ({ platform, id, kind })

const outputsJson = ({ outputs }: Replica) =>
  outputs.map(({ dtype, shape, bytes }) => arrayJson(dtype, shape, decodeArray(dtype, bytes)))

const printOutputs = ({ outputs }: Replica): void => {
  const width = Math.max(0, ...outputs.map((output) => show(output).length))
  for (const output of outputs) {
    const array = decodeArray(output.dtype, output.bytes)
    const lines = showNested(nest(output.dtype, output.shape, array))
    process.stdout.write(`${labelled(show(output), lines.length === 0 ? ["[]"] : lines, width)}\n`)
  }
}

const print = (device: DeviceInfo, replicas: ReadonlyArray<Replica>, json: boolean): void => {
  const [first] = replicas
  if (json) {
    const given =
      replicas.length === 1
        ? { outputs: outputsJson(first!) }
        : {
            replicas: replicas.map((one) => ({ device: named(one.device), outputs: outputsJson(one) }))
          }
    process.stdout.write(`${jsonText({ device: named(device), ...given })}\n`)
    return
  }
  for (const [i, replica] of replicas.entries()) {
    if (replicas.length > 1) process.stdout.write(`replica ${i}, on ${replica.device.name}\n`)
    printOutputs(replica)
  }
}

/** What a result takes here on its way to becoming text, in bytes of V8's heap for an element: generous estimates. */
const textBytes = { json: 40, rows: 100 } as const

/** V8 has no string of more characters, and an element takes two at least. */
const mostElements = constants.MAX_STRING_LENGTH / 2

const isTooLarge = (replicas: ReadonlyArray<Replica>, json: boolean): boolean => {
  const elements = replicas
    .flatMap(({ outputs }) => outputs)
    .reduce((sum, { dtype, shape }) => sum + sizeOf(shape) * (kindOf(dtype) === "complex" ? 2 : 1), 0)
  const heap = getHeapStatistics().heap_size_limit
  return elements > mostElements || elements * (json ? textBytes.json : textBytes.rows) > 0.8 * heap
}

const tooLarge = (): UsageError =>
  usage("the results are too large to be printed", "write them to a file: --output FILE.npz")

/** Prints the results, unless they are too large for that: then a file must have them. */
const printOrRefuse = (
  device: DeviceInfo,
  replicas: ReadonlyArray<Replica>,
  { json, output }: Pick<Values & FlagValues<typeof outputFlags>, "json" | "output">
): Effect.Effect<void, UsageError> =>
  Effect.suspend(() => {
    try {
      if (!isTooLarge(replicas, json)) {
        print(device, replicas, json)
        return Effect.void
      }
    } catch (error) {
      // "Invalid string length": V8 has none that long.
      if (!(error instanceof RangeError)) throw error
    }
    if (output === undefined || json) return Effect.fail(tooLarge())
    process.stderr.write(`the results are too large to be printed, and are in ${output}\n`)
    return Effect.void
  })

type Values = FlagValues<typeof flags>

interface Ready {
  readonly backend: Backend["Service"]
  readonly executable: Executable
  readonly known: Known
}

/** Foreign programs crash plugins, so by default the plugin runs in a child process. */
const openFor = (values: Values): ReturnType<typeof openDevice> =>
  Effect.suspend(() => {
    if (values.isolate && values["in-process"])
      return Effect.fail(usage("--isolate and --in-process contradict each other", "leave one of them out"))
    return openDevice({ ...values, isolate: !values["in-process"] && holdsPlugin(values.device) })
  })

/** Inputs are checked before a device is opened, where the program says what they must be. */
const compileNow = (values: Values, file: string, bytes: Uint8Array, inputs: ReadonlyArray<HostArray>) =>
  Effect.gen(function* () {
    const source = yield* sourceOfFile(file, bytes)
    const counts = countsOf(source)
    if (counts instanceof CompileError) return yield* sayFile(file)(counts)
    yield* requireInputs(source.inputs, inputs, values.input, counts.replicas)
    const backend = yield* openFor(values)
    const executable = yield* inPhase("compile", backend.compile(source)).pipe(Effect.mapError(sayFile(file)))
    return { backend, executable, known: source } satisfies Ready
  })

const loadAhead = (values: Values, bytes: Uint8Array, inputs: ReadonlyArray<HostArray>) =>
  Effect.gen(function* () {
    if (values.xla.length > 0) {
      return yield* usage(
        "--xla is for the compiler, and this program is compiled",
        "give it to loopcarry compile"
      )
    }
    const backend = yield* openFor(values)
    const { header, executable } = yield* Effect.provideService(loadCompiled(bytes), Backend, backend)
    const known = sourceOfHeader(header)
    yield* requireInputs(known.inputs, inputs, values.input, executable.replicas)
    return { backend, executable, known } satisfies Ready
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
      const { backend, executable, known } = isCompiled(bytes)
        ? yield* loadAhead(values, bytes, inputs)
        : yield* compileNow(values, file, bytes, inputs)
      if (known.inputs === undefined && executable.devices.length === executable.replicas)
        yield* requireInputs(executable.inputs, inputs, values.input, executable.replicas)
      const replicas = yield* runProgram(backend, executable, known, inputs)
      if (values.output !== undefined) yield* writeOutputs(values.output, replicas)
      yield* printOrRefuse(backend.device, replicas, values)
    }).pipe(Effect.scoped)
})
