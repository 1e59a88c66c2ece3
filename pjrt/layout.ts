import { enums } from "../native/abi.gen.ts"
import type { PjrtApi } from "../native/api.ts"
import type { Address } from "../native/ffi.ts"
import { Args, readWords, struct, words } from "../native/struct.ts"

/** Elements in row-major order, for a transfer that must come back so whatever order the device keeps. */
export const rowMajorLayout = (rank: number) => {
  const order = words(Array.from({ length: rank }, (_, i) => rank - 1 - i))
  const layout = struct("Buffer_MemoryLayout").setInt32("type", enums.Buffer_MemoryLayout_Type.Tiled)
  const tiled = struct("Buffer_MemoryLayout_Tiled")
  const at = layout.layout.layout
  layout.block.bytes.set(tiled.block.bytes, at)
  layout.block.setWord(at + tiled.layout.minor_to_major, order.address)
  layout.block.setWord(at + tiled.layout.minor_to_major_size, rank)
  return { address: layout.address, block: layout.block, order }
}

/** Whether a buffer on the device keeps its elements in row-major order, without gaps or tiles. */
export const hasRowMajorLayout = (api: PjrtApi, buffer: Address, rank: number): boolean => {
  if (rank <= 1) return true
  const args = new Args("Buffer_GetMemoryLayout").set("buffer", buffer)
  args.block.setWord(args.layout.layout, struct("Buffer_MemoryLayout").layout.size)
  api.call(args)
  const layout = struct("Buffer_MemoryLayout").layout
  const tiled = struct("Buffer_MemoryLayout_Tiled").layout
  const base = args.layout.layout
  if (args.block.getInt32(base + layout.type) !== enums.Buffer_MemoryLayout_Type.Tiled) return false
  const at = base + layout.layout
  if (args.block.getWord(at + tiled.num_tiles) !== 0) return false
  const order = readWords(
    args.block.getWord(at + tiled.minor_to_major),
    args.block.getWord(at + tiled.minor_to_major_size)
  )
  return order.length === rank && order.every((dim, i) => dim === rank - 1 - i)
}
