import { count } from "../../dsl/count.ts"
import type { DType } from "../../dsl/dtype.ts"
import { isRecord, shown } from "../../dsl/required.ts"
import { type Aval, bytesOf, type Shape } from "../../dsl/shape.ts"
import { JsonFault, readStrictJson } from "./strict-json.ts"

/** A file is no safetensors file, or one that cannot be read or written here; the message says why. */
export class SafetensorsError extends Error {}

/** The dtypes of the format (safetensors 0.8), in its order, each with its bits and what it is here. */
const kinds: Readonly<Record<string, readonly [bits: number, dtype?: DType]>> = {
  BOOL: [8, "bool"],
  F4: [4],
  F6_E2M3: [6],
  F6_E3M2: [6],
  U8: [8, "u8"],
  I8: [8, "i8"],
  F8_E5M2: [8],
  F8_E4M3: [8],
  F8_E5M2FNUZ: [8],
  F8_E4M3FNUZ: [8],
  F8_E8M0: [8],
  I16: [16, "i16"],
  U16: [16, "u16"],
  F16: [16, "f16"],
  BF16: [16, "bf16"],
  I32: [32, "i32"],
  U32: [32, "u32"],
  F32: [32, "f32"],
  C64: [64, "c64"],
  F64: [64, "f64"],
  I64: [64, "i64"],
  U64: [64, "u64"]
}

const order = Object.keys(kinds)
const kindOfDType = new Map(Object.entries(kinds).map(([kind, [, dtype]]) => [dtype, kind]))

/** The format has no header of more bytes. */
export const longestHeader = 100_000_000

/** No dtype of ours has arrays of more; sizes are multiplied exactly, which must not take long. */
const mostAxes = 1000

/** Each file begins with the length of its header, in so many bytes. */
export const lengthBytes = 8

/** A tensor of a file. */
export interface StoredTensor {
  readonly name: string
  /** The format's name of its dtype. */
  readonly kind: string
  /** Undefined where there is no such dtype here. */
  readonly dtype: DType | undefined
  readonly shape: Shape
  /** Where its elements begin, from the start of the file. */
  readonly at: number
  readonly bytes: number
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>
  /** In the order of their bytes. */
  readonly tensors: ReadonlyArray<StoredTensor>
}

/** How long a header is, from the first bytes of a file. Throws a SafetensorsError. */
export const headerLength = (start: Uint8Array, fileBytes: number): number => {
  if (start.length < lengthBytes || fileBytes < lengthBytes)
    throw new SafetensorsError("not a safetensors file: it is shorter than 8 bytes")
  const length = new DataView(start.buffer, start.byteOffset, start.byteLength).getBigUint64(0, true)
  if (length > longestHeader)
    throw new SafetensorsError(
      `not a safetensors file: its header would have ${length} bytes; ${longestHeader} are the most`
    )
  if (lengthBytes + Number(length) > fileBytes)
    throw new SafetensorsError(
      `not a safetensors file, or cut short: its header would have ${length} bytes, and the file has ${fileBytes}`
    )
  return Number(length)
}

/** Half of a character, which no UTF-8 text has. */
const surrogate = /\p{Surrogate}/u

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const named = (name: string): string => JSON.stringify(name.length <= 100 ? name : `${name.slice(0, 100)}…`)

const readTensor = (name: string, entry: unknown, start: number): StoredTensor => {
  const not = (why: string) => new SafetensorsError(`tensor ${named(name)}: ${why}`)
  if (surrogate.test(name)) throw not("its name is no Unicode text")
  if (!isRecord(entry)) throw not(`its entry is ${shown(entry)}, not a record`)
  const { dtype: kind, shape, data_offsets: offsets } = entry
  const known = typeof kind === "string" && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (known === undefined) throw not(`its dtype is ${shown(kind)}, which the format does not have`)
  if (!Array.isArray(shape) || !shape.every(isSize)) throw not("its shape is no list of sizes")
  if (shape.length > mostAxes) throw not(`it has ${shape.length} axes; ${mostAxes} are read at most`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize))
    throw not("its data_offsets are no two places")
  const [from, to] = offsets as [number, number]
  const [bits, dtype] = known
  // Exact, and in order: the format's own library refuses what overflows before a zero.
  let total = BigInt(bits)
  for (const dim of shape) {
    total *= BigInt(dim)
    if (total > 8n * BigInt(Number.MAX_SAFE_INTEGER)) throw not("its shape is larger than any file")
  }
  if (total % 8n !== 0n) throw not("its elements end within a byte")
  const bytes = Number(total / 8n)
  if (to - from !== bytes)
    throw not(`${kind}[${shape.join(",")}] takes ${count(bytes, "byte")}, but it has ${to - from}`)
  return { name, kind: kind as string, dtype, shape: [...shape], at: start + from, bytes }
}

const readMetadata = (value: unknown): Readonly<Record<string, string>> => {
  if (value === undefined || value === null) return {}
  const isText = (text: unknown) => typeof text === "string" && !surrogate.test(text)
  if (!isRecord(value) || !Object.entries(value).flat().every(isText))
    throw new SafetensorsError("its __metadata__ is no record of texts")
  return value as Readonly<Record<string, string>>
}

