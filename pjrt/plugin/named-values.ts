import { enums, structs } from "../../native/abi.gen.ts"
import { type Address, copyFrom, textFrom } from "../../native/ffi.ts"
import { Block, textBlock } from "../../native/struct.ts"
import type { ClientOptions } from "../platforms/platform.ts"

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

export type NamedValue = string | number | boolean | ReadonlyArray<number>

/** Reads a C array of PJRT_NamedValue. */
export const readNamedValues = (address: Address, count: number): ReadonlyMap<string, NamedValue> => {
  const layout = structs.NamedValue
  const stride = (layout.size + 7) & ~7
  const found = new Map<string, NamedValue>()
  const view = new DataView(copyFrom(address, count * stride).buffer)
  const word = (at: number) => Number(view.getBigInt64(at, true))
  const read = (base: number): NamedValue => {
    const at = base + layout.value
    const length = word(base + layout.value_size)
    switch (view.getInt32(base + layout.type, true)) {
      case enums.NamedValue.kString:
        return textFrom(word(at), length)
      case enums.NamedValue.kInt64List:
        return Array.from(new BigInt64Array(copyFrom(word(at), 8 * length).buffer), Number)
      case enums.NamedValue.kFloat:
        return view.getFloat32(at, true)
      case enums.NamedValue.kBool:
        return view.getUint8(at) !== 0
      default:
        return word(at)
    }
  }
  for (let base = 0; base < count * stride; base += stride) {
    found.set(textFrom(word(base + layout.name), word(base + layout.name_size)), read(base))
  }
  return found
}
