import { dtypes } from "../../dsl/dtype.ts"
import { type Aval, bytesOf, type Shape, sizeOf } from "../../dsl/shape.ts"

/**
 * How a whole array is cut into tiles of one size, and which partitions have which tile. The last tile of each axis may
 * be padded.
 */
export interface Tiling {
  /** How many tiles there are along each axis. */
  readonly tiles: ReadonlyArray<number>
  /** For each partition the tile that it has, counted along each axis. */
  readonly at: ReadonlyArray<ReadonlyArray<number>>
}

/** How the arguments and the results of a program lie among its partitions. */
export interface Tilings {
  readonly inputs: ReadonlyArray<Tiling>
  readonly outputs: ReadonlyArray<Tiling>
}

/** Each of so many partitions has the whole. */
export const replicated = (rank: number, partitions: number): Tiling => {
  const tiles = Array.from({ length: rank }, () => 1)
  return { tiles, at: Array.from({ length: partitions }, () => tiles.map(() => 0)) }
}

/** What each partition has of a whole array. */
export const tileOf = (shape: Shape, { tiles }: Tiling): Shape =>
  shape.map((dim, axis) => Math.ceil(dim / tiles[axis]!))

/** Visits each row of a tile inside the whole array: its offsets in both, and its length, in bytes. */
const eachRow = (
  { dtype, shape }: Aval,
  tile: Shape,
  at: ReadonlyArray<number>,
  visit: (inWhole: number, inTile: number, length: number) => void
): void => {
  const width = dtypes[dtype].bytes
  const from = tile.map((dim, axis) => dim * at[axis]!)
  const inside = tile.map((dim, axis) => Math.max(0, Math.min(dim, shape[axis]! - from[axis]!)))
  const last = tile.length - 1
  const row = last < 0 ? 1 : inside[last]!
  const rows = last < 0 ? 1 : sizeOf(inside.slice(0, last))
  if (row === 0) return
  const index = inside.map(() => 0)
  for (let n = 0; n < rows; n++) {
    let [inWhole, inTile] = [0, 0]
    for (let axis = 0; axis <= last; axis++) {
      inWhole = inWhole * shape[axis]! + from[axis]! + index[axis]!
      inTile = inTile * tile[axis]! + index[axis]!
    }
    visit(inWhole * width, inTile * width, row * width)
    for (let axis = last - 1; axis >= 0; axis--) {
      index[axis]!++
      if (index[axis]! < inside[axis]!) break
      index[axis] = 0
    }
  }
}

/** What each partition has of a whole array, padded with zeros. */
export const cutTiles = (bytes: Uint8Array, whole: Aval, tiling: Tiling): ReadonlyArray<Uint8Array> => {
  const tile = tileOf(whole.shape, tiling)
  if (sizeOf(tile) === sizeOf(whole.shape)) return tiling.at.map(() => bytes)
  return tiling.at.map((at) => {
    const part = new Uint8Array(new ArrayBuffer(bytesOf({ dtype: whole.dtype, shape: tile })))
    eachRow(whole, tile, at, (inWhole, inTile, length) => {
      part.set(bytes.subarray(inWhole, inWhole + length), inTile)
    })
    return part
  })
}

/** The whole from what each partition has. */
export const joinTiles = (
  parts: ReadonlyArray<Uint8Array<ArrayBuffer>>,
  whole: Aval,
  tiling: Tiling
): Uint8Array<ArrayBuffer> => {
  const tile = tileOf(whole.shape, tiling)
  if (sizeOf(tile) === sizeOf(whole.shape)) return parts[0]!
  const bytes = new Uint8Array(new ArrayBuffer(bytesOf(whole)))
  parts.forEach((part, i) => {
    eachRow(whole, tile, tiling.at[i]!, (inWhole, inTile, length) => {
      bytes.set(part.subarray(inTile, inTile + length), inWhole)
    })
  })
  return bytes
}
