import { type FileHandle, open, rm } from "node:fs/promises"
import path from "node:path"
import { PassThrough } from "node:stream"
import { pipeline } from "node:stream/promises"
import { crc32, createInflateRaw } from "node:zlib"
import { makeFolder } from "../files.ts"
import { deflated, mask32, signature, stored, zip64Extra } from "./records.ts"

/** What is wrong with an archive. */
export class ZipFault extends Error {
  override readonly name = "ZipFault"
}

interface Archive {
  readonly file: FileHandle
  readonly size: number
}

/** A file of an archive, as its central directory describes it. */
interface Member {
  readonly name: string
  readonly flags: number
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly local: number
  /** Bytes of its local header and its name, before any extra. */
  readonly head: number
  /** Whether it may be executed, where the archive was made on Unix. */
  readonly executable: boolean
}

const readAt = async ({ file, size }: Archive, at: number, length: number): Promise<Buffer> => {
  // What an archive says of itself takes no memory before it is there.
  if (at + length > size) throw new ZipFault("the archive is cut short")
  const bytes = Buffer.allocUnsafe(length)
  const { bytesRead } = await file.read(bytes, 0, length, at)
  if (bytesRead !== length) throw new ZipFault("the archive is cut short")
  return bytes
}

const readWide = (bytes: Buffer, at: number): number => {
  const value = Number(bytes.readBigUInt64LE(at))
  if (value > Number.MAX_SAFE_INTEGER) throw new ZipFault("the archive names a place beyond 2^53 bytes")
  return value
}

/** No comment is longer than 65,535 bytes, so the end record lies within these. */
const tailBytes = 22 + 65_535

/** No directory of more bytes is read: it has half a million members. */
const mostDirectory = 1 << 26

/** Where the central directory begins. The end record says it, or the zip64 end record before that. */
const findDirectory = async (archive: Archive) => {
  const start = Math.max(0, archive.size - tailBytes)
  const tail = await readAt(archive, start, archive.size - start)
  let end = tail.length - 22
  while (
    end >= 0 &&
    (tail.readUInt32LE(end) !== signature.end || end + 22 + tail.readUInt16LE(end + 20) !== tail.length)
  )
    end--
  if (end < 0) throw new ZipFault("not a zip archive, or cut short: it has no central directory")
  const fields = {
    disks: Math.max(tail.readUInt16LE(end + 4), tail.readUInt16LE(end + 6)),
    count: tail.readUInt16LE(end + 10),
    size: tail.readUInt32LE(end + 12),
    at: tail.readUInt32LE(end + 16)
  }
  if (end < 20 || tail.readUInt32LE(end - 20) !== signature.locator64) return fields
  const record = await readAt(archive, readWide(tail, end - 12), 56)
  if (record.readUInt32LE(0) !== signature.end64) throw new ZipFault("damaged zip64 end record")
  return {
    disks: Math.max(record.readUInt32LE(16), record.readUInt32LE(20)),
    count: readWide(record, 32),
    size: readWide(record, 40),
    at: readWide(record, 48)
  }
}

/** The values of an entry's fields, of which those that are masked stand in its zip64 extra, in this order. */
const widened = (fields: ReadonlyArray<number>, extra: Buffer): ReadonlyArray<number> => {
  if (!fields.includes(mask32)) return fields
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== zip64Extra) continue
    const values = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2))
    let next = 0
    return fields.map((field) => {
      if (field !== mask32) return field
      if (next + 8 > values.length) throw new ZipFault("damaged zip64 fields")
      next += 8
      return readWide(values, next - 8)
    })
  }
  return fields
}

