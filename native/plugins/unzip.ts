import { type FileHandle, open, writeFile } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import { inflateRaw } from "node:zlib"
import { makeFolder } from "../files.ts"

const inflate = promisify(inflateRaw)

const END = 0x06054b50
const ENTRY = 0x02014b50
const LOCAL = 0x04034b50

/** A file of an archive, as its central directory describes it. */
export interface ZipMember {
  readonly name: string
  readonly method: number
  readonly packed: number
  readonly size: number
  readonly local: number
  /** Whether it may be executed, where the archive was made on Unix. */
  readonly executable: boolean
}

const readAt = async (file: FileHandle, at: number, length: number): Promise<Buffer> => {
  // What an archive says of itself takes no memory before it is there.
  if (at + length > (await file.stat()).size) throw new Error("the archive is cut short")
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  if (bytesRead !== length) throw new Error("the archive is cut short")
  return bytes
}

/** No comment is longer than 65,535 bytes, so the end record lies within these. */
const tailBytes = 22 + 65_535

const readDirectory = async (file: FileHandle): Promise<ReadonlyArray<ZipMember>> => {
  const { size } = await file.stat()
  const tail = await readAt(file, Math.max(0, size - tailBytes), Math.min(size, tailBytes))
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > tail.length || tail.readUInt32LE(end) !== END) {
    throw new Error("not a zip archive, or cut short: it has no central directory")
  }
  const count = tail.readUInt16LE(end + 10)
  const directory = await readAt(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12))
  const members: Array<ZipMember> = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== ENTRY)
      throw new Error("damaged central directory")
    const nameLength = directory.readUInt16LE(at + 28)
    members.push({
      name: directory.toString("utf8", at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      local: directory.readUInt32LE(at + 42),
      executable: (directory.readUInt32LE(at + 38) & (0o100 << 16)) !== 0
    })
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  }
  return members
}

/** No more of a member than the archive says that it has. */
const inflated = (data: Buffer, size: number): Promise<Buffer> =>
  inflate(data, { maxOutputLength: Math.max(1, size) }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ERR_BUFFER_TOO_LARGE") throw error
    throw new Error(`member has more bytes, expected ${size}`)
  })

const extract = async (file: FileHandle, { local, packed, method, size }: ZipMember): Promise<Buffer> => {
  const head = await readAt(file, local, 30)
  if (head.readUInt32LE(0) !== LOCAL) throw new Error("damaged local header")
  const data = await readAt(file, local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28), packed)
  if (method !== 0 && method !== 8) throw new Error(`unsupported compression method ${method}`)
  const content = method === 0 ? data : await inflated(data, size)
  if (content.length !== size) throw new Error(`member has ${content.length} bytes, expected ${size}`)
  return content
}

const withArchive = async <A>(archive: string, use: (file: FileHandle) => Promise<A>): Promise<A> => {
  const file = await open(archive)
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}

/**
 * Extracts one member of a zip archive through its central directory (PKWARE APPNOTE 4.3).
 * Rejects with a plain message where the archive is damaged or lacks the member.
 */
export const unzipMember = (archive: string, name: string): Promise<Buffer> =>
  withArchive(archive, async (file) => {
    const member = (await readDirectory(file)).find((each) => each.name === name)
    if (member === undefined) throw new Error(`the archive has no member ${name}`)
    return extract(file, member)
  })

/** Extracts the members that `keep` accepts below a folder, one at a time. Refuses names that lead out of it. */
export const unzipInto = (archive: string, folder: string, keep: (name: string) => boolean): Promise<void> =>
  withArchive(archive, async (file) => {
    for (const member of await readDirectory(file)) {
      if (member.name.endsWith("/") || !keep(member.name)) continue
      if (member.name.includes("\0")) throw new Error("the archive has a member whose name is no path")
      const target = path.resolve(folder, member.name)
      if (!target.startsWith(`${path.resolve(folder)}${path.sep}`))
        throw new Error(`the archive has a member outside of its folder: ${member.name}`)
      makeFolder(path.dirname(target))
      await writeFile(target, await extract(file, member), { mode: member.executable ? 0o755 : 0o644 })
    }
  })
