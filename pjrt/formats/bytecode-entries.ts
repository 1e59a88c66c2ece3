import { bracketDepth } from "./bracket-depth.ts"
import { BytecodeFault, type BytecodeReader } from "./bytecode.ts"
import { codes, encodings } from "./bytecode-encodings.ts"
import type { BytecodeFile, Entry } from "./bytecode-file.ts"

type Kind = "attribute" | "type"

/** What an attribute or a type refers to, as indices of the file. */
interface References {
  readonly attributes: ReadonlyArray<number>
  readonly types: ReadonlyArray<number>
}

/** A tensor's type; its shape and the type of its elements. A size that is not known is negative. */
export interface TensorType {
  readonly shape: ReadonlyArray<bigint>
  readonly element: number
}

const { builtin, vhlo, stablehlo } = codes

const tensors: ReadonlyArray<readonly [dialect: string, code: number, encoded: boolean]> = [
  ["builtin", builtin.type.tensor, false],
  ["builtin", builtin.type.encodedTensor, true],
  ["vhlo", vhlo.type.tensor, false],
  ["vhlo", vhlo.type.encodedTensor, true]
]

const directions = ["EQ", "NE", "GE", "GT", "LE", "LT"]

/** The attributes and types of a file, each read when it is asked for. */
export class Entries {
  readonly file: BytecodeFile
  readonly #depths: Readonly<Record<Kind, Map<number, number>>> = { attribute: new Map(), type: new Map() }

  constructor(file: BytecodeFile) {
    this.file = file
  }

  entry(kind: Kind, index: number): Entry {
    const found = (kind === "attribute" ? this.file.attributes : this.file.types)[index]
    if (found === undefined) throw new BytecodeFault(`it has no ${kind} ${index}`)
    return found
  }

