import { createHash } from "node:crypto"
import type { Aval } from "../../dsl/shape.ts"
import type { Analysis, ProgramSource, SourceFacts } from "../backend/backend.ts"
import type { DeviceCounts, Partitioning } from "../backend/partition.ts"
import type { XlaOptions } from "../backend/xla.ts"

/** A program compiled for hardware that need not be here. */
export interface CompiledFor {
  readonly platform: string
  /** The plugin's own version text. */
  readonly version: string
  /** The maker's name of the devices. */
  readonly kind: string
  /** What each device gives. */
  readonly outputs: ReadonlyArray<Aval>
  readonly analysis: Analysis
  readonly serialized: Uint8Array
  readonly milliseconds: number
}

/** What a compiled program is bound to, and what must be known to run it. */
export interface CompiledHeader {
  /** `cpu`, `tpu:v5e:2x2`, `cuda:sm90`; for an entry of the cache, the devices it was compiled for. */
  readonly target: string
  readonly platform: string
  /** The plugin's own version text. */
  readonly version: string
  /** The sha256 of the plugin's library. Only that build understands the program. */
  readonly plugin: string
  /** What the processor can do, where the program is code for it. */
  readonly cpu: string | null
  /** What XLA was told; of a file of compileFor, what its user had it told. */
  readonly xla: XlaOptions
  readonly inputs: ReadonlyArray<Aval> | null
  /** What it gives, whole; null where nobody has told. */
  readonly outputs: ReadonlyArray<Aval> | null
  /** For how many devices it is. */
  readonly counts: DeviceCounts
  /** The parameters whose memory it takes over; null where its code says that, and not who has compiled it. */
  readonly donated: ReadonlyArray<number> | null
  readonly partitioning: Partitioning | null
  readonly variable: boolean
  /** The passes that have improved it, in order; null where nobody has told. Files of earlier releases have none. */
  readonly passes?: ReadonlyArray<string> | null
}

/** What must be known of a program to run it, beside its code. */
type Signature = Pick<
  CompiledHeader,
  "inputs" | "outputs" | "counts" | "donated" | "partitioning" | "variable" | "passes"
>

/** The header's part that comes from the program. */
export const signatureOf = (source: ProgramSource, counts: DeviceCounts): Signature => ({
  inputs: source.inputs ?? null,
  outputs: source.outputs ?? null,
  counts,
  donated: source.own ? (source.donated ?? []) : null,
  partitioning: source.partitioning ?? null,
  variable: source.variable ?? true,
  passes: source.passes ?? null
})

/** The program, but for its code, as the header has it. */
export const sourceOfHeader = ({
  inputs,
  outputs,
  counts,
  donated,
  partitioning,
  variable,
  passes
}: Signature): SourceFacts => ({
  inputs: inputs ?? undefined,
  outputs: outputs ?? undefined,
  counts,
  donated: donated ?? undefined,
  partitioning: partitioning ?? undefined,
  variable,
  passes: passes ?? undefined
})

export interface CompiledFile {
  readonly header: CompiledHeader
  readonly program: Uint8Array
}

/** A file that holds no compiled program, or a damaged one. */
export class CompiledFileError extends Error {}

/** What follows is of one version: files of the first do not say for how many devices they are. */
const magic = Buffer.from("loopcarry compiled 2\n")
const kind = magic.subarray(0, -2)
const digestBytes = 32

/** Whether a file claims to hold a compiled program. */
export const isCompiled = (bytes: Uint8Array): boolean =>
  bytes.length >= magic.length && kind.equals(bytes.subarray(0, kind.length))

const digest = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest()

/** What a compiled program says of the passes that made it. */
export const showPasses = ({ passes }: Pick<CompiledHeader, "passes">): string =>
  passes?.join(", ") ?? "not told"

/** A line that says what it is, the sha256 of all that follows, the header's length and JSON, and the program. */
export const writeCompiled = ({ header, program }: CompiledFile): Uint8Array<ArrayBuffer> => {
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const body = Buffer.concat([length, json, program])
  return new Uint8Array(Buffer.concat([magic, digest(body), body]))
}

/** Throws `CompiledFileError` where the bytes are not just what was written. */
export const readCompiled = (bytes: Uint8Array): CompiledFile => {
  if (!isCompiled(bytes)) throw new CompiledFileError("this is no compiled program")
  if (!magic.equals(bytes.subarray(0, magic.length)))
    throw new CompiledFileError("the compiled program was written by another version of loopcarry")
  const body = bytes.subarray(magic.length + digestBytes)
  const wanted = Buffer.from(bytes.subarray(magic.length, magic.length + digestBytes))
  if (body.length < 4 || !wanted.equals(digest(body))) {
    throw new CompiledFileError("the compiled program is damaged or cut short")
  }
  const { header, length } = headerOf(body)
  return { header, program: body.subarray(4 + length) }
}

/** The header at the start of a file's body, and how many bytes it takes. */
const headerOf = (body: Uint8Array): { readonly header: CompiledHeader; readonly length: number } => {
  const length = Buffer.from(body.subarray(0, 4)).readUInt32LE()
  const header = JSON.parse(Buffer.from(body.subarray(4, 4 + length)).toString("utf8"))
  return { header, length }
}

/** What the first bytes of a file say, for people: nobody has checked the rest. Undefined where they are cut short. */
export const peekHeader = (start: Uint8Array): CompiledHeader | undefined => {
  if (!magic.equals(start.subarray(0, magic.length))) return undefined
  try {
    return headerOf(start.subarray(magic.length + digestBytes)).header
  } catch {
    return undefined
  }
}
