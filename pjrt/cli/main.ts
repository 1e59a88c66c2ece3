import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import * as Tracer from "effect/Tracer"
import { type Controls, controlsFault, type PassName, passNames } from "../../dsl/passes/names.ts"
import { callsInFlight } from "../../native/api.ts"
import { exitNow } from "../../native/ffi.ts"
import type { Backend } from "../backend/backend.ts"
import { type DeviceError, DeviceRequestError } from "../backend/errors.ts"
import { showBytes } from "../backend/size.ts"
import { phaseTimer, showPhases } from "../backend/spans.ts"
import type { Moved } from "../backend/watch.ts"
import { parseXlaOption, type XlaOptions, xlaHint } from "../backend/xla.ts"
import * as Device from "../device/device.ts"
import { parseDeviceName } from "../platforms/names.ts"
import { findPlatform } from "../platforms/table.ts"
import { describeError, exitStatus, statusOf, UsageError } from "./errors.ts"
import type { deviceFlags, FlagValues, passFlags } from "./flags.ts"
import { flushed } from "./output.ts"
import { progressLine } from "./progress.ts"

/** `--device`, then `LOOPCARRY_DEVICE`, then `cpu`. */
const deviceName = (given: string | undefined): string => given ?? (process.env.LOOPCARRY_DEVICE || "cpu")

/** Whether a device, as a flag names it, is one of a plugin on this machine. */
export const holdsPlugin = (given: string | undefined): boolean => {
  const platform = parseDeviceName(deviceName(given))?.platform
  return platform !== "reference" && platform !== "remote"
}

/** A flag that is a number from `least` on, or is not given. */
const numberFlag = (
  name: string,
  text: string | undefined,
  least: number,
  whole: boolean
): Effect.Effect<number | undefined, UsageError> => {
  if (text === undefined) return Effect.succeed(undefined)
  const value = Number(text)
  return text.trim() !== "" && value >= least && Number.isFinite(value) && (!whole || Number.isInteger(value))
    ? Effect.succeed(value)
    : Effect.fail(
        new UsageError({
          message: `--${name} takes a ${whole ? "whole " : ""}number from ${least}, not "${text}"`,
          hint: "see --help"
        })
      )
}

/** Options of XLA as flags say them; undefined where none does. */
export const xlaFlag = (given: ReadonlyArray<string>): Effect.Effect<XlaOptions | undefined, UsageError> => {
  const options = given.map(parseXlaOption)
  const wrong = given.find((_, i) => options[i] === undefined)
  if (wrong === undefined)
    return Effect.succeed(given.length === 0 ? undefined : Object.fromEntries(options.map((each) => each!)))
  return Effect.fail(
    new UsageError({
      message: `--xla ${wrong} is not understood`,
      hint: `it is NAME=VALUE with a NAME that begins with xla_, such as --xla xla_cpu_enable_fast_math=true; ${xlaHint}`
    })
  )
}

/** What flags say of passes: nothing where they are left out. */
export const passesFlag = (
  flags: Partial<FlagValues<typeof passFlags>>
): Effect.Effect<Controls, UsageError> => {
  const wrong = (message: string, hint: string) => Effect.fail(new UsageError({ message, hint }))
  const { "no-optimize": none, passes, reassociate, strict } = flags
  if (none && passes !== undefined)
    return wrong("--no-optimize and --passes contradict each other", "leave one of them out")
  const names = passes?.split(",").map((name) => name.trim())
  const controls = {
    optimize: none ? false : (names as ReadonlyArray<PassName> | undefined),
    reassociate: reassociate || undefined,
    strict: strict || undefined
  }
  const fault = controlsFault(controls)
  return fault === undefined
    ? Effect.succeed(controls)
    : wrong(`--passes: ${fault[0]}`, `the passes are: ${passNames.join(", ")}`)
}

