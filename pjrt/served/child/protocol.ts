import type { Aval } from "../../../dsl/shape.ts"
import type { Address } from "../../../native/ffi.ts"
import type { Analysis, DeviceMemory, Identity, ProgramSource, SourceFacts } from "../../backend/backend.ts"
import type { DeviceOptions } from "../../backend/device-options.ts"
import type { Tilings } from "../../backend/tiling.ts"
import type { XlaOptions } from "../../backend/xla.ts"
import type { CompiledFor } from "../../formats/compiled.ts"
import type { Finding, Probe } from "../../platforms/findings.ts"
import type { Failure } from "../failure.ts"
import type { Made, Opened } from "../link.ts"

/** Arrays of up to this many bytes travel in messages; larger ones are copied from process to process. */
export const inlineBytes = 1 << 16

/** The results of a run that together have up to this many bytes come with its answer. */
export const eagerBytes = 1 << 12

/** A program as it travels, bytecode as base64. The other side takes none for its own. */
export type SentSource = Omit<SourceFacts, "own"> & {
  readonly code: { readonly text: string } | { readonly bytes: Base64 }
}

/**
 * Bytes as base64 text: messages are JSON, which Node sends in half the time of its structured serialization, and only
 * small arrays travel in them.
 */
export type Base64 = string

export const toBase64 = (bytes: Uint8Array): Base64 =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")

export const fromBase64 = (text: Base64): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, "base64"))

/** How much of a large array goes in one message, where it cannot be copied from process to process. */
export const pieceBytes = 4 << 20

/** Bytes in a message, or in memory that was reserved for them. */
export type SentBytes = Base64 | { readonly reserved: number }

/**
 * The requests to a child process that holds a plugin. The asking side chooses the numbers of arrays and executables.
 * So a call may name one that an earlier call is still making.
 */
export interface Operations {
  readonly open: { ask: { name: string; plugin: string; options: DeviceOptions }; answer: Opened }
  readonly identity: { ask: null; answer: Identity }
  readonly compile: { ask: { id: number; source: SentSource }; answer: Made }
  readonly load: {
    ask: { id: number; serialized: Base64; source: Omit<SentSource, "code"> }
    answer: Made
  }
  readonly analysis: { ask: { executable: number }; answer: Analysis }
  readonly tilings: { ask: { executable: number }; answer: Tilings }
  readonly serialized: { ask: { executable: number }; answer: Base64 }
  /** Memory for an array that is too large for a message: the asking side writes it, or sends it piece by piece. */
  readonly reserve: { ask: { id: number; bytes: number }; answer: Address }
  readonly fill: { ask: { id: number; at: number; bytes: Base64 }; answer: null }
  readonly unreserve: { ask: { id: number }; answer: null }
  readonly put: { ask: { id: number; aval: Aval; bytes: SentBytes; device: number }; answer: null }
  /** The answer has the results, if they are small and ready. */
  readonly run: {
    ask: { executable: number; args: ReadonlyArray<number>; first: number }
    answer: ReadonlyArray<Base64> | null
  }
  /** Small arrays come in the answer; others stay at an address until `unpin`, to be read there or piece by piece. */
  readonly read: {
    ask: { id: number }
    answer: Base64 | { address: Address; pin: number }
  }
  readonly part: { ask: { pin: number; at: number; bytes: number }; answer: Base64 }
  /** Ends all that the device holds, so that what is written at its end is. */
  readonly close: { ask: null; answer: null }
  readonly unpin: { ask: { pin: number }; answer: null }
  readonly copy: { ask: { id: number; from: number; device: number }; answer: null }
  readonly release: { ask: { id: number }; answer: null }
  readonly memory: { ask: { device: number }; answer: DeviceMemory }
  /** Compiles for hardware that need not be here. */
  readonly compileFor: {
    ask: { target: string; source: SentSource; plugin: string; xla?: XlaOptions | undefined }
    answer: Omit<CompiledFor, "serialized"> & { readonly serialized: Base64 }
  }
  /** Tries one thing that might crash. */
  readonly probe: { ask: Probe; answer: ReadonlyArray<Finding> }
}

export type Operation = keyof Operations

/** A message is a list of these. */
export type Asked = {
  [O in Operation]: {
    readonly op: O
    /** Negative where no answer is awaited. */
    readonly call: number
    readonly ask: Operations[O]["ask"]
  }
}[Operation]

export type Answered =
  | { readonly call: number; readonly answer: unknown }
  | { readonly call: number; readonly failure: Failure }
  /** What debugPrint says while a program runs. */
  | { readonly printed: string }
  /** What Node would say by itself: a warning, and its type. */
  | { readonly warned: string; readonly type: string }

export const sentSource = ({ own: _, code, ...source }: ProgramSource): SentSource => ({
  ...source,
  code: typeof code === "string" ? { text: code } : { bytes: toBase64(code) }
})

export const receivedSource = ({ code, ...source }: SentSource): ProgramSource => ({
  ...source,
  code: "text" in code ? code.text : fromBase64(code.bytes)
})
