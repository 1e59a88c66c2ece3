import { inspect } from "node:util"
import * as Data from "effect/Data"
import { refusesOption } from "../backend/xla.ts"

/** The command line is wrong, or an input file cannot be read. Exit status 2. */
export class UsageError extends Data.TaggedError("UsageError")<{
  readonly message: string
  readonly hint: string
}> {}

/** An experiment gives back something that is no result. */
export class ResultError extends Data.TaggedError("ResultError")<{
  /** Where it stands: `results.losses[2]`. */
  readonly path: string
  readonly message: string
  readonly hint: string
}> {}

/** Exit statuses of the public contract. */
export const exitStatus = { done: 0, failed: 1, usage: 2, device: 3, remote: 4 } as const

const tagOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "_tag" in error ? String(error._tag) : undefined

export const statusOf = (error: unknown): number => {
  switch (tagOf(error)) {
    case "UsageError":
    case "DeviceRequestError":
      return exitStatus.usage
    case "DeviceUnavailable":
    case "PluginMissing":
    case "PluginRejected":
    case "PluginCorrupt":
    case "DeviceLost":
      return exitStatus.device
    case "RemoteError":
    case "OutcomeUnknown":
      return exitStatus.remote
    case "CompileError":
      return refusesOption((error as Error).message) ? exitStatus.usage : exitStatus.failed
    default:
      return exitStatus.failed
  }
}

const line = (error: object, key: string, label: string): string =>
  key in error && typeof (error as Record<string, unknown>)[key] === "string"
    ? `\n  ${label}: ${(error as Record<string, string>)[key]}`
    : ""

/** What was failed with, or thrown, though it is no Error: `Mine: { why: 'x' }`. */
const showThrown = (error: unknown): string => {
  if (typeof error === "string") return error
  if (typeof error !== "object" || error === null || !("_tag" in error))
    return inspect(error, { breakLength: Number.POSITIVE_INFINITY })
  const { _tag: tag, ...rest } = error
  return Object.keys(rest).length === 0
    ? String(tag)
    : `${tag}: ${inspect(rest, { breakLength: Number.POSITIVE_INFINITY })}`
}

/** An error for people: what failed, where, and what to do next; the stack only on request. */
export const describeError = (error: unknown, verbose: boolean): string => {
  // Effect's own word for what a function has thrown, which says nothing by itself.
  if (tagOf(error) === "UnknownError" && (error as Error).cause !== undefined)
    return describeError((error as Error).cause, verbose)
  if (!(error instanceof Error)) return `error: ${showThrown(error)}`
  const known = tagOf(error) !== undefined
  const text = `error: ${error.message}${line(error, "held", "held")}${line(error, "source", "at")}${line(error, "hint", "next")}`
  if (verbose) return `${text}\n${error.stack ?? ""}`
  return known ? text : `${text}\n  next: run again with --verbose for the stack`
}
