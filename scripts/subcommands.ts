/** Runs the subcommand that the command line names. Each loads only what it needs. */
import * as Effect from "effect/Effect"
import { packageVersion } from "../pjrt/backend/version.ts"
import { UsageError } from "../pjrt/cli/errors.ts"
import { runMain } from "../pjrt/cli/main.ts"
import type { Command } from "./command.ts"

const commands: Readonly<Record<string, () => Promise<{ readonly command: Command }>>> = {
  devices: () => import("./commands/devices.ts"),
  plugins: () => import("./commands/plugins.ts"),
  run: () => import("./commands/run.ts"),
  exec: () => import("./commands/exec.ts"),
  emit: () => import("./commands/emit.ts"),
  compile: () => import("./commands/compile.ts"),
  cache: () => import("./commands/cache.ts"),
  serve: () => import("./commands/serve.ts"),
  doctor: () => import("./commands/doctor.ts"),
  bench: () => import("./commands/bench.ts"),
  init: () => import("./commands/init.ts")
}

const usage = `loopcarry COMMAND

  devices                    the devices that programs can run on
  plugins list|fetch|path|remove
                             the PJRT plugins that drive them
  run FILE                   run a script in JavaScript or TypeScript, with its flags
  exec FILE.mlir             compile and run a StableHLO module's @main
  emit FILE                  the StableHLO of a jitted function that a script exports
  compile FILE --target T    compile for hardware that need not be here: cpu, tpu:v5e:2x2, cuda:sm90, ...
  cache list|clear           the compiled programs that are kept on disk
  serve                      run programs for others on this machine's device
  doctor                     what keeps a device from working, and what to do about it
  bench                      how fast calls, reads and tracing are here
  init [FOLDER]              a new project of three files

Each command has --help. Exit status: 0 done, 1 the program failed, 2 wrong usage or unreadable input,
3 the device or its plugin is not available, 4 the remote worker is unreachable or refuses.
`

const main = (argv: ReadonlyArray<string>): Effect.Effect<void, unknown> => {
  const [name, ...rest] = argv
  if (name === undefined || name === "--help" || name === "help")
    return Effect.sync(() => void process.stdout.write(usage))
  if (name === "--version") return Effect.sync(() => void process.stdout.write(`${packageVersion()}\n`))
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load === undefined) {
    return Effect.fail(
      new UsageError({
        message: `there is no command ${name}`,
        hint: `the commands are: ${Object.keys(commands).join(", ")}; see loopcarry --help`
      })
    )
  }
  return Effect.flatMap(Effect.promise(load), ({ command }) => command.run(rest))
}

const argv = process.argv.slice(2)
const verbose = argv.includes("--verbose")
if (verbose) process.env.TF_CPP_MIN_LOG_LEVEL ??= "0"
void runMain(main(argv), verbose)
