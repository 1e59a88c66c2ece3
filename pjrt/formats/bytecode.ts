/** The section of a file that holds operations, and of an operation that holds its regions. */
export const irSection = 4

/** The last version of MLIR's "Bytecode Format" that is known. */
const lastVersion = 6

const magic = [0x4d, 0x4c, 0xef, 0x52]

/** MLIR bytecode begins with these four bytes; anything else is text. */
export const isBytecode = (bytes: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte)

/** Why bytes are no bytecode that can be read. */
export class BytecodeFault extends Error {}

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
    return value
  }

  /** A signed number: its sign is the lowest bit (MLIR calls it zigzag). */
  signed(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
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

  /** What is left, as text of one byte a character. */
  get text(): string {
    const { buffer, byteOffset } = this.#file
    return Buffer.from(buffer, byteOffset + this.#at, this.#end - this.#at).toString("latin1")
  }

  skipVarints(count: number): void {
    for (let i = 0; i < count; i++) this.varint()
  }

  section(): Section {
    const head = this.byte()
    const length = this.varint()
    if (head & 0x80) {
      const alignment = this.varint()
      if (alignment === 0 || alignment > 2 ** 20) throw new BytecodeFault("a section's alignment is absurd")
      while (this.#at % alignment !== 0) this.byte()
    }
    return { id: head & 0x7f, data: this.part(length) }
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
