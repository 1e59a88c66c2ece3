import { crc32 } from "node:zlib"
import { mask16, mask32, signature, stored, zip64Extra } from "./records.ts"

/** A record of fields, each of so many bytes. */
const record = (...fields: ReadonlyArray<readonly [bytes: 2 | 4 | 8, value: number]>): Buffer => {
  const bytes = Buffer.alloc(fields.reduce((sum, [length]) => sum + length, 0))
  let at = 0
  for (const [length, value] of fields) {
    if (length === 8) bytes.writeBigUInt64LE(BigInt(value), at)
    else bytes.writeUIntLE(value, at, length)
    at += length
  }
  return bytes
}

const version = 45
const utf8Name = 0x800
/** The first of January 1980: what is written does not depend on when. */
const date = 0x21

const lengthOf = (parts: ReadonlyArray<Uint8Array>): number =>
  parts.reduce((sum, part) => sum + part.length, 0)

/** The records of one member: its local header, and its entry in the directory. */
const recordsOf = (text: string, data: ReadonlyArray<Uint8Array>, offset: number) => {
  const name = Buffer.from(text)
  const size = lengthOf(data)
  // Both have these, with the sizes in the extra (APPNOTE 4.3.7, 4.5.3).
  const common = record(
    [2, version],
    [2, utf8Name],
    [2, stored],
    [2, 0],
    [2, date],
    [4, data.reduce((crc, part) => crc32(part, crc), 0)],
    [4, mask32],
    [4, mask32],
    [2, name.length]
  )
  const sizes = record([8, size], [8, size])
  const local = [
    record([4, signature.local]),
    common,
    record([2, 4 + sizes.length]),
    name,
    record([2, zip64Extra], [2, sizes.length]),
    sizes
  ]
  const entry = [
    record([4, signature.entry], [2, version]),
    common,
    record([2, 12 + sizes.length], [2, 0], [2, 0], [2, 0], [4, 0], [4, mask32]),
    name,
    record([2, zip64Extra], [2, 8 + sizes.length]),
    sizes,
    record([8, offset])
  ]
  return { local, entry }
}

/** The zip64 end record, what leads to it, and the end record that all readers look for. */
const endOf = (count: number, size: number, offset: number): ReadonlyArray<Uint8Array> => [
  record([4, signature.end64], [8, 44], [2, version], [2, version], [4, 0], [4, 0]),
  record([8, count], [8, count], [8, size], [8, offset]),
  record([4, signature.locator64], [4, 0], [8, offset + size], [4, 1]),
  record([4, signature.end], [2, 0], [2, 0], [2, mask16], [2, mask16], [4, mask32], [4, mask32], [2, 0])
]

/** A member of an archive that is to be written, its data in parts. */
export type NewMember = readonly [name: string, data: ReadonlyArray<Uint8Array>]

/**
 * The parts of an archive of members, stored as they are: the same bytes for the same members. All records are those of
 * zip64, so nothing is too large or too many. The data are not copied.
 */
export const zipParts = (members: ReadonlyArray<NewMember>): ReadonlyArray<Uint8Array> => {
  const content: Array<Uint8Array> = []
  const directory: Array<Uint8Array> = []
  let offset = 0
  for (const [name, data] of members) {
    const { local, entry } = recordsOf(name, data, offset)
    content.push(...local, ...data)
    directory.push(...entry)
    offset += lengthOf(local) + lengthOf(data)
  }
  return [...content, ...directory, ...endOf(members.length, lengthOf(directory), offset)]
}
