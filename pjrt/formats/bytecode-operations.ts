import { BytecodeFault, type BytecodeReader, sections } from "./bytecode.ts"
import type { BytecodeFile } from "./bytecode-file.ts"

/** What an operation has, as bits of its mask. */
const has = {
  attributes: 1,
  results: 2,
  operands: 4,
  successors: 8,
  regions: 16,
  useOrder: 32,
  properties: 64
}

/** The versions from which on something is there. */
const since = { regionSections: 2, useOrder: 3, elidedLocations: 4, properties: 5 }

/** An operation, in the order of the file: each before what its regions hold. Attributes, types are indices of the file. */
export interface Operation {
  readonly name: string
  /** How many regions enclose it. */
  readonly depth: number
  readonly attributes: number | undefined
  readonly properties: number | undefined
  readonly location: number
  readonly results: ReadonlyArray<number>
  readonly operands: number
}

export interface Operations {
  readonly operations: ReadonlyArray<Operation>
  /** The types of blocks' arguments, and the locations of all. */
  readonly argumentTypes: ReadonlyArray<number>
  /** How deep regions lie in one another; where that is deeper than is of interest, the rest was not read. */
  readonly nesting: number
}

/** Regions of an operation, and what of them is still to be read. */
interface Regions {
  readonly reader: BytecodeReader
  /** Whether the reader is theirs alone, so that nothing may be left in it. */
  readonly apart: boolean
  regions: number
  blocks: number
  operations: number
}

/** The order in which values are used, of some of so many values. */
const skipUseOrders = (reader: BytecodeReader, values: number): void => {
  const count = values > 1 ? reader.varint() : 1
  for (let i = 0; i < count; i++) {
    if (values > 1) reader.varint()
    reader.skipVarints(Math.floor(reader.varint() / 2))
  }
}

class Walk {
  readonly #file: BytecodeFile
  readonly #stack: Array<Regions>
  readonly operations: Array<Operation> = []
  readonly argumentTypes: Array<number> = []
  nesting = 0

  constructor(file: BytecodeFile) {
    this.#file = file
    this.#stack = [{ reader: file.ir.again(), apart: true, regions: 0, blocks: 1, operations: 0 }]
  }

  #type(index: number): number {
    if (index >= this.#file.types.length) throw new BytecodeFault(`it has no type ${index}`)
    return index
  }

  #attribute(reader: BytecodeReader): number {
    const index = reader.varint()
    if (index >= this.#file.attributes.length) throw new BytecodeFault(`it has no attribute ${index}`)
    return index
  }

  #blockArguments(reader: BytecodeReader): void {
    const { version } = this.#file
    const count = reader.varint()
    for (let i = 0; i < count; i++) {
      const type = reader.varint()
      const elided = version >= since.elidedLocations
      this.argumentTypes.push(this.#type(elided ? Math.floor(type / 2) : type))
      if (!elided || type % 2 === 1) this.#attribute(reader)
    }
    if (version >= since.useOrder && reader.byte() !== 0) skipUseOrders(reader, count)
  }

  /** The head of a block; how many operations follow. */
  #block(reader: BytecodeReader): number {
    const encoding = reader.varint()
    if (encoding % 2 === 1) this.#blockArguments(reader)
    return Math.floor(encoding / 2)
  }

  /** An operation but for its regions, which follow if it has any. */
  #operation(reader: BytecodeReader): Regions | undefined {
    const { version, operationNames, properties } = this.#file
    const named = reader.varint()
    const name = operationNames[named]
    if (name === undefined) throw new BytecodeFault(`it has no name of an operation ${named}`)
    const mask = reader.byte()
    if (mask & has.properties && version < since.properties)
      throw new BytecodeFault("an operation has properties, which this version has not")
    if (mask & 0x80) throw new BytecodeFault("an operation has what no version has")
    const location = this.#attribute(reader)
    const attributes = mask & has.attributes ? this.#attribute(reader) : undefined
    const property = mask & has.properties ? reader.varint() : undefined
    if (property !== undefined && property >= properties.length)
      throw new BytecodeFault(`it has no properties ${property}`)
    const results = mask & has.results ? reader.list(() => this.#type(reader.varint())) : []
    const operands = mask & has.operands ? reader.varint() : 0
    reader.skipVarints(operands)
    if (mask & has.successors) reader.skipVarints(reader.varint())
    if (mask & has.useOrder && version >= since.useOrder) skipUseOrders(reader, results.length)
    const depth = this.#stack.length - 1
    this.operations.push({ name, depth, attributes, properties: property, location, results, operands })
    if (!(mask & has.regions)) return undefined
    const encoding = reader.varint()
    const regions = Math.floor(encoding / 2)
    if (regions === 0) return undefined
    if (encoding % 2 === 0 || version < since.regionSections)
      return { reader, apart: false, regions, blocks: 0, operations: 0 }
    const { id, data } = reader.section()
    if (id !== sections.ir) throw new BytecodeFault(`regions are in a section of kind ${id}`)
    return { reader: data, apart: true, regions, blocks: 0, operations: 0 }
  }

  run(deepest: number): void {
    const stack = this.#stack
    while (stack.length > 0 && this.nesting <= deepest) {
      const open = stack.at(-1)!
      if (open.operations > 0) {
        open.operations--
        const inner = this.#operation(open.reader)
        if (inner === undefined) continue
        stack.push(inner)
        this.nesting = Math.max(this.nesting, stack.length - 1)
      } else if (open.blocks > 0) {
        open.blocks--
        open.operations = this.#block(open.reader)
      } else if (open.regions > 0) {
        open.regions--
        open.blocks = open.reader.varint()
        if (open.blocks > 0) open.reader.varint() // how many values it has
      } else {
        if (open.apart && !open.reader.done)
          throw new BytecodeFault("there is more after an operation's regions")
        stack.pop()
      }
    }
  }
}

/**
 * The operations of a file, read with an explicit stack. Operations nested deeper than `deepest` are not read. What
 * MLIR's "Bytecode Format" of versions up to 6 does not describe is a {@link BytecodeFault}.
 */
export const operationsOf = (file: BytecodeFile, deepest: number): Operations => {
  const walk = new Walk(file)
  walk.run(deepest)
  return walk
}