const showMoved = ({ bytes, total }: Readonly<Moved>): string =>
  bytes === 0 ? "" : ` ${showBytes(bytes)} of ${showBytes(total)}`

/** On a terminal, a line that shows for how long something has been going on. */
const showSlow = process.stderr.isTTY
  ? (phase: string, moved?: Readonly<Moved>) => {
      const line = progressLine()
      line.step(() => (moved === undefined ? phase : `${phase}${showMoved(moved)}`))
      return line.end
    }
  : undefined

/**
 * Opens the device that the flags ask for, a CPU as so many as are needed unless a flag says otherwise. Shows on stderr
 * what a fetch of its plugin is doing.
 */
export const openDevice = (
  flags: FlagValues<typeof deviceFlags> & Partial<FlagValues<typeof passFlags>>,
  needed = 1
): Effect.Effect<Backend["Service"], DeviceError | UsageError, Scope.Scope> =>
  Effect.gen(function* () {
    const progress = progressLine()
    const name = deviceName(flags.device)
    const asked = yield* numberFlag("virtual-devices", flags["virtual-devices"], 1, true)
    return yield* Device.open(name, {
      plugin: flags.plugin,
      virtualDevices:
        asked ?? (needed > 1 && findPlatform(name)?.mostVirtual !== undefined ? needed : undefined),
      offline: flags.offline,
      isolate: flags.isolate,
      timeLimit: yield* numberFlag("time-limit", flags["time-limit"], 0.001, false),
      profile: flags.profile,
      cache: !flags["no-cache"],
      xla: yield* xlaFlag(flags.xla),
      ...(yield* passesFlag(flags)),
      slow: showSlow,
      progress: progress.step
    }).pipe(
      Effect.mapError((error) => (flags.device === undefined ? sayVariable(error) : error)),
      Effect.ensuring(Effect.sync(progress.end))
    )
  })

/** Nobody remembers what stands in the environment. */
const sayVariable = (error: DeviceError): DeviceError =>
  error instanceof DeviceRequestError && process.env.LOOPCARRY_DEVICE
    ? new DeviceRequestError({ ...error, message: `LOOPCARRY_DEVICE: ${error.message}` })
    : error

/**
 * Runs a command to its end: results have been written to stdout by then, an error goes to stderr, and the exit status
 * is set. The process then ends by itself, unless an abandoned call into the plugin would hold it.
 */
export const runMain = async (command: Effect.Effect<void, unknown>, verbose: boolean): Promise<void> => {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    // Whoever read our output has had enough: `loopcarry exec ... | head -1`.
    if (error.code === "EPIPE") exitNow(exitStatus.done)
    process.stderr.write(
      `error: stdout cannot be written: ${error.message}\n  next: what was printed is cut short; make room, or send it to another file\n`
    )
    process.exitCode = exitStatus.failed
  })
  // Whoever read our words has gone; the work goes on.
  process.stderr.on("error", () => {})
  // Nothing is left that could end it: a document that was promised does not come.
  const neverEnds = () => {
    process.stderr.write(
      "error: it never ended: nothing is left that it could wait for\n  next: look for an Effect.never, or for a callback that is never called\n"
    )
    process.exitCode = exitStatus.failed
  }
  process.once("beforeExit", neverEnds)
  const { tracer, times } = phaseTimer()
  const exit = await Effect.runPromiseExit(
    verbose ? Effect.provideService(command, Tracer.Tracer, tracer) : command
  )
  process.off("beforeExit", neverEnds)
  if (times.size > 0) process.stderr.write(`phases: ${showPhases(times)}\n`)
  if (Exit.isFailure(exit)) {
    const error = Cause.squash(exit.cause)
    process.stderr.write(`${describeError(error, verbose)}\n`)
    process.exitCode = statusOf(error)
  }
  if (callsInFlight() > 0) {
    await flushed()
    exitNow(Number(process.exitCode ?? exitStatus.done))
  }
}
