import { enums, structs } from "../../native/abi.gen.ts"
import { Block, textBlock } from "../../native/struct.ts"

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

const varint = (value: number): ReadonlyArray<number> =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))]

/** A protobuf field holding an integer, and one holding a message. */
const integer = (field: number, value: number) => [...varint(field << 3), ...varint(value)]
const message = (field: number, content: ReadonlyArray<number>) => [
  ...varint((field << 3) | 2),
  ...varint(content.length),
  ...content
]

/**
 * A serialized CompileOptionsProto (xla/pjrt/proto/compile_options.proto) for one replica and one partition on a
 * device: executable_build_options (3) with num_replicas (4), num_partitions (5), and device_assignment (9), a
 * DeviceAssignmentProto (xla/xla_data.proto) of one computation.
 */
export const compileOptions = (deviceId: number): Uint8Array => {
  const computation = message(3, message(1, varint(deviceId)))
  const assignment = message(9, [...integer(1, 1), ...integer(2, 1), ...computation])
  return Uint8Array.from(message(3, [...integer(4, 1), ...integer(5, 1), ...assignment]))
}
