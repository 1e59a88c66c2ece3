import { enums, structs } from "../../native/abi.gen.ts"
import type { PjrtApi } from "../../native/api.ts"
import type { Address } from "../../native/ffi.ts"
import { Args, readWords, struct, words } from "../../native/struct.ts"

/** Row-major order, for a transfer that must return elements so, whatever order the device keeps. */
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

/** How a buffer's elements lie: row-major, in another order of axes (fastest first), or tiled in the device's own way. */
export type ElementOrder = "row-major" | "tiled" | ReadonlyArray<number>

export const elementOrder = (api: PjrtApi, buffer: Address, rank: number): ElementOrder => {
  if (rank <= 1) return "row-major"
  const args = new Args("Buffer_GetMemoryLayout").set("buffer", buffer)
  args.block.setWord(args.layout.layout, structs.Buffer_MemoryLayout.size)
  api.call(args)
  const layout = structs.Buffer_MemoryLayout
  const tiled = structs.Buffer_MemoryLayout_Tiled
  const base = args.layout.layout
  if (args.block.getInt32(base + layout.type) !== enums.Buffer_MemoryLayout_Type.Tiled) return "tiled"
  const at = base + layout.layout
  if (args.block.getWord(at + tiled.num_tiles) !== 0) return "tiled"
  const order = readWords(
    args.block.getWord(at + tiled.minor_to_major),
    args.block.getWord(at + tiled.minor_to_major_size)
  )
  if (order.length !== rank) return "tiled"
  return order.every((axis, i) => axis === rank - 1 - i) ? "row-major" : order
}
