import { count } from "../../dsl/count.ts"
import { type DType, dtypes, kindOf } from "../../dsl/dtype.ts"
import { type Aval, bytesOf, show } from "../../dsl/shape.ts"
import type { HostArray } from "../backend/backend.ts"
import { toRowMajor } from "../backend/order.ts"
import { type PythonLiteral, PythonLiteralError, readPythonLiteral } from "./python-literal.ts"

/** NumPy's type codes, byte order left out. bf16 is written as two opaque bytes, as NumPy does with ml_dtypes. */
const codes: { readonly [D in DType]: string } = {
  f16: "f2",
  bf16: "V2",
  f32: "f4",
  f64: "f8",
  i8: "i1",
  i16: "i2",
  i32: "i4",
  i64: "i8",
  u8: "u1",
  u16: "u2",
  u32: "u4",
  u64: "u8",
  bool: "b1",
  c64: "c8",
  c128: "c16"
}

/** NumPy's names of dtypes, as it reads them on this machine; those of one letter may have a byte order before them. */
const letters: { readonly [D in DType]?: string } = {
  f16: "e",
  f32: "f",
  f64: "d",
  i8: "b",
  i16: "h",
  i32: "i",
  i64: "lqpn",
  u8: "B",
  u16: "H",
  u32: "I",
  u64: "LQPN",
  bool: "?",
  c64: "F",
  c128: "D"
}

const names: { readonly [D in DType]?: string } = {
  f16: "float16 half",
  f32: "float32 single",
  f64: "float64 double float",
  i8: "int8 byte",
  i16: "int16 short",
  i32: "int32 intc",
  i64: "int64 int int_ intp long longlong",
  u8: "uint8 ubyte",
  u16: "uint16 ushort",
  u32: "uint32 uintc",
  u64: "uint64 uint uintp ulong ulonglong",
  bool: "bool bool_",
  c64: "complex64 csingle",
  c128: "complex128 cdouble complex"
}

const byWord = (words: { readonly [D in DType]?: string }, separator: string) =>
  new Map(
    Object.entries(words).flatMap(([dtype, all]) =>
      all.split(separator).map((word) => [word, dtype as DType])
    )
  )

const dtypeOfCode = new Map([...byWord(codes, " "), ...byWord(letters, "")])
const dtypeOfName = byWord(names, " ")
const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)

/** The longest header that NumPy reads where it may not trust a file. */
const longestHeader = 10_000

/** A file is no array file, or one that cannot be read here; the message says why. */
export class NpyError extends Error {}

/** The dtype that a descr says, and whether its bytes are in the other order than this machine's. */
const described = (descr: PythonLiteral): { readonly dtype: DType; readonly swapped: boolean } => {
  if (typeof descr !== "string")
    throw new NpyError("holds records, with several fields for each element; save each field as an array")
  const [, order, code] = /^([<>=|]?)(.*)$/s.exec(descr)!
  const dtype = dtypeOfCode.get(code!.replace(/(?<=^[a-zA-Z])0+(?=\d)/, "")) ?? dtypeOfName.get(descr)
  if (dtype === undefined) throw new NpyError(`holds elements of type ${descr}, which are not supported`)
  return { dtype, swapped: order === ">" && codes[dtype][0] !== "V" }
}

/** How wide the parts of an element are that a byte order is about. */
const partBytes = (dtype: DType): number => dtypes[dtype].bytes / (kindOf(dtype) === "complex" ? 2 : 1)

const swap = (bytes: Uint8Array<ArrayBuffer>, width: number): Uint8Array<ArrayBuffer> => {
  if (width === 1) return bytes
  for (let at = 0; at < bytes.length; at += width) bytes.subarray(at, at + width).reverse()
  return bytes
}

/** The versions of the format, by how long their header's length is. */
const versions: Readonly<Record<string, { readonly start: number; readonly encoding: string }>> = {
  "1.0": { start: 10, encoding: "latin1" },
  "2.0": { start: 12, encoding: "latin1" },
  "3.0": { start: 12, encoding: "utf-8" }
}

const headerText = (bytes: Uint8Array, encoding: string): string => {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new NpyError(`header not understood: it is no ${encoding} text`)
  }
}

interface Header {
  readonly descr: PythonLiteral
  readonly fortran: boolean
  readonly shape: ReadonlyArray<number>
}

