import { calls, structs } from "./abi.gen.ts"
import { type Address, addressOf, copyFrom } from "./ffi.ts"

const HIGH = 0x1_0000_0000

/** Memory at a fixed address. An ArrayBuffer's store never moves; it lives as long as this object is reachable. */
export class Block {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly #view: DataView
  /** Taken only when C needs it, since koffi must be loaded by then. */
  #address: Address | undefined

  constructor(size: number) {
    this.bytes = new Uint8Array(new ArrayBuffer(Math.max(8, (size + 7) & ~7)))
    this.#view = new DataView(this.bytes.buffer)
  }

  get address(): Address {
    this.#address ??= addressOf(this.bytes)
    return this.#address
  }

  /** Writes a non-negative 64-bit integer or an address, exact up to 2^53. */
  setWord(offset: number, value: number): void {
    this.#view.setUint32(offset, value % HIGH, true)
    this.#view.setUint32(offset + 4, value / HIGH, true)
  }

  getWord(offset: number): number {
    return this.#view.getUint32(offset, true) + this.#view.getUint32(offset + 4, true) * HIGH
  }

  setInt64(offset: number, value: bigint): void {
    this.#view.setBigInt64(offset, value, true)
  }

  setInt32(offset: number, value: number): void {
    this.#view.setInt32(offset, value, true)
  }

  getInt32(offset: number): number {
    return this.#view.getInt32(offset, true)
  }

  getByte(offset: number): number {
    return this.#view.getUint8(offset)
  }
}

/** A block of 64-bit words: a C array of pointers or of int64. */
export const words = (values: ReadonlyArray<number>): Block => {
  const block = new Block(values.length * 8)
  for (let i = 0; i < values.length; i++) block.setWord(i * 8, values[i]!)
  return block
}

export interface Bytes {
  readonly block: Block
  readonly length: number
}

/** A copy of bytes at a fixed address. */
export const bytesBlock = (bytes: Uint8Array): Bytes => {
  const block = new Block(bytes.length)
  block.bytes.set(bytes)
  return { block, length: bytes.length }
}

const utf8 = new TextEncoder()

export const textBlock = (text: string): Bytes => bytesBlock(utf8.encode(text))

/** Reads `count` words of C memory: an array of pointers or of non-negative int64. */
export const readWords = (address: Address, count: number): Array<number> => {
  if (count === 0) return []
  const view = new DataView(copyFrom(address, count * 8).buffer)
  return Array.from({ length: count }, (_, i) => Number(view.getBigInt64(i * 8, true)))
}

export const readInt32s = (address: Address, count: number): Array<number> => {
  if (count === 0) return []
  const view = new DataView(copyFrom(address, count * 4).buffer)
  return Array.from({ length: count }, (_, i) => view.getInt32(i * 4, true))
}

type Layout = { readonly size: number } & Readonly<Record<string, number>>
type FieldOf<L> = Exclude<keyof L, "slot" | "size"> & string

/** A PJRT structure: zeroed memory with `struct_size` set, its fields reached by their generated offsets. */
export class Struct<L extends Layout> {
  readonly block: Block
  readonly layout: L
  /** Whatever C reaches through this structure's pointers, kept alive with it. */
  #held: Array<object> = []

  constructor(layout: L) {
    this.layout = layout
    this.block = new Block(layout.size)
    this.block.setWord(0, layout.size)
  }

  get address(): Address {
    return this.block.address
  }

  set(field: FieldOf<L>, value: number): this {
    this.block.setWord(this.layout[field]!, value)
    return this
  }

  setInt32(field: FieldOf<L>, value: number): this {
    this.block.setInt32(this.layout[field]!, value)
    return this
  }

  /** Points a field at memory of ours and keeps that memory alive. */
  point(field: FieldOf<L>, target: Block | { readonly address: Address; readonly block: Block }): this {
    return this.hold(target).set(field, target.address)
  }

  /** Keeps memory alive for as long as this structure. */
  hold(memory: object): this {
    this.#held.push(memory)
    return this
  }

  /** Fills a pointer field and its length field. */
  fill(field: FieldOf<L>, sizeField: FieldOf<L>, { block, length }: Bytes): this {
    return this.point(field, block).set(sizeField, length)
  }

  get(field: FieldOf<L>): number {
    return this.block.getWord(this.layout[field]!)
  }

  getInt32(field: FieldOf<L>): number {
    return this.block.getInt32(this.layout[field]!)
  }

  getByte(field: FieldOf<L>): number {
    return this.block.getByte(this.layout[field]!)
  }
}

export type CallName = keyof typeof calls

/** The Args structure of one PJRT function. */
export class Args<N extends CallName> extends Struct<(typeof calls)[N]> {
  readonly call: N

  constructor(call: N) {
    super(calls[call])
    this.call = call
  }
}

export type StructName = keyof typeof structs
export const struct = <N extends StructName>(name: N): Struct<(typeof structs)[N]> =>
  new Struct(structs[name])
