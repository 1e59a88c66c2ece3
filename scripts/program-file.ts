import path from "node:path"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import type { TraceError } from "../dsl/errors.ts"
import { readNamed } from "../native/files.ts"
import type { ProgramSource } from "../pjrt/backend/backend.ts"
import type { CompileFailure } from "../pjrt/backend/errors.ts"
import { UsageError } from "../pjrt/cli/errors.ts"
import { reserveStdout } from "../pjrt/cli/output.ts"
import { isBytecode } from "../pjrt/formats/bytecode.ts"
import { JaxExportError, readJaxExport } from "../pjrt/formats/jax-export.ts"
import { type Jitted, jittedSymbol } from "../pjrt/jit/jit.ts"
import { mainSignature } from "../pjrt/module/signature.ts"

export const usage = (message: string, hint: string) => new UsageError({ message, hint })

export const readFile = (file: string): Effect.Effect<Uint8Array, UsageError> =>
  Effect.try({
    try: () => readNamed(file),
    catch: (error) => usage(`${file} cannot be read: ${(error as Error).message}`, "check the path")
  })

/** Text holds no zero bytes; a program of jax.export, a flatbuffer, always does. */
const isText = (bytes: Uint8Array): boolean => !bytes.subarray(0, 4096).includes(0)

const kinds = "FILE is StableHLO, or what jax.export has serialized"

/** Where text has a bracket that is never closed: its line, or undefined. Strings and comments count for nothing. */
const openBracket = (text: string): number | undefined => {
  const open: Array<number> = []
  for (const { 0: found, index } of text.matchAll(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|->|[()[\]{}]/g)) {
    if ("([{".includes(found)) open.push(index)
    else if (")]}".includes(found)) open.pop()
  }
  return open.length === 0 ? undefined : text.slice(0, open.at(-1)).split("\n").length
}

/** Why no plugin needs to be asked whether this is a program, or undefined. */
const textFault = (file: string, text: string): UsageError | undefined => {
  if (text.trim() === "") return usage(`${file} is empty`, kinds)
  const line = openBracket(text)
  if (line === undefined) return undefined
  return usage(`${file} is cut short: what is opened in line ${line} is never closed`, "give the whole text")
}

/** StableHLO as text, bytecode or a portable artifact, or a program that jax.export has serialized. */
export const sourceOfFile = (file: string, bytes: Uint8Array): Effect.Effect<ProgramSource, UsageError> =>
  Effect.try({
    try: () => {
      if (isBytecode(bytes)) return { code: bytes }
      if (isText(bytes)) {
        const code = new TextDecoder().decode(bytes)
        const fault = textFault(file, code)
        if (fault !== undefined) throw fault
        return { code, ...mainSignature(code) }
      }
      const { module, inputs, outputs } = readJaxExport(bytes)
      return { code: module, inputs, outputs }
    },
    catch: (error) => {
      if (error instanceof UsageError) return error
      if (!(error instanceof JaxExportError)) throw error
      return usage(`${file}: ${error.message}`, kinds)
    }
  })

/** How a plugin begins what it says of a place in the program. */
const placed = /^(?:"[^"]*"|-|<[^>]*>):\d+:\d+: /

/** What has a place in the text, its parser refused: an unreadable input. The rest is a program that failed. */
export const sayFile = (file: string) => (error: CompileFailure) => {
  if (error._tag !== "CompileError") return error
  const place = error.line === undefined ? file : `${file}:${error.line}:${error.column}`
  const message = `${place}: ${error.message.replace(placed, "")}`
  const refused = error.line !== undefined || placed.test(error.message)
  return refused ? usage(message, error.hint) : Object.assign(error, { message })
}

type AnyJitted = Jitted<ReadonlyArray<unknown>, unknown>

/** What is asked of a script's function. */
export type Scripted = Pick<AnyJitted, "programFor" | "explainFor" | "sourceFor">

/** The script has a copy of this package, and of Effect, that may be another: its effects run there. */
const scripted = (jitted: AnyJitted): Scripted => {
  const here = <A>(effect: Effect.Effect<A, TraceError>): Effect.Effect<A, TraceError> =>
    Effect.flatMap(
      Effect.promise(() => jitted[jittedSymbol](effect)),
      (settled) =>
        "value" in settled ? Effect.succeed(settled.value) : Effect.fail(settled.error as TraceError)
    )
  return {
    programFor: (target) => here(jitted.programFor(target)),
    explainFor: (target) => here(jitted.explainFor(target)),
    sourceFor: (target) => here(jitted.sourceFor(target))
  }
}

const isJitted = (value: unknown): value is AnyJitted =>
  typeof value === "function" && typeof (value as Partial<AnyJitted>)[jittedSymbol] === "function"

/** Says that this Node does not run TypeScript, and how else it may be run. */
export const noTypeScript = (file: string, otherwise: string): UsageError =>
  usage(
    `${file} is TypeScript, which this Node (${process.version}) does not run`,
    `use Node 22.18 or newer, or ${otherwise}`
  )

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

/** What the script prints is not what was asked for. */
const load = (file: string): Effect.Effect<Readonly<Record<string, unknown>>, UsageError> =>
  Effect.tryPromise({
    try: () => {
      reserveStdout()
      return importModule(file)
    },
    catch: (error) => {
      const { code, message } = error as NodeJS.ErrnoException
      const missing = (name: string) => code === "ERR_MODULE_NOT_FOUND" && message.includes(`'${name}'`)
      if (missing("tsx")) return noTypeScript(file, "install tsx beside this package")
      return usage(
        `${file} cannot be loaded: ${message}`,
        missing("effect")
          ? "install Effect beside loopcarry: npm install effect@4"
          : "give a script that exports what jit(...) returns"
      )
    }
  })

const choose = (file: string, module: Readonly<Record<string, unknown>>, name: string | undefined) => {
  const jitted = Object.entries(module).filter((entry): entry is [string, AnyJitted] => isJitted(entry[1]))
  const names = jitted.map(([key]) => key).join(", ")
  const found = name === undefined ? jitted : jitted.filter(([key]) => key === name)
  if (found.length === 1) return Effect.succeed({ name: found[0]![0], jitted: scripted(found[0]![1]) })
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

/** The jitted function that a script exports; by its name where there are several. */
export const jittedOfScript = (file: string, name: string | undefined) =>
  Effect.flatMap(load(file), (module) => choose(file, module, name))

/** Whether a file is a script, which exports jitted functions, and not a program. */
export const isScript = (file: string): boolean => /\.[cm]?[jt]s$/.test(file)