const readEntry = (directory: Buffer, at: number): { readonly member: Member; readonly next: number } => {
  const damaged = () => new ZipFault("damaged central directory")
  if (at + 46 > directory.length || directory.readUInt32LE(at) !== signature.entry) throw damaged()
  const nameEnd = at + 46 + directory.readUInt16LE(at + 28)
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30)
  const next = extraEnd + directory.readUInt16LE(at + 32)
  if (next > directory.length) throw damaged()
  const [size, packed, local] = widened(
    [directory.readUInt32LE(at + 24), directory.readUInt32LE(at + 20), directory.readUInt32LE(at + 42)],
    directory.subarray(nameEnd, extraEnd)
  )
  const member = {
    name: directory.toString("utf8", at + 46, nameEnd),
    flags: directory.readUInt16LE(at + 8),
    method: directory.readUInt16LE(at + 10),
    crc: directory.readUInt32LE(at + 16),
    packed: packed!,
    size: size!,
    local: local!,
    head: 30 + directory.readUInt16LE(at + 28),
    executable: (directory.readUInt32LE(at + 38) & (0o100 << 16)) !== 0
  }
  return { member, next }
}

/**
 * Members that share bytes let a small archive hold any number of large files. With two members of one name, two
 * readers may see two archives.
 */
const requireApart = (members: ReadonlyArray<Member>, directoryAt: number): void => {
  if (new Set(members.map(({ name }) => name)).size !== members.length)
    throw new ZipFault("two members have the same name")
  const inOrder = [...members].sort((a, b) => a.local - b.local)
  for (const [i, { name, local, head, packed }] of inOrder.entries()) {
    if (local + head + packed > (inOrder[i + 1]?.local ?? directoryAt))
      throw new ZipFault(`member ${name} overlaps what follows it`)
  }
}

const readDirectory = async (archive: Archive): Promise<ReadonlyArray<Member>> => {
  const { disks, count, size, at } = await findDirectory(archive)
  if (disks !== 0) throw new ZipFault("the archive is one part of several")
  if (size > mostDirectory && at + size <= archive.size)
    throw new ZipFault(`its directory has ${size} bytes, and at most ${mostDirectory} are read`)
  const directory = await readAt(archive, at, size)
  const members: Array<Member> = []
  let next = 0
  for (let i = 0; i < count; i++) {
    const entry = readEntry(directory, next)
    members.push(entry.member)
    next = entry.next
  }
  requireApart(members, at)
  return members
}

/** Deflate writes 258 bytes with two bits at best. */
const mostRatio = 1032

/** Refuses what cannot be read, or what cannot be what it says, before a byte of it is unpacked. */
const requireSound = ({ name, flags, method, packed, size }: Member): void => {
  if ((flags & 1) !== 0) throw new ZipFault(`member ${name} is encrypted`)
  if (method !== stored && method !== deflated) throw new ZipFault(`unsupported compression method ${method}`)
  if (method === stored ? packed !== size : size > packed * mostRatio)
    throw new ZipFault(`member has ${packed} packed bytes, which are not the expected ${size}`)
}

const partBytes = 1 << 18

async function* packedBytes(archive: Archive, { local, packed }: Member): AsyncGenerator<Buffer> {
  const head = await readAt(archive, local, 30)
  if (head.readUInt32LE(0) !== signature.local) throw new ZipFault("damaged local header")
  const start = local + 30 + head.readUInt16LE(26) + head.readUInt16LE(28)
  for (let done = 0; done < packed; done += partBytes)
    yield await readAt(archive, start + done, Math.min(partBytes, packed - done))
}

/** The bytes of a member as they come: never more than it is said to have, and no others. */
async function* checked(parts: AsyncIterable<Buffer>, member: Member): AsyncGenerator<Buffer> {
  let [size, crc] = [0, 0]
  for await (const part of parts) {
    size += part.length
    if (size > member.size) throw new ZipFault(`member has more bytes, expected ${member.size}`)
    crc = crc32(part, crc)
    yield part
  }
  if (size !== member.size) throw new ZipFault(`member has ${size} bytes, expected ${member.size}`)
  if (crc !== member.crc) throw new ZipFault(`member ${member.name} is damaged: its CRC-32 is another`)
}

