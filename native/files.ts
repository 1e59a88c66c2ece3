import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync
} from "node:fs"
import path from "node:path"

/** The names in a folder, in order; none where it cannot be read. */
export const list = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** Those of these files that this user may not read and write. */
export const closed = (files: ReadonlyArray<string>): ReadonlyArray<string> =>
  files.filter((file) => {
    try {
      accessSync(file, constants.R_OK | constants.W_OK)
      return false
    } catch {
      return true
    }
  })

const isFolder = (file: string): boolean => statSync(file, { throwIfNoEntry: false })?.isDirectory() === true

/**
 * Makes a folder and its parents. Throws where that fails. Node's own `recursive` never returns on a file system, such
 * as /proc, that calls the same parent both missing and present.
 */
export const makeFolder = (folder: string, mode = 0o777): void => {
  if (isFolder(folder)) return
  const above = path.dirname(folder)
  if (above !== folder) makeFolder(above, mode)
  try {
    mkdirSync(folder, { mode })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" || !isFolder(folder)) throw error
  }
}

/** Waits on this thread, in milliseconds. */
export const pause = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** Node writes no more than 2^31 - 1 bytes at once. */
const mostAtOnce = 1 << 30

/** Writes all bytes to an open file, from offset `at` where it is given. Waits where a pipe is full. */
export const writeAll = (descriptor: number, bytes: Uint8Array, at: number | null = null): void => {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(
        descriptor,
        bytes,
        done,
        Math.min(mostAtOnce, bytes.length - done),
        at === null ? null : at + done
      )
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error
      pause(5)
    }
  }
}

export const bytesOfContent = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? Buffer.from(content) : content

/** What a file is called while it is being written: hidden, of one writer, and as short as any file system takes. */
export const partialName = (file: string): string =>
  path.join(
    path.dirname(file),
    `.${path.basename(file).slice(0, 40)}.${process.pid}.${Math.random().toString(36).slice(2)}`
  )

/**
 * Writes a file beside its final path, then moves it there in one step. Nobody sees half of it, and a failure leaves
 * the old file. Makes the folder. Replaces what stands at the path, a link or a pipe too; see `writeThrough` for files
 * that users name. `prepare` gets the new file before the move. Throws where a step fails.
 */
export const writeWhole = (
  file: string,
  content: string | Uint8Array,
  mode = 0o666,
  prepare: (descriptor: number) => void = () => {}
): void => {
  const partial = partialName(file)
  makeFolder(path.dirname(file))
  try {
    const descriptor = openSync(partial, "wx", mode)
    try {
      writeAll(descriptor, bytesOfContent(content))
      prepare(descriptor)
    } finally {
      closeSync(descriptor)
    }
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}

/** Why a file is not read, as the file system would say it. */
export const refusal = (
  code: string,
  message: string,
  file: string,
  syscall = "read"
): NodeJS.ErrnoException =>
  Object.assign(new Error(`${code}: ${message}, ${syscall} '${file}'`), { code, syscall, path: file })

/** Opens what must be a regular file; a pipe without a writer is not waited for. */
export const openRegular = (file: string): number => {
  const descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = fstatSync(descriptor)
    if (stat.isDirectory()) throw refusal("EISDIR", "it is a folder", file)
    if (!stat.isFile()) throw refusal("EINVAL", "it is no regular file", file)
    return descriptor
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Reads an open file to its end. Throws where that is more than so many bytes. */
const readToEnd = (descriptor: number, file: string, most: number): Buffer => {
  const parts: Array<Buffer> = []
  for (let total = 0; ; ) {
    const left = fstatSync(descriptor).size - total
    const part = Buffer.allocUnsafe(left > 0 ? left : 1 << 16)
    const read = readSync(descriptor, part, 0, part.length, null)
    if (read === 0) return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    total += read
    if (total > most) throw refusal("EFBIG", `it has more than ${most} bytes`, file)
    parts.push(part.subarray(0, read))
  }
}

/** Reads a file of our own. Throws at once where the path is no regular file, or holds more than so many bytes. */
export const readRegular = (file: string, most: number): Buffer => {
  const descriptor = openRegular(file)
  try {
    const { size } = fstatSync(descriptor)
    if (size > most) throw refusal("EFBIG", `it has ${size} bytes, and at most ${most} are read`, file)
    return readToEnd(descriptor, file, most)
  } finally {
    closeSync(descriptor)
  }
}

/** The first bytes of a file, as many as there are. */
export const readStart = (file: string, count: number): Uint8Array => {
  const descriptor = openRegular(file)
  try {
    const start = new Uint8Array(count)
    return start.subarray(0, readSync(descriptor, start, 0, count, 0))
  } finally {
    closeSync(descriptor)
  }
}

/** No file that a user names is read beyond this; V8 holds no more in one array of bytes. */
const mostBytes = 2 ** 31 - 1

/** Reads a file that a user names: a pipe too, and a device as far as it ends. Throws where it is too large. */
export const readNamed = (file: string): Buffer => {
  const descriptor = openSync(file, "r")
  try {
    const { size } = fstatSync(descriptor)
    if (size > mostBytes)
      throw refusal("EFBIG", `it has ${size} bytes, and at most ${mostBytes} are read`, file)
    return readToEnd(descriptor, file, mostBytes)
  } finally {
    closeSync(descriptor)
  }
}
