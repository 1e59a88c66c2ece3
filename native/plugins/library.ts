import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs"
import { endianness } from "node:os"

/** What is wrong with a file that is to be a shared library; `cut` where it is one of which a part is missing. */
export interface LibraryFault {
  readonly kind: "unreadable" | "foreign" | "cut"
  readonly message: string
}

/** A file by what its headers say, read piece by piece. */
class Image {
  readonly size: number
  readonly #handle: number

  constructor(handle: number, size: number) {
    this.#handle = handle
    this.size = size
  }

  /** Bytes of the file, undefined where it ends before. */
  at(offset: number, length: number): DataView | undefined {
    if (offset + length > this.size) return undefined
    const bytes = new Uint8Array(length)
    return readSync(this.#handle, bytes, 0, length, offset) === length
      ? new DataView(bytes.buffer)
      : undefined
  }
}

const foreign = (message: string): LibraryFault => ({ kind: "foreign", message })
const cut = (message: string): LibraryFault => ({ kind: "cut", message })
const beyond = (what: string, end: number, size: number): LibraryFault =>
  cut(`its ${what} up to byte ${end}, but it has ${size} bytes`)

/** Machines by Node's names: ELF's e_machine (elf.h), Mach-O's cputype (mach/machine.h). */
const machines: Readonly<Record<string, { readonly elf: number; readonly mach: number }>> = {
  x64: { elf: 62, mach: 0x1000007 },
  arm64: { elf: 183, mach: 0x100000c }
}

const nameOf = (format: "elf" | "mach", code: number): string =>
  Object.entries(machines).find(([, each]) => each[format] === code)?.[0] ?? `machine ${code}`

/** Why a library of this machine cannot be loaded here; processors that are not known here are left to the loader. */
const machineFault = (format: "elf" | "mach", code: number): LibraryFault | undefined =>
  machines[process.arch] === undefined || machines[process.arch]![format] === code
    ? undefined
    : foreign(`it is for ${nameOf(format, code)}, and this process is ${process.arch}`)

/** Offsets of ELF64 (elf.h). */
const elf = {
  header: {
    bytes: 64,
    class: 4,
    data: 5,
    type: 16,
    machine: 18,
    phoff: 32,
    shoff: 40,
    phentsize: 54,
    phnum: 56
  },
  sections: { size: 58, count: 60 },
  segment: { bytes: 56, type: 0, offset: 8, filesz: 32, memsz: 40, load: 1 },
  section: { bytes: 64, size: 32 },
  sharedObject: 3
} as const

const elfFault = (image: Image): LibraryFault | undefined => {
  const { header, sections, segment, section } = elf
  const head = image.at(0, header.bytes)
  if (head === undefined) return cut(`it ends within its header, at byte ${image.size}`)
  if (head.getUint8(header.class) !== 2) return foreign("it is for 32-bit processes")
  const little = head.getUint8(header.data) === 1
  if (little !== (endianness() === "LE")) return foreign("it is of the other byte order")
  const machine = machineFault("elf", head.getUint16(header.machine, little))
  if (machine !== undefined) return machine
  if (head.getUint16(header.type, little) !== elf.sharedObject)
    return foreign("it is ELF, but no shared library")
  const number = (view: DataView, at: number) => Number(view.getBigUint64(at, little))

  const segments = head.getUint16(header.phnum, little)
  const segmentsAt = number(head, header.phoff)
  const table = image.at(segmentsAt, segments * segment.bytes)
  if (segments === 0 || head.getUint16(header.phentsize, little) !== segment.bytes)
    return foreign("its program headers are not those of a library")
  if (table === undefined)
    return beyond("program headers reach", segmentsAt + segments * segment.bytes, image.size)
  for (let i = 0; i < segments; i++) {
    const at = i * segment.bytes
    if (table.getUint32(at + segment.type, little) !== segment.load) continue
    const filesz = number(table, at + segment.filesz)
    const end = number(table, at + segment.offset) + filesz
    if (end > image.size) return beyond("segments reach", end, image.size)
    if (filesz > number(table, at + segment.memsz)) return foreign("a segment is larger than its memory")
  }
  // A stripped library may have none.
  const sectionsAt = number(head, header.shoff)
  if (sectionsAt === 0) return undefined
  const first = image.at(sectionsAt, section.bytes)
  if (first === undefined) return beyond("section headers reach", sectionsAt + section.bytes, image.size)
  // With more than fit in the header, the first section says how many there are.
  const count = head.getUint16(sections.count, little) || number(first, section.size)
  const end = sectionsAt + count * head.getUint16(sections.size, little)
  return end > image.size ? beyond("section headers reach", end, image.size) : undefined
}

/** mach-o/loader.h: LC_SEGMENT_64 has its file offset and size at 40 and 48; MH_DYLIB is 6, MH_BUNDLE 8. */
const machFault = (image: Image, base: number, size: number): LibraryFault | undefined => {
  const head = image.at(base, 32)
  if (head === undefined) return cut("it ends within its Mach-O header")
  const machine = machineFault("mach", head.getUint32(4, true))
  if (machine !== undefined) return machine
  if (![6, 8].includes(head.getUint32(12, true))) return foreign("it is Mach-O, but no shared library")
  const length = head.getUint32(20, true)
  const commands = image.at(base + 32, length)
  if (commands === undefined) return beyond("load commands reach", base + 32 + length, image.size)
  for (let at = 0, left = head.getUint32(16, true); left > 0 && at + 8 <= length; left--) {
    const bytes = commands.getUint32(at + 4, true)
    if (bytes < 8 || at + bytes > length) return foreign("its load commands are damaged")
    if (commands.getUint32(at, true) === 0x19 && bytes >= 72) {
      const end = Number(commands.getBigUint64(at + 40, true) + commands.getBigUint64(at + 48, true))
      if (end > size) return beyond("segments reach", end, size)
    }
    at += bytes
  }
  return undefined
}

/** mach-o/fat.h, big endian: where the library of each processor lies. */
const fatFault = (image: Image, wide: boolean): LibraryFault | undefined => {
  const count = image.at(4, 4)?.getUint32(0) ?? 0
  const bytes = wide ? 32 : 20
  const table = image.at(8, count * bytes)
  if (table === undefined) return cut("it ends within its list of processors")
  for (let at = 0; at < count * bytes; at += bytes) {
    if (machineFault("mach", table.getUint32(at)) !== undefined) continue
    const offset = wide ? Number(table.getBigUint64(at + 8)) : table.getUint32(at + 8)
    const size = wide ? Number(table.getBigUint64(at + 16)) : table.getUint32(at + 12)
    if (offset + size > image.size)
      return beyond(`part for ${process.arch} reaches`, offset + size, image.size)
    return machFault(image, offset, size)
  }
  return foreign(`it is for other processors than ${process.arch}`)
}

/** What each operating system loads, by the first four bytes. */
const formatOf = (image: Image): "elf" | "mach" | "fat" | "fat64" | "pe" | undefined => {
  const magic = image.at(0, 4)?.getUint32(0)
  switch (magic) {
    case 0x7f454c46:
      return "elf"
    case 0xcffaedfe:
      return "mach"
    case 0xcafebabe:
      return "fat"
    case 0xcafebabf:
      return "fat64"
    default:
      return magic !== undefined && magic >>> 16 === 0x4d5a ? "pe" : undefined
  }
}

const names = {
  elf: "a library of Linux",
  mach: "a library of macOS",
  fat: "a library of macOS",
  fat64: "a library of macOS",
  pe: "a library of Windows"
} as const

const imageFault = (image: Image): LibraryFault | undefined => {
  if (image.size === 0) return cut("it is empty")
  const format = formatOf(image)
  if (format === undefined)
    return image.size < 4
      ? cut(`it has ${image.size} bytes`)
      : foreign("it is no shared library of any system")
  const ours = process.platform === "darwin" ? format !== "elf" && format !== "pe" : format === "elf"
  if (!ours) return foreign(`it is ${names[format]}, and this is ${process.platform}`)
  if (format === "elf") return elfFault(image)
  if (format === "mach") return machFault(image, 0, image.size)
  return fatFault(image, format === "fat64")
}

/**
 * Why a file cannot be loaded as a shared library, by its headers alone. The loader maps what the headers say without
 * checking the file's size. Where the file is shorter, touching the rest ends the process by SIGBUS.
 */
export const libraryFault = (file: string): LibraryFault | undefined => {
  let handle: number | undefined
  try {
    // A pipe without a writer would not open.
    if (!statSync(file).isFile()) return { kind: "unreadable", message: "it is no regular file" }
    handle = openSync(file, "r")
    return imageFault(new Image(handle, fstatSync(handle).size))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return { kind: "unreadable", message: code === "ENOENT" ? "no such file" : message }
  } finally {
    if (handle !== undefined) closeSync(handle)
  }
}
