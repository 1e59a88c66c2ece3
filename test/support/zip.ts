import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { crc32, deflateRawSync } from "node:zlib"
import * as reader from "../../native/zip/reader.ts"

/** A zip archive, as wheels are. */
export const zip = (members: Readonly<Record<string, Buffer>>): Buffer => {
  const bodies: Array<Buffer> = []
  const directory: Array<Buffer> = []
  let offset = 0
  for (const [name, data] of Object.entries(members)) {
    const packed = deflateRawSync(data)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(data), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(data.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, Buffer.from(name), packed])
    const entry = Buffer.alloc(46)
    entry.write("PK\x01\x02\x14\x00", 0, "latin1")
    fields.copy(entry, 6)
    entry.writeUInt32LE(offset, 42)
    bodies.push(local)
    directory.push(entry, Buffer.from(name))
    offset += local.length
  }
  const end = Buffer.alloc(22)
  end.write("PK\x05\x06", 0, "latin1")
  end.writeUInt16LE(directory.length / 2, 8)
  end.writeUInt16LE(directory.length / 2, 10)
  end.writeUInt32LE(Buffer.concat(directory).length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, ...directory, end])
}

/** Bytes in a file of their own. */
export const saved = (bytes: Uint8Array): string => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-zip-")), "file")
  writeFileSync(file, bytes)
  return file
}

/** The bytes of one member of an archive. */
export const unzipMember = async (archive: string, name: string): Promise<Buffer> => {
  const target = saved(new Uint8Array())
  await reader.unzipMember(archive, name, target)
  return readFileSync(target)
}
