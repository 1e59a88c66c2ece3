import { type Field, tables, widths } from "./layout.ts"
import { enums, type Tables, unions } from "./wire.gen.ts"

/** Bytes that are no message of this schema. */
export class WireError extends Error {}

const fault = (what: string): never => {
  throw new WireError(`this is no message: ${what}`)
}

/** No message of ours is nested deeper. */
const deepest = 12

const utf8 = new TextDecoder("utf-8", { fatal: true })

/**
 * Reads a message, and checks each offset and length before it is used. As every part of a message may be pointed to
 * once only, what it makes cannot be larger than the message is.
 */
class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** How many bytes may still be visited: each once. */
  #left: number

  constructor(bytes: Uint8Array) {
    // Not a Buffer, whose parts would be Buffers.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#left = bytes.byteLength
  }

  /** That so many bytes from here on are there, have not been visited too often, and begin where they may. */
  #visit(at: number, length: number, alignment: number): void {
    if (at < 0 || length < 0 || at + length > this.#bytes.length) fault("it points beyond its end")
    if (at % alignment !== 0) fault("a part begins where it may not")
    this.#left -= length
    if (this.#left < 0) fault("its parts overlap")
  }

  #target(at: number): number {
    const offset = this.#view.getUint32(at, true)
    if (offset === 0) fault("an offset is zero")
    return at + offset
  }

  root(name: string): unknown {
    this.#visit(0, 4, 4)
    return this.#table(this.#target(0), name, 0)
  }

  #table(at: number, name: string, depth: number): Record<string, unknown> {
    if (depth > deepest) fault("it is nested too deep")
    this.#visit(at, 4, 4)
    const vtable = at - this.#view.getInt32(at, true)
    // Tables of one shape share their vtable, so that it does not count as visited.
    if (vtable < 0 || vtable + 4 > this.#bytes.length || vtable % 2 !== 0) fault("it points beyond its end")
    const vtableSize = this.#view.getUint16(vtable, true)
    const size = this.#view.getUint16(vtable + 2, true)
    if (vtableSize < 4 || vtableSize % 2 !== 0 || vtable + vtableSize > this.#bytes.length || size < 4)
      fault("a table is cut short")
    this.#visit(at + 4, size - 4, 4)
    const place = (slot: number, width: number): number | undefined => {
      const entry = 4 + 2 * slot
      const offset = entry + 2 <= vtableSize ? this.#view.getUint16(vtable + entry, true) : 0
      if (offset === 0) return undefined
      if (offset < 4 || offset + width > size) fault("a field lies beyond its table")
      if ((at + offset) % width !== 0) fault("a part begins where it may not")
      return at + offset
    }
    const value: Record<string, unknown> = {}
    for (const field of tables[name]!) value[field.name] = this.#field(field, place, depth)
    return value
  }

  #field(field: Field, place: (slot: number, width: number) => number | undefined, depth: number): unknown {
    if (field.kind === "union" && !field.list) return this.#union(field, place, depth)
    const at = place(field.slot, field.list ? 4 : widths[field.kind])
    if (at !== undefined) return field.list ? this.#list(field, at, depth) : this.#value(field, at, depth)
    if (field.required) fault(`it lacks ${field.name}`)
    if (field.list) return field.kind === "ubyte" ? undefined : []
    if (field.kind === "string" || field.kind === "table") return undefined
    if (field.kind === "enum") return enums[field.of as keyof typeof enums][0]
    return field.initial ?? (field.kind === "bool" ? false : 0)
  }

  #union(field: Field, place: (slot: number, width: number) => number | undefined, depth: number): unknown {
    const kindAt = place(field.slot, 1)
    const at = place(field.slot + 1, 4)
    const kind = kindAt === undefined ? 0 : this.#bytes[kindAt]!
    if ((kind === 0) !== (at === undefined)) fault(`${field.name} is half there`)
    if (at === undefined) return field.required ? fault(`it lacks ${field.name}`) : undefined
    const name = unions[field.of as keyof typeof unions][kind - 1]
    // From a newer peer. A request that both sides know never gets such an answer.
    if (name === undefined) return fault(`${field.name} is of a kind that is not known here`)
    return { type: name, ...this.#table(this.#target(at), name, depth + 1) }
  }

  #list(field: Field, at: number, depth: number): unknown {
    const start = this.#target(at)
    this.#visit(start, 4, 4)
    const count = this.#view.getUint32(start, true)
    const width = widths[field.kind]
    this.#visit(start + 4, count * width, Math.min(width, 8))
    if (field.kind === "ubyte") return this.#bytes.subarray(start + 4, start + 4 + count)
    const { list: _, ...one } = field
    const values: Array<unknown> = []
    for (let i = 0; i < count; i++) values.push(this.#value(one, start + 4 + i * width, depth))
    return values
  }

  #value(field: Field, at: number, depth: number): unknown {
    switch (field.kind) {
      case "bool":
        return this.#bytes[at] !== 0
      case "ubyte":
        return this.#bytes[at]
      case "enum":
        return (
          enums[field.of as keyof typeof enums][this.#bytes[at]!] ?? fault(`there is no such ${field.of}`)
        )
      case "ushort":
        return this.#view.getUint16(at, true)
      case "uint":
        return this.#view.getUint32(at, true)
      case "int":
        return this.#view.getInt32(at, true)
      case "ulong": {
        const number = Number(this.#view.getBigUint64(at, true))
        return Number.isSafeInteger(number) ? number : fault(`${field.name} is too large`)
      }
      case "double":
        return this.#view.getFloat64(at, true)
      case "string":
        return this.#string(this.#target(at))
      default:
        return this.#table(this.#target(at), field.of!, depth + 1)
    }
  }

  #string(at: number): string {
    this.#visit(at, 4, 4)
    const length = this.#view.getUint32(at, true)
    this.#visit(at + 4, length + 1, 1)
    if (this.#bytes[at + 4 + length] !== 0) fault("a text has no end")
    try {
      return utf8.decode(this.#bytes.subarray(at + 4, at + 4 + length))
    } catch {
      return fault("a text is not UTF-8")
    }
  }
}

/** A message from bytes of anybody. Throws `WireError` where they are none. */
export const decode = <N extends keyof Tables>(name: N, bytes: Uint8Array): Tables[N] =>
  new Reader(bytes).root(name) as Tables[N]
