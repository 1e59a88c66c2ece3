import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import { constants } from "node:os"
import path from "node:path"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import { readNamed } from "../../native/files.ts"
import type { UsageError } from "../../pjrt/cli/errors.ts"
import type { Command } from "../command.ts"
import { isScript, noTypeScript, usage } from "../program-file.ts"

const commandUsage = `loopcarry run FILE [FLAGS]: runs a script, such as one of experiment, as node does; also one in TypeScript

FLAGS are the script's own: loopcarry run FILE --help`

const loaderFrom = (file: string): string | undefined => {
  try {
    return pathToFileURL(createRequire(file).resolve("tsx")).href
  } catch {
    return undefined
  }
}

/** Whether this Node runs TypeScript by itself, as it does from 22.18 on. */
const stripsTypes = (): boolean => Boolean((process.features as { typescript?: unknown }).typescript)

/** What node needs to run a file: the project's own tsx knows more of TypeScript than Node does. */
const execArgvFor = (file: string): Effect.Effect<ReadonlyArray<string>, UsageError> => {
  if (!/\.[cm]?ts$/.test(file)) return Effect.succeed([])
  const loader = loaderFrom(file) ?? (stripsTypes() ? undefined : loaderFrom(import.meta.url))
  if (loader !== undefined) return Effect.succeed(["--import", loader])
  return stripsTypes() ? Effect.succeed([]) : Effect.fail(noTypeScript(file, "npm install --save-dev tsx"))
}

/** Runs a script in a process of its own, whose signals and exit status are this one's. */
const runScript = (
  execArgv: ReadonlyArray<string>,
  file: string,
  args: ReadonlyArray<string>
): Effect.Effect<void> =>
  Effect.callback<void>((resume) => {
    const child = spawn(process.execPath, [...execArgv, file, ...args], { stdio: "inherit" })
    // A terminal sends Ctrl-C to both; the script says what becomes of it.
    const pass = (signal: NodeJS.Signals) => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal)
    }
    const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const
    for (const signal of signals) process.on(signal, pass)
    child.once("close", (status, signal) => {
      for (const each of signals) process.off(each, pass)
      process.exitCode = signal === null ? (status ?? 1) : 128 + constants.signals[signal]
      resume(Effect.void)
    })
  })

export const command: Command = {
  run: ([named, ...args]) =>
    Effect.gen(function* () {
      if (named === "--help") return void process.stdout.write(`${commandUsage}\n`)
      if (named === undefined || named.startsWith("-"))
        return yield* usage("say which script first", "loopcarry run FILE [FLAGS]")
      const file = path.resolve(named)
      if (!isScript(file))
        return yield* usage(`${named} is no script`, "give a file that ends in .ts, .mts, .js or .mjs")
      yield* Effect.try({
        try: () => readNamed(file),
        catch: (error) => usage(`${named} cannot be read: ${(error as Error).message}`, "check the path")
      })
      yield* runScript(yield* execArgvFor(file), file, args)
    })
}