const readHeader = (text: string, version: string): Header => {
  const not = (why: string) => new NpyError(`header not understood: ${why}: ${text.trim().slice(0, 200)}`)
  let read: PythonLiteral
  try {
    read = readPythonLiteral(text, version !== "3.0")
  } catch (error) {
    throw error instanceof PythonLiteralError ? not(error.message) : error
  }
  if (typeof read !== "object" || read === null || !("dict" in read)) throw not("it is no dictionary")
  const { dict } = read
  const [descr, order, shape] = ["descr", "fortran_order", "shape"].map((key) => dict.get(key))
  if (descr === undefined || order === undefined || shape === undefined || dict.size !== 3)
    throw not("its keys are not descr, fortran_order and shape")
  if (typeof order !== "boolean") throw not("fortran_order is neither True nor False")
  const dims =
    typeof shape === "object" && shape !== null && "tuple" in shape
      ? shape.tuple.map((dim) => (typeof dim === "object" && dim !== null && "int" in dim ? dim.int : -1))
      : [-1]
  if (dims.some((dim) => dim < 0 || !Number.isSafeInteger(dim))) throw not("shape is no tuple of sizes")
  return { descr, fortran: order, shape: dims }
}

/** What the first bytes of a file say of the rest. */
export interface NpyHeader extends Aval {
  /** Where the elements begin. */
  readonly start: number
  /** How many bytes they take. */
  readonly bytes: number
  readonly fortran: boolean
  readonly swapped: boolean
}

/** So many first bytes of a file hold any header that is read. */
export const npyHeaderBytes = 12 + 4 * longestHeader

/** Reads the header of a `.npy` file of so many bytes. Throws an NpyError. */
export const readNpyHeader = (file: Uint8Array, fileBytes: number): NpyHeader => {
  if (file.length < 10 || !magic.every((byte, i) => file[i] === byte)) throw new NpyError("not an .npy file")
  const version = `${file[6]}.${file[7]}`
  const form = versions[version]
  if (form === undefined)
    throw new NpyError(`is of version ${version} of the format; 1.0, 2.0 and 3.0 are known`)
  const { start } = form
  if (start > file.length) throw new NpyError("cut short: the header is incomplete")
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const length = start === 12 ? view.getUint32(8, true) : view.getUint16(8, true)
  if (start + length > fileBytes) throw new NpyError("cut short: the header is incomplete")
  // No character takes more than 4 bytes.
  const text =
    start + length > file.length ? "" : headerText(file.subarray(start, start + length), form.encoding)
  const characters = start + length > file.length ? length : text.length
  if (characters > longestHeader)
    throw new NpyError(`its header has ${characters} characters; ${longestHeader} are the most`)
  const { descr, fortran, shape } = readHeader(text, version)
  const { dtype, swapped } = described(descr)
  const bytes = bytesOf({ dtype, shape })
  const follow = fileBytes - start - length
  if (follow < bytes) {
    throw new NpyError(
      `${show({ dtype, shape })} needs ${count(bytes, "byte")} of data, but ${follow} ${follow === 1 ? "follows" : "follow"} the header`
    )
  }
  return { dtype, shape, start: start + length, bytes, fortran, swapped }
}

/** An array of the elements as they stand in a file, which it takes over. */
export const npyArray = (
  { dtype, shape, fortran, swapped }: NpyHeader,
  elements: Uint8Array<ArrayBuffer>
): HostArray & { readonly bytes: Uint8Array<ArrayBuffer> } => {
  if (swapped) swap(elements, partBytes(dtype))
  // NumPy takes any other byte than 0 for True.
  if (dtype === "bool") for (let i = 0; i < elements.length; i++) if (elements[i] !== 0) elements[i] = 1
  const byColumns = shape.map((_, axis) => axis)
  return {
    dtype,
    shape,
    bytes: fortran ? toRowMajor(elements, shape, byColumns, dtypes[dtype].bytes) : elements
  }
}

/**
 * Reads a `.npy` file (NumPy enhancement proposal 1, and numpy.lib.format) as numpy.load does. It refuses what NumPy
 * refuses, and ignores bytes after the elements. Throws an NpyError.
 */
export const readNpy = (file: Uint8Array): HostArray => {
  const header = readNpyHeader(file, file.length)
  return npyArray(header, new Uint8Array(file.subarray(header.start, header.start + header.bytes)))
}

/** What an `.npy` file of version 1.0 begins with. */
const npyStart = ({ dtype, shape }: Aval): Uint8Array => {
  const order = dtypes[dtype].bytes === 1 || dtype === "bf16" ? "|" : "<"
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ")
  const text = `{'descr': '${order}${codes[dtype]}', 'fortran_order': False, 'shape': (${dims}), }`
  const header = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`
  const start = new Uint8Array(10 + header.length)
  start.set(magic)
  start.set([1, 0, header.length & 0xff, header.length >> 8], 6)
  start.set(new TextEncoder().encode(header), 10)
  return start
}

/** An array as the parts of an `.npy` file, its elements not copied. */
export const npyParts = (array: HostArray): readonly [Uint8Array, Uint8Array] => [
  npyStart(array),
  array.bytes
]

/** An array as an `.npy` file. */
export const writeNpy = (array: HostArray): Uint8Array => {
  const [start, bytes] = npyParts(array)
  const out = new Uint8Array(start.length + bytes.length)
  out.set(start)
  out.set(bytes, start.length)
  return out
}
