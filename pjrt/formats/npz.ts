import type { HostArray } from "../Backend.ts"
import { writeNpy } from "./npy.ts"

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c >>> 0
})

/** CRC-32 as zip uses it; node:zlib has it only from Node 22 on. */
export const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

const utf8 = new TextEncoder()

/** The fields that a member's local header and its directory entry share (PKWARE APPNOTE 4.3.7). */
const shared = (view: DataView, at: number, name: Uint8Array, data: Uint8Array): void => {
  view.setUint16(at, 20, true)
  view.setUint16(at + 8, 0x21, true)
  view.setUint32(at + 10, crc32(data), true)
  view.setUint32(at + 14, data.length, true)
  view.setUint32(at + 18, data.length, true)
  view.setUint16(at + 22, name.length, true)
}

/** A count of 16 bits that says that the end of 64 bits has it. */
const elsewhere = 0xffff

/** What ends an archive (4.3.16); of more members than 16 bits count, an end of 64 bits goes before (4.3.14, 4.3.15). */
const ends = (members: number, size: number, offset: number): ReadonlyArray<Uint8Array> => {
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, 0x06054b50, true)
  for (const at of [8, 10]) end.setUint16(at, Math.min(members, elsewhere), true)
  end.setUint32(12, size, true)
  end.setUint32(16, offset, true)
  const last = new Uint8Array(end.buffer)
  if (members < elsewhere) return [last]
  const long = new DataView(new ArrayBuffer(56 + 20))
  long.setUint32(0, 0x06064b50, true)
  long.setBigUint64(4, 44n, true)
  for (const at of [12, 14]) long.setUint16(at, 45, true)
  for (const at of [24, 32]) long.setBigUint64(at, BigInt(members), true)
  long.setBigUint64(40, BigInt(size), true)
  long.setBigUint64(48, BigInt(offset), true)
  long.setUint32(56, 0x07064b50, true)
  long.setBigUint64(64, BigInt(offset + size), true)
  long.setUint32(72, 1, true)
  return [new Uint8Array(long.buffer), last]
}

/** Named arrays as an `.npz` file: a zip archive of `.npy` members, stored as they are. At most 4 GiB in all. */
export const writeNpz = (arrays: Readonly<Record<string, HostArray>>): Uint8Array => {
  const parts: Array<Uint8Array> = []
  const directory: Array<Uint8Array> = []
  let offset = 0
  for (const [key, array] of Object.entries(arrays)) {
    const name = utf8.encode(`${key}.npy`)
    const data = writeNpy(array)
    const local = new Uint8Array(30)
    const localView = new DataView(local.buffer)
    localView.setUint32(0, 0x04034b50, true)
    shared(localView, 4, name, data)
    const entry = new Uint8Array(46)
    const entryView = new DataView(entry.buffer)
    entryView.setUint32(0, 0x02014b50, true)
    entryView.setUint16(4, 20, true)
    shared(entryView, 6, name, data)
    entryView.setUint32(42, offset, true)
    parts.push(local, name, data)
    directory.push(entry, name)
    offset += local.length + name.length + data.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  if (offset + size > 0xffffffff) throw new RangeError("more than 4 GiB do not fit an .npz file")
  return Buffer.concat([...parts, ...directory, ...ends(directory.length / 2, size, offset)])
}