  /** What follows an entry's number, where it is of a dialect's own form and of that number. */
  #opened(kind: Kind, index: number, dialect: string, code: number): BytecodeReader | undefined {
    const entry = this.entry(kind, index)
    if (entry.dialect !== dialect || !entry.ownForm) return undefined
    const reader = entry.read()
    return reader.varint() === code ? reader : undefined
  }

  #string(reader: BytecodeReader): string {
    const index = reader.varint()
    const found = this.file.strings[index]
    if (found === undefined) throw new BytecodeFault(`it has no text ${index}`)
    return found
  }

  /** The text of an attribute that is one, or names a symbol; undefined of any other. */
  text(index: number): string | undefined {
    const { string, typedString, symbol } = builtin.attribute
    const reader =
      this.#opened("attribute", index, "builtin", string) ??
      this.#opened("attribute", index, "builtin", typedString) ??
      this.#opened("attribute", index, "vhlo", vhlo.attribute.string)
    if (reader !== undefined) return this.#string(reader)
    const reference = this.#opened("attribute", index, "builtin", symbol)
    if (reference === undefined) return undefined
    const root = this.#opened("attribute", reference.varint(), "builtin", string)
    return root === undefined ? undefined : this.#string(root)
  }

  /** The elements of a list of attributes; undefined of any other. */
  elements(index: number): ReadonlyArray<number> | undefined {
    const reader =
      this.#opened("attribute", index, "builtin", builtin.attribute.array) ??
      this.#opened("attribute", index, "vhlo", vhlo.attribute.array)
    return reader?.list(() => reader.varint())
  }

  /** A dictionary's attributes by their names; undefined of any other. */
  dictionary(index: number): ReadonlyMap<string, number> | undefined {
    const reader =
      this.#opened("attribute", index, "builtin", builtin.attribute.dictionary) ??
      this.#opened("attribute", index, "vhlo", vhlo.attribute.dictionary)
    const pairs = reader?.list(() => {
      const name = this.text(reader.varint())
      if (name === undefined) throw new BytecodeFault("a name in a dictionary is no text")
      return [name, reader.varint()] as const
    })
    return pairs === undefined ? undefined : new Map(pairs)
  }

  /** An integer attribute of up to 64 bits; undefined of any other. */
  integer(index: number): bigint | undefined {
    const reader = this.#opened("attribute", index, "builtin", builtin.attribute.integer)
    if (reader === undefined) return undefined
    const width = this.#opened("type", reader.varint(), "builtin", builtin.type.integer)
    // Its lowest two bits are the sign's kind.
    const bits = width === undefined ? 64 : Math.floor(width.varint() / 4)
    return bits <= 8 ? BigInt(reader.byte()) : reader.signed()
  }

  /** The 64-bit integers of an attribute; empty for attributes of other kinds. */
  integers(index: number): ReadonlyArray<bigint> {
    const { numbers, elements } = builtin.attribute
    const array = this.#opened("attribute", index, "builtin", numbers)
    const reader =
      array ??
      this.#opened("attribute", index, "builtin", elements) ??
      this.#opened("attribute", index, "vhlo", vhlo.attribute.tensor)
    if (reader === undefined) return []
    reader.varint() // its type
    if (array !== undefined) reader.varint() // how many there are
    const { bytes } = reader.part(reader.varint())
    return Array.from({ length: Math.floor(bytes.length / 8) }, (_, i) => bytes.readBigInt64LE(8 * i))
  }

  /** The bounds of an array's sizes, but for sizes that have none; undefined of any other attribute. */
  bounds(index: number): ReadonlyArray<bigint> | undefined {
    const reader =
      this.#opened("attribute", index, "vhlo", vhlo.attribute.bounds) ??
      this.#opened("attribute", index, "stablehlo", stablehlo.attribute.bounds)
    return reader?.list(() => reader.signed()).filter((bound) => bound !== -(2n ** 63n))
  }

  /** The direction of a comparison. */
  comparison(index: number): string | undefined {
    const reader =
      this.#opened("attribute", index, "vhlo", vhlo.attribute.comparison) ??
      this.#opened("attribute", index, "stablehlo", stablehlo.attribute.comparison)
    return reader && directions[reader.varint()]
  }

  tensor(index: number): TensorType | undefined {
    for (const [dialect, code, encoded] of tensors) {
      const reader = this.#opened("type", index, dialect, code)
      if (reader === undefined) continue
      if (encoded) reader.varint()
      return { shape: reader.list(() => reader.signed()), element: reader.varint() }
    }
    return undefined
  }

  /** What an entry refers to; undefined where its dialect wrote it in a form that is not known. */
  references(kind: Kind, index: number): References | undefined {
    const entry = this.entry(kind, index)
    if (!entry.ownForm) return { attributes: [], types: [] }
    const reader = entry.read()
    const code = reader.varint()
    const fields = encodings.get(entry.dialect)?.[kind === "attribute" ? "attributes" : "types"][code]
    if (fields === undefined) return undefined
    const found = { attributes: [] as Array<number>, types: [] as Array<number> }
    this.#fields(reader, fields, found)
    if (!fields.endsWith(".") && !reader.done)
      throw new BytecodeFault(`there is more after an ${kind} than it says`)
    return found
  }

  #fields(
    reader: BytecodeReader,
    fields: string,
    found: { readonly attributes: Array<number>; readonly types: Array<number> }
  ): void {
    for (let at = 0; at < fields.length; at++) {
      switch (fields[at]) {
        case "[": {
          const end = fields.indexOf("]", at)
          const each = fields.slice(at + 1, end)
          reader.list(() => this.#fields(reader, each, found))
          at = end
          break
        }
        case "a":
          found.attributes.push(reader.varint())
          break
        case "t":
          found.types.push(reader.varint())
          break
        case "s":
          this.#string(reader)
          break
        case "v":
          reader.wide()
          break
        case "y":
          reader.byte()
          break
        case "o": {
          const flagged = reader.varint()
          if (flagged % 2 === 1) found.attributes.push(Math.floor(flagged / 2))
          break
        }
        case "c":
          if (reader.wide() !== 0n) found.attributes.push(reader.varint())
          break
        case ".":
          return
      }
    }
  }

  /**
   * How deep an entry refers to others, which MLIR reads by recursion: more than that, and a circle, overflow its stack.
   * What is text counts its brackets. `unknown` is asked about what is in a form that is not known.
   */
  depth(kind: Kind, index: number, deepest: number, unknown: (entry: Entry) => void): number {
    const open: Array<{ kind: Kind; index: number; left: Array<readonly [Kind, number]>; depth: number }> = []
    const known = (of: Kind, at: number): number | undefined => this.#depths[of].get(at)
    const enter = (of: Kind, at: number): void => {
      const references = this.references(of, at)
      if (references === undefined) unknown(this.entry(of, at))
      const left = [
        ...(references?.attributes ?? []).map((each) => ["attribute", each] as const),
        ...(references?.types ?? []).map((each) => ["type", each] as const)
      ]
      const entry = this.entry(of, at)
      open.push({ kind: of, index: at, left, depth: entry.ownForm ? 0 : bracketDepth(entry.read().text) })
      // What refers to itself gets ever deeper.
      if (open.length > deepest)
        throw new BytecodeFault(`its attributes or types lie more than ${deepest} deep in one another`, true)
    }
    if (known(kind, index) === undefined) enter(kind, index)
    while (open.length > 0) {
      const last = open.at(-1)!
      const next = last.left.pop()
      if (next === undefined) {
        this.#depths[last.kind].set(last.index, last.depth)
        open.pop()
        const outer = open.at(-1)
        if (outer !== undefined) outer.depth = Math.max(outer.depth, last.depth + 1)
        continue
      }
      const depth = known(...next)
      if (depth === undefined) enter(...next)
      else last.depth = Math.max(last.depth, depth + 1)
    }
    return known(kind, index)!
  }
}
