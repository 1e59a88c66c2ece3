/** The sections of a file (mlir/include/mlir/Bytecode/Encoding.h); an operation's regions are in one of kind `ir` too. */
export const sections = {
  strings: 0,
  dialects: 1,
  entries: 2,
  offsets: 3,
  ir: 4,
  resources: 5,
  resourceOffsets: 6,
  dialectVersions: 7,
  properties: 8
} as const

/** The last version of MLIR's "Bytecode Format" that is known. */
const lastVersion = 6

const magic = [0x4d, 0x4c, 0xef, 0x52]

/** MLIR bytecode begins with these four bytes; anything else is text. */
export const isBytecode = (bytes: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte)

/** Why bytes are no bytecode that can be read; `deep` where they nest deeper than is read. */
export class BytecodeFault extends Error {
  readonly deep: boolean

  constructor(message: string, deep = false) {
    super(message)
    this.deep = deep
  }
}

export interface Section {
  readonly id: number
  readonly data: BytecodeReader
}

/** Reads a part of a file; what reaches beyond its end is a fault. */
export class BytecodeReader {
  readonly #file: Uint8Array
  readonly #end: number
  #at: number

  constructor(file: Uint8Array, from = 0, end = file.length) {
    this.#file = file
    this.#at = from
    this.#end = end
  }

  get done(): boolean {
    return this.#at >= this.#end
  }

  byte(): number {
    if (this.done) throw new BytecodeFault("it ends too early")
    return this.#file[this.#at++]!
  }

  /** The trailing zeros of its first byte say how many bytes follow. */
  varint(): number {
    const first = this.byte()
    if (first & 1) return first >>> 1
    const following = first === 0 ? 8 : 31 - Math.clz32(first & -first)
    let value = first >>> (following + 1)
    for (let i = 0, scale = 2 ** Math.max(0, 7 - following); i < following; i++, scale *= 256)
      value += this.byte() * scale
    if (value > Number.MAX_SAFE_INTEGER) throw new BytecodeFault("a number is too large")
    return value
  }

  /** A number of up to 64 bits. */
  wide(): bigint {
    const first = this.byte()
    if (first & 1) return BigInt(first >>> 1)
    const following = first === 0 ? 8 : 31 - Math.clz32(first & -first)
    let value = BigInt(first)
    for (let i = 1; i <= following; i++) value |= BigInt(this.byte()) << BigInt(8 * i)
    return first === 0 ? value >> 8n : value >> BigInt(following + 1)
  }

  /** A signed number: its sign is the lowest bit (MLIR calls it zigzag). */
  signed(): bigint {
    const value = this.wide()
    return value % 2n === 0n ? value / 2n : -(value + 1n) / 2n
  }

  /** As many as a number says that stands before them; each takes a byte at least. */
  list<A>(read: () => A): Array<A> {
    const count = this.varint()
    if (count > this.left) throw new BytecodeFault("a list is longer than what it is in")
    return Array.from({ length: count }, read)
  }

  /** The next bytes, in a reader of their own. */
  part(length: number): BytecodeReader {
    if (length > this.#end - this.#at) throw new BytecodeFault("a part is longer than what it is in")
    this.#at += length
    return new BytecodeReader(this.#file, this.#at - length, this.#at)
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#end - this.#at
  }

  /** Another reader of what is left. */
  again(): BytecodeReader {
    return new BytecodeReader(this.#file, this.#at, this.#end)
  }

  /** What is left. */
  get bytes(): Buffer {
    const { buffer, byteOffset } = this.#file
    return Buffer.from(buffer, byteOffset + this.#at, this.#end - this.#at)
  }

  /** What is left, as text of one byte a character. */
  get text(): string {
    return this.bytes.toString("latin1")
  }

  skipVarints(count: number): void {
    for (let i = 0; i < count; i++) this.varint()
  }

  /** MLIR aligns a section to the address that it reads from, so only one that is not aligned is read alike here. */
  section(): Section {
    const head = this.byte()
    if (head & 0x80) throw new BytecodeFault("a section is aligned")
    return { id: head, data: this.part(this.varint()) }
  }
}

/** A file's version, and its sections. Throws a BytecodeFault. */
export const openBytecode = (
  file: Uint8Array
): { readonly version: number; readonly reader: BytecodeReader } => {
  const reader = new BytecodeReader(file)
  for (const byte of magic)
    if (reader.byte() !== byte) throw new BytecodeFault("it does not begin as bytecode does")
  const version = reader.varint()
  if (version > lastVersion)
    throw new BytecodeFault(`its version is ${version}, and ${lastVersion} the last known`)
  while (reader.byte() !== 0); // who made it
  return { version, reader }
}
