import { BytecodeFault } from "./bytecode.ts"
import { Entries } from "./bytecode-entries.ts"
import { readBytecode } from "./bytecode-file.ts"
import { operationsOf } from "./bytecode-operations.ts"

/** What a module's bytecode says of itself. */
export interface ModuleFacts {
  /** Its integer attributes, such as `mhlo.num_partitions`. */
  readonly integers: ReadonlyMap<string, number>
  /** The whole names of the operations that are in it, each once. */
  readonly operations: ReadonlySet<string>
}

/** Throws a {@link BytecodeFault} where they cannot be read. */
export const moduleFacts = (file: Uint8Array): ModuleFacts => {
  const read = readBytecode(file)
  const { operations } = operationsOf(read, Number.POSITIVE_INFINITY)
  const entries = new Entries(read)
  const integers = new Map<string, number>()
  const at = operations[0]?.attributes
  const attributes = at === undefined ? undefined : entries.dictionary(at)
  if (at !== undefined && attributes === undefined)
    throw new BytecodeFault("its module's attributes are in an unknown form")
  for (const [name, index] of attributes ?? []) {
    const value = entries.integer(index)
    if (value !== undefined) integers.set(name, Number(value))
  }
  return { integers, operations: new Set(operations.map(({ name }) => name)) }
}
