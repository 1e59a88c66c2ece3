import * as Data from "effect/Data"
import { displayedErrors } from "../../dsl/display.ts"
import {
  type PjrtCode,
  PjrtError,
  PluginCorrupt,
  type PluginError,
  PluginMissing,
  PluginRejected
} from "../../native/errors.ts"

export { type PjrtCode, PjrtError, PluginCorrupt, type PluginError, PluginMissing, PluginRejected }

/** The device that was asked for is not there. No other device is taken in its place. */
export class DeviceUnavailable extends Data.TaggedError("DeviceUnavailable")<{
  readonly device: string
  readonly message: string
  readonly hint: string
}> {}

/** What was asked for is no device: its name is none, or it takes no such option. Wrong usage, not a device that is missing. */
export class DeviceRequestError extends Data.TaggedError("DeviceRequestError")<{
  readonly device: string
  readonly message: string
  readonly hint: string
}> {}

/** The plugin's compiler refused a program. `line` and `column` are its own, into the StableHLO text. */
export class CompileError extends Data.TaggedError("CompileError")<{
  readonly code: PjrtCode
  readonly message: string
  readonly line?: number
  readonly column?: number
  readonly hint: string
  /** The user's own line, as `file:line:column`: that of the operation, or of the call of jit. */
  readonly source?: string
}> {}

/** An argument does not fit the program's signature. Nothing was run. */
export class ArgumentError extends Data.TaggedError("ArgumentError")<{
  /** Which argument, as a path: `args[0].mean`. */
  readonly path: string
  readonly message: string
  readonly hint: string
}> {}

/** A buffer was used after it was given up. */
export class BufferGone extends Data.TaggedError("BufferGone")<{
  readonly reason: "released" | "donated"
  readonly message: string
  readonly hint: string
}> {}

/** The device's memory cannot hold what was asked of it. */
export class OutOfMemory extends Data.TaggedError("OutOfMemory")<{
  readonly message: string
  /** What is in use there, and which arrays hold it. */
  readonly held: string
  readonly hint: string
  /** The user's own line, as `file:line:column`: of the call of jit. */
  readonly source?: string
}> {}

/** The plugin failed while running a program or moving data. */
export class RunError extends Data.TaggedError("RunError")<{
  readonly code: PjrtCode
  readonly call: string
  readonly message: string
  readonly hint: string
  /** The user's own line, as `file:line:column`: of the call of jit. */
  readonly source?: string
}> {}

/** The process that held the plugin has ended, and with it all arrays on its devices. The next call starts another. */
export class DeviceLost extends Data.TaggedError("DeviceLost")<{
  readonly device: string
  readonly message: string
  readonly hint: string
}> {}

/** Something took longer than the time limit that the user set. */
export class TimedOut extends Data.TaggedError("TimedOut")<{
  readonly phase: "compiling" | "running" | "reading" | "uploading"
  readonly message: string
  readonly hint: string
}> {}

/** A remote worker cannot be reached, or refuses what it is asked. */
export class RemoteError extends Data.TaggedError("RemoteError")<{
  /** `host:port` */
  readonly address: string
  /** It does not answer; does not let this client in; speaks another protocol; or a limit of its own stands against it. */
  readonly reason: "unreachable" | "denied" | "protocol" | "limit"
  readonly message: string
  readonly hint: string
}> {}

/**
 * The connection was lost while a program ran, and did not come back in time: whether it has run is not known. Its
 * results are gone in any case. It is never run again unasked.
 */
export class OutcomeUnknown extends Data.TaggedError("OutcomeUnknown")<{
  readonly device: string
  readonly message: string
  readonly hint: string
}> {}

/** An optional package is not installed. */
export class PackageMissing extends Data.TaggedError("PackageMissing")<{
  readonly package: string
  readonly message: string
  readonly hint: string
}> {}

displayedErrors(
  ArgumentError,
  BufferGone,
  CompileError,
  DeviceLost,
  DeviceRequestError,
  DeviceUnavailable,
  OutOfMemory,
  OutcomeUnknown,
  PackageMissing,
  PjrtError,
  PluginCorrupt,
  PluginMissing,
  PluginRejected,
  RemoteError,
  RunError,
  TimedOut
)

/** Why a device cannot be opened. */
export type DeviceError = DeviceRequestError | DeviceUnavailable | PluginError | DeviceLost | RemoteError
/** Why a program cannot be compiled. */
export type CompileFailure = CompileError | DeviceError | TimedOut
/** Why an array cannot be read. */
export type TransferError = BufferGone | OutOfMemory | RunError | DeviceLost | TimedOut | RemoteError
/** Why an array cannot be put on a device. */
export type PutError = ArgumentError | OutOfMemory | RunError | DeviceLost | TimedOut | RemoteError
/** Why a program cannot be run. */
export type ExecuteError = ArgumentError | DeviceUnavailable | TransferError | OutcomeUnknown