const headerText = (bytes: Uint8Array): string => {
  let text: string
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new SafetensorsError("header not understood: it is no UTF-8 text")
  }
  if (!text.startsWith("{")) throw new SafetensorsError("header not understood: it does not begin with {")
  return text
}

/**
 * Reads the header of a safetensors file of so many bytes. It refuses what the format forbids: gaps and overlaps
 * between tensors, bytes after the last, a key that stands twice, sizes that contradict shapes. Throws a
 * SafetensorsError.
 */
export const readHeader = (bytes: Uint8Array, fileBytes: number): SafetensorsHeader => {
  let read: unknown
  try {
    read = readStrictJson(headerText(bytes))
  } catch (error) {
    throw error instanceof JsonFault ? new SafetensorsError(`header not understood: ${error.message}`) : error
  }
  if (!isRecord(read)) throw new SafetensorsError("header not understood: it is no record")
  const start = lengthBytes + bytes.length
  const tensors = Object.entries(read)
    .filter(([name]) => name !== metadataKey)
    .map(([name, entry]) => readTensor(name, entry, start))
    .sort((a, b) => a.at - b.at || a.bytes - b.bytes)
  let end = start
  for (const { name, at, bytes: length } of tensors) {
    if (at !== end)
      throw new SafetensorsError(
        `tensor ${named(name)}: it begins at byte ${at}, and what is before it ends at ${end}`
      )
    end = at + length
  }
  if (end !== fileBytes)
    throw new SafetensorsError(
      fileBytes < end
        ? `cut short: it has ${count(fileBytes, "byte")}, and its header speaks of ${end}`
        : `${count(fileBytes - end, "byte")} after the last tensor belong to none`
    )
  return {
    metadata: readMetadata(Object.hasOwn(read, metadataKey) ? read[metadataKey] : undefined),
    tensors
  }
}

const metadataKey = "__metadata__"

/** The dtype of a tensor. Throws a SafetensorsError for one that is none here. */
export const dtypeOf = ({ name, kind, dtype }: StoredTensor): DType => {
  if (dtype !== undefined) return dtype
  throw new SafetensorsError(`tensor ${named(name)} is of dtype ${kind}, which loopcarry does not have`)
}

/** A tensor that is to be written. */
export interface NamedAval extends Aval {
  readonly name: string
}

const requireText = (what: string, text: unknown): void => {
  if (typeof text !== "string") throw new SafetensorsError(`${what} is ${shown(text)}, not a text`)
  if (surrogate.test(text)) throw new SafetensorsError(`${what} is no Unicode text`)
}

/**
 * The first bytes of a file, up to its elements, and where those of each tensor go. Tensors are ordered by alignment
 * and then by name, as the format's own library does, and begin at a multiple of 8. Throws a SafetensorsError.
 */
export const writeHeader = (
  tensors: ReadonlyArray<NamedAval>,
  metadata: Readonly<Record<string, string>> = {}
): { readonly header: Uint8Array<ArrayBuffer>; readonly tensors: ReadonlyArray<StoredTensor> } => {
  for (const [key, text] of Object.entries(metadata)) {
    requireText("a key of the metadata", key)
    requireText(`${named(key)} of the metadata`, text)
  }
  if (new Set(tensors.map(({ name }) => name)).size !== tensors.length)
    throw new SafetensorsError("two tensors have the same name")
  const kindFor = ({ name, dtype }: NamedAval): string => {
    requireText("a name", name)
    if (name === metadataKey) throw new SafetensorsError(`${metadataKey} is no name for a tensor`)
    const kind = kindOfDType.get(dtype)
    if (kind === undefined)
      throw new SafetensorsError(`tensor ${named(name)} is of dtype ${dtype}, which the format does not have`)
    return kind
  }
  let end = 0
  const placed = tensors
    .map((tensor) => ({ tensor, kind: kindFor(tensor) }))
    .sort(
      (a, b) => order.indexOf(b.kind) - order.indexOf(a.kind) || compareUtf8(a.tensor.name, b.tensor.name)
    )
    .map(({ tensor, kind }): StoredTensor => {
      const { name, dtype, shape } = tensor
      const bytes = bytesOf(tensor)
      end += bytes
      return { name, kind, dtype, shape, at: end - bytes, bytes }
    })
  const entries: ReadonlyArray<readonly [string, unknown]> = placed.map(
    ({ name, kind, shape, at, bytes }) => [name, { dtype: kind, shape, data_offsets: [at, at + bytes] }]
  )
  const all = Object.keys(metadata).length === 0 ? entries : [[metadataKey, metadata] as const, ...entries]
  // Not by an object, which would put names of digits first.
  const text = `{${all.map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(entry)}`).join(",")}}`
  const json = new TextEncoder().encode(text)
  const length = Math.ceil(json.length / 8) * 8
  if (length > longestHeader)
    throw new SafetensorsError(`the header would have ${length} bytes; ${longestHeader} are the most`)
  const header = new Uint8Array(lengthBytes + length).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true)
  header.set(json, lengthBytes)
  return { header, tensors: placed.map((each) => ({ ...each, at: each.at + header.length })) }
}

/** The order of texts by their UTF-8 bytes, which is that of their code points. */
const compareUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
