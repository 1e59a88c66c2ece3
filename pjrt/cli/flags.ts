import { parseArgs } from "node:util"
import { passNames } from "../../dsl/passes/names.ts"
import { deviceNames } from "../platforms/names.ts"
import { UsageError } from "./errors.ts"

/** One flag of a command or an experiment: its type, its default and what it is for. */
export type Flag = (
  | { readonly type: "int" | "float"; readonly default: number }
  | { readonly type: "string"; readonly default: string | undefined }
  | { readonly type: "strings"; readonly default: ReadonlyArray<string> }
  | { readonly type: "boolean"; readonly default: boolean }
) & {
  readonly about: string
  /** One letter that stands for it: `-o`. */
  readonly short?: string
}

export type Flags = Readonly<Record<string, Flag>>

export type FlagValues<F extends Flags> = {
  readonly [K in keyof F]: F[K]["type"] extends "int" | "float"
    ? number
    : F[K]["type"] extends "boolean"
      ? boolean
      : F[K]["type"] extends "strings"
        ? ReadonlyArray<string>
        : F[K]["default"] extends string
          ? string
          : string | undefined
}

/**
 * Makes flags of an experiment: numbers, texts, lists of texts, and switches, each with its default and what it is
 * for.
 *
 * @example
 * const flags = { steps: flag.int(100, "how many steps"), rate: flag.float(0.1, "the step size") }
 * flags.steps.default // 100
 */
export const flag = {
  int: (value: number, about: string) => ({ type: "int", default: value, about }) as const,
  float: (value: number, about: string) => ({ type: "float", default: value, about }) as const,
  string: <D extends string | undefined>(value: D, about: string) =>
    ({ type: "string", default: value, about }) as const,
  strings: (about: string) => ({ type: "strings", default: [] as ReadonlyArray<string>, about }) as const,
  boolean: (about: string) => ({ type: "boolean", default: false, about }) as const
}

/** What every command that runs something takes. */
export const deviceFlags = {
  device: flag.string(undefined, `${deviceNames}; else LOOPCARRY_DEVICE, else cpu`),
  plugin: flag.string(undefined, "the plugin's shared library, in place of the one that is found"),
  "virtual-devices": flag.string(undefined, "how many devices the CPU pretends to have"),
  offline: flag.boolean("never fetch a plugin"),
  isolate: flag.boolean("hold the plugin in a process of its own, whose crash is an error and not the end"),
  "time-limit": flag.string(undefined, "seconds that compiling, a run or a transfer may take each"),
  profile: flag.string(undefined, "write what the plugin's profiler sees to this file (.xplane.pb)"),
  xla: flag.strings("an option of XLA's compiler, such as xla_cpu_enable_fast_math=true; may be repeated"),
  "no-cache": flag.boolean("compile anew, and keep nothing on disk")
} as const

/** What everything takes that runs passes over programs. */
export const passFlags = {
  "no-optimize": flag.boolean("leave programs as they were traced, but for what no result needs"),
  passes: flag.string(
    undefined,
    `improve programs by these passes alone, such as ${passNames.slice(1, 3).join(",")}`
  ),
  reassociate: flag.boolean("let all scans compute their floats in another order, which rounds otherwise"),
  strict: flag.boolean("refuse programs that would only be warned of, such as a comparison that nothing uses")
} as const

/** What every experiment takes beside them; its own flags of these names come first. */
export const experimentFlags = {
  seed: flag.int(0, "what everything random is made from"),
  checkpoint: flag.string(undefined, "the folder in which states of training are kept"),
  resume: flag.boolean("go on from the last state in that folder"),
  out: flag.string(undefined, "write the results to this file: .json, or .npz for arrays alone")
} as const

export const outputFlags = {
  json: flag.boolean("one JSON document on stdout"),
  verbose: flag.boolean("stack traces, the time of each phase, and the plugin's own log"),
  help: flag.boolean("this text")
} as const

const wrong = (message: string) => new UsageError({ message, hint: "see --help" })

const numeric = (name: string, text: string, type: "int" | "float"): number => {
  const value = Number(text)
  if (text.trim() === "" || Number.isNaN(value)) throw wrong(`--${name} takes a number, not "${text}"`)
  if (type === "int" && !Number.isSafeInteger(value))
    throw wrong(`--${name} takes a whole number, not ${text}`)
  return value
}

export interface Parsed<F extends Flags> {
  readonly values: FlagValues<F>
  readonly positionals: ReadonlyArray<string>
}

/** Reads a command line; throws a UsageError. */
export const parseFlags = <F extends Flags>(flags: F, argv: ReadonlyArray<string>): Parsed<F> => {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type, short }]) => [
      name,
      {
        type: type === "boolean" ? ("boolean" as const) : ("string" as const),
        multiple: type === "strings",
        ...(short === undefined ? {} : { short })
      }
    ])
  )
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (error) {
    throw wrong((error as Error).message.replace(/\. To specify a positional.*$/s, ""))
  }
  const values = Object.fromEntries(
    Object.entries(flags).map(([name, one]) => {
      const given = parsed.values[name]
      if (given === undefined) return [name, one.default]
      return [
        name,
        one.type === "int" || one.type === "float" ? numeric(name, String(given), one.type) : given
      ]
    })
  )
  return { values: values as FlagValues<F>, positionals: parsed.positionals }
}

/** The flags as lines of a help text. */
export const flagHelp = (flags: Flags): string => {
  const rows = Object.entries(flags).map(([long, one]) => {
    const name = one.short === undefined ? `--${long}` : `-${one.short}, --${long}`
    const left =
      one.type === "boolean"
        ? name
        : `${name} ${one.type === "int" ? "N" : one.type === "float" ? "X" : "..."}`
    const fallback =
      one.type === "int" || one.type === "float" || (one.type === "string" && one.default !== undefined)
        ? ` (${one.default})`
        : ""
    return [left, `${one.about}${fallback}`] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n")
}
