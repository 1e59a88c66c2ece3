import path from "node:path"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import { type Memory, memoryOf } from "../../dsl/transform/memory.ts"
import { UsageError } from "../../pjrt/cli/errors.ts"
import { flag } from "../../pjrt/cli/flags.ts"
import { type Jitted, jittedSymbol } from "../../pjrt/jit.ts"
import { makeCommand } from "../command.ts"

const flags = {
  export: flag.string(undefined, "which exported function, where there are several"),
  memory: flag.boolean("the memory that the program needs, in bytes, in place of StableHLO"),
  program: flag.boolean("the program in the printer's notation in place of StableHLO")
}

const commandUsage = `loopcarry emit FILE: the StableHLO of a jitted function that a script exports`

const usage = (message: string, hint: string) => new UsageError({ message, hint })

type AnyJitted = Jitted<ReadonlyArray<unknown>, unknown>

const isJitted = (value: unknown): value is AnyJitted =>
  typeof value === "function" && (value as Partial<AnyJitted>)[jittedSymbol] === true

/** Node runs TypeScript by itself from 22.18 on; before that, tsx does where it is installed. */
const importModule = async (file: string): Promise<Readonly<Record<string, unknown>>> => {
  const url = pathToFileURL(path.resolve(file)).href
  try {
    return await import(url)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_UNKNOWN_FILE_EXTENSION") throw error
    const { tsImport } = await import("tsx/esm/api")
    return await tsImport(url, import.meta.url)
  }
}

const load = (file: string): Effect.Effect<Readonly<Record<string, unknown>>, UsageError> =>
  Effect.tryPromise({
    try: () => importModule(file),
    catch: (error) => {
      const { code, message } = error as NodeJS.ErrnoException
      return code === "ERR_MODULE_NOT_FOUND" && message.includes("'tsx'")
        ? usage(
            `${file} is TypeScript, which this Node (${process.version}) does not run`,
            "use Node 22.18 or newer, or install tsx beside this package"
          )
        : usage(`${file} cannot be loaded: ${message}`, "give a script that exports what jit(...) returns")
    }
  })

const choose = (file: string, module: Readonly<Record<string, unknown>>, name: string | undefined) => {
  const jitted = Object.entries(module).filter((entry): entry is [string, AnyJitted] => isJitted(entry[1]))
  const names = jitted.map(([key]) => key).join(", ")
  const found = name === undefined ? jitted : jitted.filter(([key]) => key === name)
  if (found.length === 1) return Effect.succeed({ name: found[0]![0], jitted: found[0]![1] })
  const message =
    jitted.length === 0
      ? `${file} exports no jitted function`
      : name === undefined
        ? `${file} exports several jitted functions: ${names}`
        : `${file} exports no jitted function ${name}`
  return Effect.fail(
    usage(
      message,
      jitted.length === 0 ? "export what jit(...) returns" : `choose one with --export: ${names}`
    )
  )
}

const memoryText = ({ scans, ...whole }: Memory): string => {
  const width = Math.max(...["arguments", ...scans.map((each) => each.path)].map((name) => name.length)) + 2
  const line = (name: string, value: string) => `${name.padEnd(width)}${value}\n`
  const totals = Object.entries(whole).map(([name, size]) => line(name, `${size} bytes`))
  const loops = scans.map(({ path: at, steps, carry, stacked }) =>
    line(at, `${steps ?? "any number of"} steps, carry ${carry} bytes, stacked ${stacked} bytes`)
  )
  return [...totals, ...loops].join("")
}

export const command = makeCommand({
  usage: commandUsage,
  flags,
  words: 1,
  run: (values, [file]) =>
    Effect.gen(function* () {
      if (file === undefined) return yield* usage("say which script", "loopcarry emit FILE [--export NAME]")
      const { name, jitted } = yield* choose(file, yield* load(file), values.export)
      if (values.memory) {
        const memory = memoryOf(yield* jitted.program)
        process.stdout.write(values.json ? `${JSON.stringify({ name, memory })}\n` : memoryText(memory))
        return
      }
      const text = yield* values.program ? jitted.text : jitted.stablehlo
      const key = values.program ? "program" : "stablehlo"
      process.stdout.write(values.json ? `${JSON.stringify({ name, [key]: text })}\n` : text)
    })
})
