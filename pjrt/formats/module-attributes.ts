import { BytecodeFault, type BytecodeReader, irSection, openBytecode } from "./bytecode.ts"

const sections = { strings: 0, dialects: 1, entries: 2, offsets: 3 } as const

/** How the builtin dialect writes what is needed here (mlir/include/mlir/IR/BuiltinDialectBytecode.td). */
const builtin = { dictionary: 1, string: 2, integer: 8, integerType: 0 } as const

/** An attribute or a type: its bytes, and whether its dialect wrote them in a form of its own, and which dialect. */
interface Entry {
  readonly dialect: string
  readonly ownForm: boolean
  readonly read: () => BytecodeReader
}

/** As many as a number says that stands before them; each takes a byte at least. */
const times = <A>(reader: BytecodeReader, read: () => A): Array<A> => {
  const count = reader.varint()
  if (count > reader.left) throw new BytecodeFault("a list is longer than what it is in")
  return Array.from({ length: count }, read)
}

const readStrings = (reader: BytecodeReader): ReadonlyArray<string> => {
  // The lengths come last to first, each with the zero byte at the end.
  const lengths = times(reader, () => reader.varint()).reverse()
  return lengths.map((length) => reader.part(length).text.slice(0, -1))
}

/** The names of the dialects; those of their operations follow, and are not needed. */
const readDialects = (
  reader: BytecodeReader,
  version: number,
  strings: ReadonlyArray<string>
): ReadonlyArray<string> =>
  times(reader, () => {
    const name = reader.varint()
    if (version === 0) return strings[name] ?? ""
    if (name % 2 === 1) reader.section() // the dialect's own version
    return strings[Math.floor(name / 2)] ?? ""
  })

const readEntries = (
  offsets: BytecodeReader,
  entries: BytecodeReader,
  dialects: ReadonlyArray<string>
): { readonly attributes: ReadonlyArray<Entry>; readonly types: ReadonlyArray<Entry> } => {
  const [attributes, types] = [offsets.varint(), offsets.varint()]
  const all: Array<Entry> = []
  while (all.length < attributes + types) {
    const dialect = dialects[offsets.varint()] ?? ""
    for (let count = offsets.varint(); count > 0; count--) {
      const sized = offsets.varint()
      const part = entries.part(Math.floor(sized / 2))
      all.push({ dialect, ownForm: sized % 2 === 1, read: () => part.again() })
    }
  }
  return { attributes: all.slice(0, attributes), types: all.slice(attributes) }
}

/** The reader of an entry that the builtin dialect has written with this code. */
const opened = (entry: Entry | undefined, code: number): BytecodeReader | undefined => {
  if (entry === undefined || entry.dialect !== "builtin" || !entry.ownForm) return undefined
  const reader = entry.read()
  return reader.varint() === code ? reader : undefined
}

/**
 * The integer attributes of a bytecode's module, such as `mhlo.num_partitions`. Throws a BytecodeFault where they cannot
 * be read.
 */
export const moduleIntegers = (file: Uint8Array): ReadonlyMap<string, number> => {
  const { version, reader } = openBytecode(file)
  const found = new Map<number, BytecodeReader>()
  while (!reader.done) {
    const { id, data } = reader.section()
    found.set(id, data)
  }
  const part = (id: number): BytecodeReader => {
    const data = found.get(id)
    if (data === undefined) throw new BytecodeFault(`it has no section of kind ${id}`)
    return data
  }
  const strings = readStrings(part(sections.strings))
  const dialects = readDialects(part(sections.dialects), version, strings)
  const { attributes, types } = readEntries(part(sections.offsets), part(sections.entries), dialects)
  const ir = part(irSection)
  ir.varint() // one block of one operation, the module
  ir.varint() // its name
  const mask = ir.byte()
  ir.varint() // its location
  const integers = new Map<string, number>()
  if (mask % 2 === 0) return integers
  const dictionary = opened(attributes[ir.varint()], builtin.dictionary)
  if (dictionary === undefined) throw new BytecodeFault("its module's attributes are in an unknown form")
  for (let count = dictionary.varint(); count > 0; count--) {
    const name = opened(attributes[dictionary.varint()], builtin.string)
    const value = opened(attributes[dictionary.varint()], builtin.integer)
    if (name === undefined || value === undefined) continue
    const width = opened(types[value.varint()], builtin.integerType)
    // Its lowest two bits are the sign's kind.
    const bits = width === undefined ? 64 : Math.floor(width.varint() / 4)
    integers.set(strings[name.varint()] ?? "", bits <= 8 ? value.byte() : value.signed())
  }
  return integers
}
