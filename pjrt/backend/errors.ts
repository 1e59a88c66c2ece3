import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { count } from "../../dsl/count.ts"
import { type Aval, bytesOf, show } from "../../dsl/shape.ts"
import type { PjrtCode, PjrtError, PluginError } from "../../native/errors.ts"

export {
  type PjrtCode,
  PjrtError,
  PluginCorrupt,
  type PluginError,
  PluginMissing,
  PluginRejected
} from "../../native/errors.ts"

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

/** What is said of an array that holds nothing any more. */
export const bufferGone = (array: Aval, device: string, reason: BufferGone["reason"]): BufferGone =>
  new BufferGone({
    reason,
    message: `this ${show(array)} on ${device} was ${reason} and holds nothing any more`,
    hint:
      reason === "released"
        ? "read or use it before its scope ends, or give it a longer scope"
        : "a donated argument becomes the program's own memory; keep a copy, or do not donate it"
  })

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

export type DeviceError = DeviceRequestError | DeviceUnavailable | PluginError | DeviceLost | RemoteError
export type CompileFailure = CompileError | DeviceError | TimedOut
export type TransferError = BufferGone | OutOfMemory | RunError | DeviceLost | TimedOut | RemoteError
export type PutError = ArgumentError | OutOfMemory | RunError | DeviceLost | TimedOut | RemoteError
export type ExecuteError = ArgumentError | DeviceUnavailable | TransferError | OutcomeUnknown

/** The plugin's failure while running or moving data, where memory is not what it lacks. */
export const runError = (error: PjrtError): RunError =>
  new RunError({
    code: error.code,
    call: error.call,
    message: error.message,
    hint: "the plugin's own words are above; run again with --verbose for the call that failed"
  })

/** Calls into the plugin throw; inside an effect that is a typed failure. */
export const pjrtFailure = (defect: unknown): Effect.Effect<never, PjrtError> =>
  (defect as PjrtError | undefined)?._tag === "PjrtError"
    ? Effect.fail(defect as PjrtError)
    : Effect.die(defect)

/** Why an array's bytes are not those of its shape, or undefined where they are. */
export const lengthFault = (array: Aval & { readonly bytes: Uint8Array }): ArgumentError | undefined =>
  bytesOf(array) === array.bytes.length
    ? undefined
    : new ArgumentError({
        path: "array",
        message: `${show(array)} needs ${count(bytesOf(array), "byte")}, not ${array.bytes.length}`,
        hint: "give as many elements as the shape says"
      })

/** A device used after its layer's scope has ended. */
export const deviceClosed = (device: string): RunError =>
  new RunError({
    code: "FAILED_PRECONDITION",
    call: "none",
    message: `${device} has been closed`,
    hint: "use the device within the scope of its layer; open it again for more"
  })
