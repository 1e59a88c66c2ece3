import { enums, structs } from "../native/abi.gen.ts"
import { Block, textBlock } from "../native/struct.ts"

/** What a client is created with; each platform knows its own names and refuses others. */
export type ClientOptions = Readonly<Record<string, string | number | boolean>>

/** A C array of PJRT_NamedValue, with everything it points to. */
export const namedValues = (
  options: ClientOptions
): { readonly block: Block; readonly count: number; readonly held: ReadonlyArray<Block> } => {
  const entries = Object.entries(options)
  const layout = structs.NamedValue
  const stride = (layout.size + 7) & ~7
  const block = new Block(entries.length * stride)
  const held: Array<Block> = []
  const text = (value: string) => {
    const made = textBlock(value)
    held.push(made.block)
    return made
  }
  entries.forEach(([name, value], i) => {
    const base = i * stride
    const key = text(name)
    block.setWord(base, layout.size)
    block.setWord(base + layout.name, key.block.address)
    block.setWord(base + layout.name_size, key.length)
    if (typeof value === "string") {
      const string = text(value)
      block.setInt32(base + layout.type, enums.NamedValue.kString)
      block.setWord(base + layout.value, string.block.address)
      block.setWord(base + layout.value_size, string.length)
    } else if (typeof value === "boolean") {
      block.setInt32(base + layout.type, enums.NamedValue.kBool)
      block.setInt32(base + layout.value, value ? 1 : 0)
      block.setWord(base + layout.value_size, 1)
    } else {
      block.setInt32(base + layout.type, enums.NamedValue.kInt64)
      block.setInt64(base + layout.value, BigInt(value))
      block.setWord(base + layout.value_size, 1)
    }
  })
  return { block, count: entries.length, held }
}

/**
 * A serialized CompileOptionsProto (xla/pjrt/proto/compile_options.proto): field 3, executable_build_options, holding
 * fields 4 and 5, num_replicas and num_partitions, both 1.
 */
export const compileOptions = Uint8Array.of(0x1a, 4, 0x20, 1, 0x28, 1)
