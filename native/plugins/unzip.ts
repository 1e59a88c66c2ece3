import { promisify } from "node:util"
import { inflateRaw } from "node:zlib"

const inflate = promisify(inflateRaw)

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50

/**
 * Extracts one member of a zip archive through its central directory (PKWARE APPNOTE 4.3).
 * Rejects with a plain message where the archive is damaged or lacks the member.
 */
export const unzipMember = async (archive: Buffer, member: string): Promise<Buffer> => {
  const end = archive.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > archive.length || archive.readUInt32LE(end) !== END) {
    throw new Error("not a zip archive, or cut short: it has no central directory")
  }
  const count = archive.readUInt16LE(end + 10)
  let at = archive.readUInt32LE(end + 16)
  for (let i = 0; i < count; i++) {
    if (at + 46 > archive.length || archive.readUInt32LE(at) !== ENTRY)
      throw new Error("damaged central directory")
    const nameLength = archive.readUInt16LE(at + 28)
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength)
    if (name === member) return extract(archive, at)
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  throw new Error(`the archive has no member ${member}`)
}

const extract = async (archive: Buffer, entry: number): Promise<Buffer> => {
  const method = archive.readUInt16LE(entry + 10)
  const packed = archive.readUInt32LE(entry + 20)
  const size = archive.readUInt32LE(entry + 24)
  const local = archive.readUInt32LE(entry + 42)
  if (local + 30 > archive.length || archive.readUInt32LE(local) !== LOCAL)
    throw new Error("damaged local header")
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
  if (start + packed > archive.length) throw new Error("the archive is cut short")
  const data = archive.subarray(start, start + packed)
  if (method !== 0 && method !== 8) throw new Error(`unsupported compression method ${method}`)
  const content = method === 0 ? data : await inflate(data)
  if (content.length !== size) throw new Error(`member has ${content.length} bytes, expected ${size}`)
  return content
}
