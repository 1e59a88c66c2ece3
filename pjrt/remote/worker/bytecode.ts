import {
  BytecodeFault,
  type BytecodeReader,
  irSection,
  openBytecode,
  type Section
} from "../../formats/bytecode.ts"

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

/** How much there is in a program. */
export interface Measure {
  /** How deep regions lie in one another. */
  readonly nesting: number
  readonly operations: number
}

/** Regions of an operation, and what of them is still to be read. */
interface Regions {
  readonly reader: BytecodeReader
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

const skipBlockArguments = (reader: BytecodeReader, version: number): void => {
  const count = reader.varint()
  for (let i = 0; i < count; i++) {
    const typeAndLocation = reader.varint()
    if (version < since.elidedLocations || typeAndLocation % 2 === 1) reader.varint()
  }
  if (version >= since.useOrder && reader.byte() !== 0) skipUseOrders(reader, count)
}

/** The head of a block; how many operations follow. */
const beginBlock = (reader: BytecodeReader, version: number): number => {
  const encoding = reader.varint()
  if (encoding % 2 === 1) skipBlockArguments(reader, version)
  return Math.floor(encoding / 2)
}

const operationsOf = ({ id, data }: Section): BytecodeReader => {
  if (id !== irSection) throw new BytecodeFault(`regions are in a section of kind ${id}`)
  return data
}

/** An operation but for its regions, which follow if it has any. */
const readOperation = (reader: BytecodeReader, version: number): Regions | undefined => {
  reader.varint() // its name
  const mask = reader.byte()
  reader.varint() // its location
  if (mask & has.attributes) reader.varint()
  if (mask & has.properties && version >= since.properties) reader.varint()
  const results = mask & has.results ? reader.varint() : 0
  reader.skipVarints(results)
  if (mask & has.operands) reader.skipVarints(reader.varint())
  if (mask & has.successors) reader.skipVarints(reader.varint())
  if (mask & has.useOrder && version >= since.useOrder) skipUseOrders(reader, results)
  if (!(mask & has.regions)) return undefined
  const encoding = reader.varint()
  const regions = Math.floor(encoding / 2)
  const apart = regions > 0 && encoding % 2 === 1 && version >= since.regionSections
  return { reader: apart ? operationsOf(reader.section()) : reader, regions, blocks: 0, operations: 0 }
}

/** Reads on, operation by operation, until all has been read or it lies deeper than is of interest. */
const walk = (reader: BytecodeReader, version: number, deepest: number): Measure => {
  const stack: Array<Regions> = [{ reader, regions: 0, blocks: 1, operations: 0 }]
  let [nesting, operations] = [0, 0]
  while (stack.length > 0 && nesting <= deepest) {
    const open = stack.at(-1)!
    if (open.operations > 0) {
      open.operations--
      operations++
      const inner = readOperation(open.reader, version)
      if (inner === undefined) continue
      stack.push(inner)
      nesting = Math.max(nesting, stack.length - 1)
    } else if (open.blocks > 0) {
      open.blocks--
      open.operations = beginBlock(open.reader, version)
    } else if (open.regions > 0) {
      open.regions--
      open.blocks = open.reader.varint()
      if (open.blocks > 0) open.reader.varint() // how many values it has
    } else stack.pop()
  }
  return { nesting, operations }
}

/**
 * How many operations a program in MLIR bytecode has, and how deep they lie in one another; where that is deeper than
 * `deepest`, the rest is not counted. It follows MLIR's "Bytecode Format", of versions up to 6; anything else is a
 * {@link BytecodeFault}, as what cannot be measured may be anything.
 */
export const measureBytecode = (file: Uint8Array, deepest: number): Measure => {
  const { version, reader } = openBytecode(file)
  let found: Measure | undefined
  while (!reader.done) {
    const { id, data } = reader.section()
    if (id !== irSection) continue
    if (found !== undefined) throw new BytecodeFault("it has two sections of operations")
    found = walk(data, version, deepest)
  }
  if (found === undefined) throw new BytecodeFault("it has no operations")
  return found
}
