import { BytecodeFault, type BytecodeReader, openBytecode, sections } from "./bytecode.ts"

/** An attribute or a type: its bytes, the dialect that wrote them, and whether they are binary or text. */
export interface Entry {
  readonly dialect: string
  readonly ownForm: boolean
  readonly read: () => BytecodeReader
}

/** The tables of a file, and the section of its operations, read as MLIR reads them or not at all. */
export interface BytecodeFile {
  readonly version: number
  readonly strings: ReadonlyArray<string>
  /** Whole names, with the dialect. */
  readonly operationNames: ReadonlyArray<string>
  readonly attributes: ReadonlyArray<Entry>
  readonly types: ReadonlyArray<Entry>
  readonly properties: ReadonlyArray<() => BytecodeReader>
  readonly ir: BytecodeReader
}

/** The versions from which on something is there. */
const since = { dialectVersions: 1, operationCount: 4, properties: 5 } as const

const done = (reader: BytecodeReader, what: string): void => {
  if (!reader.done) throw new BytecodeFault(`${what} has ${reader.left} bytes too many`)
}

const at = <A>(all: ReadonlyArray<A>, index: number, what: string): A => {
  if (index >= all.length) throw new BytecodeFault(`it has no ${what} ${index}`)
  return all[index]!
}

/** The lengths come last to first. MLIR drops each text's last byte unseen; here it must be the zero that ends it. */
const readStrings = (reader: BytecodeReader): ReadonlyArray<string> => {
  const lengths = reader.list(() => reader.varint()).reverse()
  const strings = lengths.map((length) => {
    const { text } = reader.part(length)
    if (!text.endsWith("\0")) throw new BytecodeFault("a text does not end with a zero byte")
    return text.slice(0, -1)
  })
  done(reader, "the section of texts")
  return strings
}

/** A name of a dialect or an operation. MLIR takes an operation's whole name for its dialect's where its own is empty. */
const nameOf = (name: string): string => {
  if (!/^[\w.$-]*$/.test(name)) throw new BytecodeFault(`${JSON.stringify(name)} is no name`)
  return name
}

const readDialects = (
  reader: BytecodeReader,
  version: number,
  strings: ReadonlyArray<string>
): ReadonlyArray<string> =>
  reader.list(() => {
    const name = reader.varint()
    if (version < since.dialectVersions) return nameOf(at(strings, name, "text"))
    if (name % 2 === 1 && reader.section().id !== sections.dialectVersions)
      throw new BytecodeFault("a dialect's version is in a section of another kind")
    return nameOf(at(strings, Math.floor(name / 2), "text"))
  })

const readOperationNames = (
  reader: BytecodeReader,
  version: number,
  strings: ReadonlyArray<string>,
  dialects: ReadonlyArray<string>
): ReadonlyArray<string> => {
  const names: Array<string> = []
  const count = version >= since.operationCount ? reader.varint() : undefined
  while (!reader.done) {
    const dialect = at(dialects, reader.varint(), "dialect")
    for (let left = reader.varint(); left > 0; left--) {
      const index = reader.varint()
      const name = nameOf(at(strings, version >= since.properties ? Math.floor(index / 2) : index, "text"))
      names.push(name === "" ? dialect : `${dialect}.${name}`)
    }
  }
  if (count !== undefined && count !== names.length)
    throw new BytecodeFault(`it says ${count} names of operations and has ${names.length}`)
  return names
}

const readEntries = (
  offsets: BytecodeReader,
  entries: BytecodeReader,
  dialects: ReadonlyArray<string>
): { readonly attributes: ReadonlyArray<Entry>; readonly types: ReadonlyArray<Entry> } => {
  const [attributeCount, typeCount] = [offsets.varint(), offsets.varint()]
  const read = (wanted: number): ReadonlyArray<Entry> => {
    const all: Array<Entry> = []
    while (all.length < wanted) {
      const dialect = at(dialects, offsets.varint(), "dialect")
      for (let count = offsets.varint(); count > 0; count--) {
        if (all.length === wanted) throw new BytecodeFault("it has more attributes or types than it says")
        const sized = offsets.varint()
        const part = entries.part(Math.floor(sized / 2))
        all.push({ dialect, ownForm: sized % 2 === 1, read: () => part.again() })
      }
    }
    return all
  }
  const tables = { attributes: read(attributeCount), types: read(typeCount) }
  done(offsets, "the section of offsets")
  done(entries, "the section of attributes and types")
  return tables
}

const readProperties = (reader: BytecodeReader): ReadonlyArray<() => BytecodeReader> => {
  if (reader.done) return []
  const all = reader.list(() => {
    const part = reader.part(reader.varint())
    return () => part.again()
  })
  done(reader, "the section of properties")
  return all
}

/** Reads a file's tables. Throws a {@link BytecodeFault} for whatever is not as MLIR writes it. */
export const readBytecode = (file: Uint8Array): BytecodeFile => {
  const { version, reader } = openBytecode(file)
  const found = new Map<number, BytecodeReader>()
  while (!reader.done) {
    const { id, data } = reader.section()
    if (id > sections.properties) throw new BytecodeFault(`it has a section of kind ${id}`)
    if (found.has(id))
      throw new BytecodeFault(
        id === sections.ir ? "it has two sections of operations" : `it has two sections of kind ${id}`
      )
    found.set(id, data)
  }
  const part = (id: number): BytecodeReader => {
    const data = found.get(id)
    if (data === undefined)
      throw new BytecodeFault(id === sections.ir ? "it has no operations" : `it has no section of kind ${id}`)
    return data
  }
  const ir = part(sections.ir)
  if (found.has(sections.resources) || found.has(sections.resourceOffsets)) {
    // MLIR writes the section of resources even where there are none: no group, and nothing else.
    const [resources, offsets] = [part(sections.resources), part(sections.resourceOffsets)]
    if (!resources.done || offsets.varint() !== 0 || !offsets.done)
      throw new BytecodeFault("it has resources")
  }
  const strings = readStrings(part(sections.strings))
  const names = part(sections.dialects)
  const dialects = readDialects(names, version, strings)
  const operationNames = readOperationNames(names, version, strings, dialects)
  const { attributes, types } = readEntries(part(sections.offsets), part(sections.entries), dialects)
  const properties = found.has(sections.properties) ? readProperties(part(sections.properties)) : []
  if (version >= since.properties) part(sections.properties)
  return { version, strings, operationNames, attributes, types, properties, ir }
}
