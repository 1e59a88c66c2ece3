import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  ftruncateSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  type Stats,
  statSync
} from "node:fs"
import { type FileHandle, open, rename, rm } from "node:fs/promises"
import path from "node:path"
import { bytesOfContent, makeFolder, partialName, pause, refusal, writeAll, writeWhole } from "./files.ts"

/** Linux follows no more links than this. */
const mostLinks = 40

/** How long a pipe is waited for that nobody reads, in milliseconds. */
const readerPatience = 10_000

const ownDescriptor = /^\/(?:dev|proc\/(?:self|thread-self|\d+))\/fd\/(\d+)$/

/** Where a path leads, link by link: to an open file of this process, or to a path that is no link, there or not. */
const follow = (file: string): { readonly descriptor: number } | { readonly file: string } => {
  let at = path.resolve(file)
  for (let links = 0; links <= mostLinks; links++) {
    const [, number] = ownDescriptor.exec(at) ?? []
    const own =
      number !== undefined && [`${process.pid}`, "self", "thread-self", "fd"].includes(at.split("/")[2]!)
    if (own) return { descriptor: Number(number) }
    if (!lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink()) return { file: at }
    // A relative link is resolved from the folder that really holds it.
    at = path.resolve(realpathSync(path.dirname(at)), readlinkSync(at))
  }
  // The file system's own words for it.
  statSync(file)
  return { file: at }
}

/** Opens a pipe that somebody reads; one that nobody reads is waited for a while. */
const openPipe = (file: string): number => {
  for (const since = performance.now(); ; pause(20)) {
    try {
      return openSync(file, constants.O_WRONLY | constants.O_NONBLOCK)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENXIO") throw error
      if (performance.now() - since < readerPatience) continue
      throw Object.assign(new Error(`ENXIO: nobody reads this pipe, open '${file}'`), { code: "ENXIO" })
    }
  }
}

const using = (descriptor: number, use: (descriptor: number) => void): void => {
  try {
    use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Over a regular file whose folder takes no other: what is longer is written first, so that a full disk is found out. */
const overwrite = (file: string, bytes: Uint8Array): void =>
  using(openSync(file, "r+"), (descriptor) => {
    const before = fstatSync(descriptor).size
    try {
      if (bytes.length > before) writeAll(descriptor, bytes.subarray(before), before)
    } catch (error) {
      ftruncateSync(descriptor, before)
      throw error
    }
    writeAll(descriptor, bytes.subarray(0, before), 0)
    if (bytes.length < before) ftruncateSync(descriptor, bytes.length)
  })

/** Gives a new file what the one had that it replaces, as far as this user may. */
const keepRights =
  ({ uid, gid, mode }: Stats) =>
  (descriptor: number): void => {
    const made = fstatSync(descriptor)
    if (made.uid !== uid || made.gid !== gid) {
      try {
        fchownSync(descriptor, uid, gid)
      } catch {
        // Another user's file in a folder of ours becomes ours.
      }
    }
    fchmodSync(descriptor, mode & 0o777)
  }

/** What a folder says that takes no new file, though one that is there may be written. */
const folderRefuses = new Set(["EACCES", "EPERM", "EROFS", "ENOENT"])

const replace = (file: string, bytes: Uint8Array, stat: Stats): void => {
  accessSync(file, constants.W_OK)
  try {
    writeWhole(file, bytes, 0o600, keepRights(stat))
  } catch (error) {
    if (!folderRefuses.has((error as NodeJS.ErrnoException).code ?? "")) throw error
    overwrite(file, bytes)
  }
}

/**
 * Writes the file that a user names. A device, a pipe, a socket or an open file of this process (/dev/stdout) is
 * written to directly. Links are followed. The file at their end is replaced in one step, whole or not at all; the new
 * one has the same mode and owner. Where its folder takes no new file, the old one is overwritten. Throws where a step
 * fails.
 */
export const writeThrough = (named: string, content: string | Uint8Array): void => {
  const bytes = bytesOfContent(content)
  const end = follow(named)
  if ("descriptor" in end) {
    writeAll(end.descriptor, bytes)
    return
  }
  const { file } = end
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) writeWhole(file, bytes)
  else if (stat.isFile()) replace(file, bytes, stat)
  else
    using(stat.isFIFO() ? openPipe(file) : openSync(file, "w"), (descriptor) => writeAll(descriptor, bytes))
}

/** Makes a new name in a folder last, where the system can. */
const syncFolder = async (folder: string): Promise<void> => {
  try {
    const opened = await open(folder, "r")
    try {
      await opened.sync()
    } finally {
      await opened.close()
    }
  } catch {
    // The file itself is there, and lasts.
  }
}

/** A file that is being written, and takes another's place once it is whole. */
export interface Replacement {
  /** Open for writing and reading. */
  readonly file: FileHandle
  /** Puts it in its place, where it outlasts a power cut. */
  readonly commit: () => Promise<void>
  /** Leaves the old file, and nothing of the new one. */
  readonly abandon: () => Promise<void>
}

/**
 * As `writeThrough`, but the file is written piece by piece by whoever asks for it. What is no regular file, or a link
 * to one, is refused.
 */
export const beginReplacement = async (named: string): Promise<Replacement> => {
  const end = follow(named)
  const stat = "descriptor" in end ? undefined : statSync(end.file, { throwIfNoEntry: false })
  if (stat?.isDirectory()) throw refusal("EISDIR", "it is a folder", named, "open")
  if ("descriptor" in end || (stat !== undefined && !stat.isFile()))
    throw refusal("EINVAL", "it is no regular file", named, "open")
  const { file: target } = end
  if (stat !== undefined) accessSync(target, constants.W_OK)
  makeFolder(path.dirname(target))
  const partial = partialName(target)
  const file = await open(partial, "wx+", stat === undefined ? 0o666 : 0o600)
  return {
    file,
    commit: async () => {
      if (stat !== undefined) keepRights(stat)(file.fd)
      await file.sync()
      await file.close()
      await rename(partial, target)
      await syncFolder(path.dirname(target))
    },
    abandon: async () => {
      await file.close().catch(() => {})
      await rm(partial, { force: true })
    }
  }
}