/** The bytes of a member, unpacked, as they come. Throws a ZipFault where they are damaged. */
const unpacking = async (
  archive: Archive,
  member: Member,
  take: (parts: AsyncIterable<Buffer>) => Promise<void>
): Promise<void> => {
  requireSound(member)
  // Whoever stops early ends the streams before, and pipeline may tell of that.
  let first: { readonly error: unknown } | undefined
  try {
    await pipeline(
      packedBytes(archive, member),
      member.method === deflated ? createInflateRaw({ chunkSize: partBytes }) : new PassThrough(),
      (parts: AsyncIterable<Buffer>) =>
        take(checked(parts, member)).catch((error) => {
          first = { error }
          throw error
        })
    )
  } catch (thrown) {
    const error = first === undefined ? thrown : first.error
    const { code, message } = error as NodeJS.ErrnoException
    throw code?.startsWith("Z_")
      ? new ZipFault(`member ${member.name} cannot be inflated: ${message}`)
      : error
  }
}

/** Unpacks a member into a file, piece by piece. Leaves no file where that fails. */
const unpack = async (archive: Archive, member: Member, target: string): Promise<void> => {
  requireSound(member)
  const file = await open(target, "w", member.executable ? 0o755 : 0o644)
  try {
    await unpacking(archive, member, (parts) => file.writeFile(parts))
    await file.sync()
  } catch (error) {
    await rm(target, { force: true })
    throw error
  } finally {
    await file.close()
  }
}

const withArchive = async <A>(archive: string, use: (archive: Archive) => Promise<A>): Promise<A> => {
  const file = await open(archive)
  try {
    return await use({ file, size: (await file.stat()).size })
  } finally {
    await file.close()
  }
}

/**
 * Unpacks one member of an archive into a file, whose folder is there. Rejects with a ZipFault where the archive is
 * damaged or lacks the member, and with the file system's own error.
 */
export const unzipMember = (archive: string, name: string, target: string): Promise<void> =>
  withArchive(archive, async (opened) => {
    const member = (await readDirectory(opened)).find((each) => each.name === name)
    if (member === undefined) throw new ZipFault(`the archive has no member ${name}`)
    await unpack(opened, member, target)
  })

/** Where a member goes below a folder. Throws where its name leads out of it, on any system. */
const placeOf = (folder: string, name: string): string => {
  if (name.includes("\0") || path.posix.normalize(name) === ".")
    throw new ZipFault("the archive has a member whose name is no path")
  const outside = path.isAbsolute(name) || /^[a-z]:|\\/i.test(name) || name.split("/").includes("..")
  if (outside) throw new ZipFault(`the archive has a member outside of its folder: ${name}`)
  return path.join(folder, name)
}

/** Unpacks the members that `keep` accepts below a folder, one at a time. Rejects as `unzipMember` does. */
export const unzipInto = (archive: string, folder: string, keep: (name: string) => boolean): Promise<void> =>
  withArchive(archive, async (opened) => {
    const members = (await readDirectory(opened)).filter(({ name }) => !name.endsWith("/") && keep(name))
    const places = members.map(({ name }) => placeOf(folder, name))
    for (const [i, member] of members.entries()) {
      makeFolder(path.dirname(places[i]!))
      await unpack(opened, member, places[i]!)
    }
  })

/** A member of an archive that is open. */
export interface OpenMember {
  readonly name: string
  readonly size: number
  /** Hands over its bytes, unpacked, as they come. Rejects as `unzipMember` does. */
  read(take: (parts: AsyncIterable<Buffer>) => Promise<void>): Promise<void>
}

/** The members of an archive that is open already, in its order, folders left out. Rejects as `unzipMember` does. */
export const membersOf = async (file: FileHandle, size: number): Promise<ReadonlyArray<OpenMember>> => {
  const archive = { file, size }
  return (await readDirectory(archive))
    .filter(({ name }) => !name.endsWith("/"))
    .map((member) => ({
      name: member.name,
      size: member.size,
      read: (take) => unpacking(archive, member, take)
    }))
}
