import path from "node:path"
import * as Effect from "effect/Effect"
import { show } from "../../dsl/shape.ts"
import { devicesOf } from "../../pjrt/backend/partition.ts"
import { showBytes } from "../../pjrt/backend/size.ts"
import { deviceFlags, flag, passFlags } from "../../pjrt/cli/flags.ts"
import { passesFlag, xlaFlag } from "../../pjrt/cli/main.ts"
import { writeOut } from "../../pjrt/cli/output.ts"
import { progressLine } from "../../pjrt/cli/progress.ts"
import { table } from "../../pjrt/cli/table.ts"
import { type Compilable, type CompiledProgram, compileFor } from "../../pjrt/device/targets/compile-for.ts"
import { showPasses } from "../../pjrt/formats/compiled.ts"
import { knownTargets, parseTarget, targetSyntax } from "../../pjrt/platforms/targets.ts"
import { makeCommand } from "../command.ts"
import { isScript, jittedOfScript, readFile, sayFile, sourceOfFile, usage } from "../program-file.ts"
import { writeOutput } from "../write-output.ts"

const flags = {
  target: flag.strings(`${targetSyntax}; may be repeated, for a report side by side`),
  output: {
    ...flag.string(undefined, "write the compiled program to this file; a folder for several targets"),
    short: "o"
  },
  export: flag.string(undefined, "which exported function of a script, where there are several"),
  plugin: flag.string(undefined, "the plugin's shared library, in place of the one that is found"),
  offline: deviceFlags.offline,
  xla: deviceFlags.xla,
  ...passFlags
} as const

const commandUsage = `loopcarry compile FILE --target T: compile for hardware that need not be here

FILE is StableHLO, a program that jax.export has serialized, or a script that exports a jitted function.
T is one of ${knownTargets.join(", ")}, or another topology of a TPU generation named there.
What it writes runs on that hardware with: loopcarry exec`

const programOf = (file: string, name: string | undefined): Effect.Effect<Compilable, unknown> =>
  isScript(file)
    ? Effect.map(jittedOfScript(file, name), ({ jitted }) => jitted)
    : Effect.flatMap(readFile(file), (bytes) => sourceOfFile(file, bytes))

const count = (value: number | undefined): string =>
  value === undefined ? "not told" : value.toLocaleString("en-US")
const size = (value: number | undefined): string => (value === undefined ? "not told" : showBytes(value))

/** The lines of the report, and what each says of a program. */
const lines: ReadonlyArray<readonly [string, (program: CompiledProgram) => string]> = [
  ["device", ({ kind, header }) => `${devicesOf(header.counts)} x ${kind}`],
  ["compiled in", ({ milliseconds }) => `${Math.round(milliseconds)} ms`],
  ["file", ({ file }) => showBytes(file.length)],
  ["code", ({ analysis }) => size(analysis.codeBytes ?? (analysis.memory?.code || undefined))],
  ["arguments", ({ analysis }) => size(analysis.memory?.arguments)],
  ["outputs", ({ analysis }) => size(analysis.memory?.outputs)],
  ["temporaries", ({ analysis }) => size(analysis.memory?.temporaries)],
  ["flops", ({ analysis }) => count(analysis.cost?.flops)],
  ["passes", ({ header }) => showPasses(header)],
  ["bytes accessed", ({ analysis }) => count(analysis.cost?.["bytes accessed"])]
]

const report = (made: ReadonlyArray<CompiledProgram>): string =>
  table([
    ["", ...made.map(({ header }) => header.target)],
    ...lines.map(([name, say]) => [name, ...made.map(say)])
  ])

const json = ({ header, kind, analysis, milliseconds, file }: CompiledProgram, written: string | null) => ({
  target: header.target,
  platform: header.platform,
  kind,
  version: header.version,
  plugin: header.plugin,
  replicas: header.counts.replicas,
  partitions: header.counts.partitions,
  inputs: header.inputs?.map(show) ?? null,
  passes: header.passes ?? null,
  milliseconds,
  bytes: file.length,
  codeBytes: analysis.codeBytes ?? null,
  memory: analysis.memory ?? null,
  cost: analysis.cost ?? null,
  file: written
})

/** One file for one target; for several, a file of each in a folder. */
const placeOf = (file: string, output: string, target: string, several: boolean): string =>
  several ? path.join(output, `${path.parse(file).name}.${target.replaceAll(":", "-")}.lcx`) : output

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 1,
  run: (values, [file]) =>
    Effect.gen(function* () {
      if (file === undefined)
        return yield* usage("say which file to compile", "loopcarry compile FILE --target tpu:v5e:2x2")
      if (values.target.length === 0)
        return yield* usage("say what to compile for", `--target, one of: ${knownTargets.join(", ")}`)
      const wrong = values.target.find((target) => parseTarget(target) === undefined)
      if (wrong !== undefined)
        return yield* usage(
          `there is no target ${wrong}`,
          `targets are, among others: ${knownTargets.join(", ")}`
        )
      const xla = yield* xlaFlag(values.xla)
      const controls = yield* passesFlag(values)
      if (!isScript(file) && Object.values(controls).some((each) => each !== undefined))
        return yield* usage(
          `${file} is no script, and passes improve the functions of scripts`,
          "leave --no-optimize, --passes, --reassociate and --strict out"
        )
      const program = yield* programOf(file, values.export)
      const progress = progressLine()
      // Elsewhere than on a terminal only what is fetched is said.
      const step = process.stderr.isTTY ? progress.step : undefined
      const made: Array<CompiledProgram> = []
      const written: Array<string> = []
      for (const target of values.target) {
        made.push(
          yield* compileFor(program, target, { ...values, ...controls, xla, progress: step }).pipe(
            Effect.mapError((error) => (error._tag === "CompileError" ? sayFile(file)(error) : error)),
            Effect.ensuring(Effect.sync(progress.end))
          )
        )
      }
      for (const program of made) {
        if (values.output === undefined) continue
        const place = placeOf(file, values.output, program.header.target, made.length > 1)
        yield* writeOutput(place, "--output", () => program.file)
        written.push(place)
      }
      if (values.json) {
        const programs = made.map((program, i) => json(program, written[i] ?? null))
        writeOut(`${JSON.stringify({ programs })}\n`)
      } else {
        writeOut(report(made) + written.map((place) => `written to ${place}\n`).join(""))
      }
    })
})
