import { readFileSync } from "node:fs"

const fixture = JSON.parse(readFileSync(new URL("../fixtures/bytecode.json", import.meta.url), "utf8"))

/** One program, in each version of MLIR bytecode and of portable StableHLO. */
export const programs: Readonly<Record<string, Buffer>> = Object.fromEntries(
  Object.entries<string>(fixture.programs).map(([name, code]) => [name, Buffer.from(code, "base64")])
)

/** Programs that take floats of 4 or 6 bits, in bytecode and as portable StableHLO. */
export const shortFloats: ReadonlyArray<Buffer> = fixture.shortFloats.map((code: string) =>
  Buffer.from(code, "base64")
)

/** What MLIR counts in it. */
export const wanted = { operations: fixture.operations as number, nesting: fixture.nesting as number }

/** A section of bytecode: its kind, and its content. */
export interface Part {
  readonly id: number
  readonly content: Buffer
}

/** A number of bytecode's, in the length that its size asks for, or in a longer one. */
export const varint = (value: number, least = 1): Buffer => {
  for (let length = least; length < 8; length++)
    if (value < 2 ** (7 * length)) {
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(((BigInt(value) << 1n) | 1n) << BigInt(length - 1))
      return bytes.subarray(0, length)
    }
  throw new Error("too large")
}

/** A number at a place, and where it ends. */
export const varintAt = (bytes: Buffer, at: number): readonly [value: number, end: number] => {
  const more = 31 - Math.clz32(bytes[at]! & -bytes[at]!)
  let value = 0
  for (let i = more; i >= 0; i--) value = value * 256 + bytes[at + i]!
  return [Math.floor(value / 2 ** (more + 1)), at + more + 1]
}

/** A file's head and its sections. */
export const split = (file: Buffer): { readonly head: Buffer; readonly parts: ReadonlyArray<Part> } => {
  let at = file.indexOf(0) + 1
  const head = file.subarray(0, at)
  const parts: Array<Part> = []
  while (at < file.length) {
    const id = file[at]!
    const [length, from] = varintAt(file, at + 1)
    parts.push({ id, content: file.subarray(from, from + length) })
    at = from + length
  }
  return { head, parts }
}

export const join = (head: Buffer, parts: ReadonlyArray<Part>): Buffer =>
  Buffer.concat([
    head,
    ...parts.flatMap(({ id, content }) => [Buffer.from([id]), varint(content.length), content])
  ])

/** The texts of a section of texts, each with its last byte. */
export const textsOf = (content: Buffer): ReadonlyArray<Buffer> => {
  let [count, at] = varintAt(content, 0)
  const lengths: Array<number> = []
  for (; count > 0; count--) {
    const [length, end] = varintAt(content, at)
    lengths.unshift(length)
    at = end
  }
  return lengths.map((length) => {
    at += length
    return content.subarray(at - length, at)
  })
}

/** A file whose texts are put through a function, each with its last byte. */
export const withTexts = (file: Buffer, change: (text: Buffer, index: number) => Buffer): Buffer => {
  const { head, parts } = split(file)
  return join(
    head,
    parts.map(({ id, content }) => {
      if (id !== 0) return { id, content }
      const texts = textsOf(content).map(change)
      const lengths = texts.map(({ length }) => varint(length)).reverse()
      return { id, content: Buffer.concat([varint(texts.length), ...lengths, ...texts]) }
    })
  )
}

/** An attribute or a type of bytecode: its dialect, by number, its bytes, and whether they are the dialect's own or text. */
export interface Entry {
  readonly dialect: number
  readonly content: Buffer
  readonly ownForm: boolean
}

/** A file whose attributes and types are put through a function. */
export const withEntries = (file: Buffer, change: (entry: Entry) => Entry): Buffer => {
  const { head, parts } = split(file)
  const content = (id: number) => parts.find((part) => part.id === id)!.content
  const [offsets, bytes] = [content(3), content(2)]
  let [at, from] = [0, 0]
  const number = () => {
    const [value, end] = varintAt(offsets, at)
    at = end
    return value
  }
  const counts = [number(), number()]
  const entries = counts.map((count) => {
    const all: Array<Entry> = []
    while (all.length < count) {
      const dialect = number()
      for (let left = number(); left > 0; left--) {
        const sized = number()
        const length = Math.floor(sized / 2)
        all.push(change({ dialect, content: bytes.subarray(from, from + length), ownForm: sized % 2 === 1 }))
        from += length
      }
    }
    return all
  })
  const sizes = entries.flat().map((entry) => {
    const sized = 2 * entry.content.length + (entry.ownForm ? 1 : 0)
    return Buffer.concat([varint(entry.dialect), varint(1), varint(sized)])
  })
  const written: Readonly<Record<number, Buffer>> = {
    2: Buffer.concat(entries.flat().map((entry) => entry.content)),
    3: Buffer.concat([...counts.map((count) => varint(count)), ...sizes])
  }
  return join(
    head,
    parts.map((part) => ({ ...part, content: written[part.id] ?? part.content }))
  )
}

/** Bytecode of modules in one another, so many deep. The head is that of a real program, whose operations it replaces. */
export const nestedBytecode = (depth: number): Buffer => {
  const program = programs["version 6"]!
  const { head, parts } = split(program)
  const first = parts.find(({ id }) => id === 4)!.content
  // The name and the location of its module, which is a region with one block of one operation.
  const [name, location] = [first[1]!, first[3]!]
  const one = Buffer.from([name, 16, location, 5, 3, 1, 5])
  const none = Buffer.from([name, 16, location, 5, 1])
  const all = Buffer.concat([varint(2), ...Array.from({ length: depth - 1 }, () => one), none])
  return join(
    head,
    parts.map((part) => (part.id === 4 ? { ...part, content: all } : part))
  )
}
