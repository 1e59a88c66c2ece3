import { constants as bufferConstants } from "node:buffer"
import { constants } from "node:fs"
import { type FileHandle, open } from "node:fs/promises"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { shown } from "../../dsl/required.ts"
import { beginReplacement, type Replacement } from "../../native/write-through.ts"
import { ArgumentError } from "../backend/errors.ts"
import { FileError, FormatError, MismatchError } from "./errors.ts"

const hints: Readonly<Record<string, string>> = {
  ENOENT: "check the path, and where this process was started",
  EISDIR: "name a file in it",
  ENOTDIR: "a part of the path is a file: name another",
  EACCES: "ask for the right to it, or name another path",
  EPERM: "ask for the right to it, or name another path",
  EROFS: "name a path where files may be written",
  ENOSPC: "free some space, or name a path on another disk; what stood there is as it was",
  EDQUOT: "free some space, or name a path on another disk; what stood there is as it was",
  EFBIG: "files may not be so large here; name a path on another disk",
  ELOOP: "its links lead round in a circle: name the file itself",
  EINVAL: "name a regular file"
}

const hasCode = (error: unknown): error is NodeJS.ErrnoException & { readonly code: string } =>
  error instanceof Error && typeof (error as NodeJS.ErrnoException).code === "string"

/** A failure of the file system as an error of ours; any other is handed on as it is. */
const fileError = (file: string, error: unknown): FileError | undefined =>
  hasCode(error)
    ? new FileError({
        file,
        code: error.code,
        message: `${file}: ${error.message}`,
        hint: hints[error.code] ?? "see what the system says of it, or name another path"
      })
    : undefined

/** What a reader of a format throws, as an error that names the file. */
export const formatError = (file: string, message: string, hint: string): FormatError =>
  new FormatError({ file, message: `${file}: ${message}`, hint })

export type IoError = FileError | FormatError | MismatchError | ArgumentError

const isOurs = (error: unknown): error is IoError =>
  error instanceof FileError ||
  error instanceof FormatError ||
  error instanceof MismatchError ||
  error instanceof ArgumentError

/** The faults of a format: a class of errors, and what to do about them. */
export type Faults = ReadonlyArray<readonly [fault: new (message: string) => Error, hint: string]>

/**
 * Work on a file that is not left half done where the fiber is interrupted. `own` names the faults of its format.
 */
export const working = <A, E extends IoError = FileError | FormatError>(
  file: string,
  work: () => Promise<A>,
  own: Faults = []
): Effect.Effect<A, E> =>
  Effect.uninterruptible(
    Effect.tryPromise({ try: work, catch: (error) => error }).pipe(
      Effect.catch((error) => {
        if (isOurs(error)) return Effect.fail(error as E)
        for (const [fault, hint] of own)
          if (error instanceof fault)
            return Effect.fail(formatError(file, error.message, hint) as unknown as E)
        const failed = fileError(file, error)
        return failed === undefined ? Effect.die(error) : Effect.fail(failed as unknown as E)
      })
    )
  )

const notAPath = (operation: string, path: unknown): ArgumentError =>
  new ArgumentError({
    path: "path",
    message: `${operation}: the path is ${shown(path)}, not a text`,
    hint: `name the file: ${operation}("FILE", …)`
  })

/** Refuses what is no path. */
export const requirePath = (operation: string, path: unknown): Effect.Effect<string, ArgumentError> =>
  typeof path === "string" && path !== "" ? Effect.succeed(path) : Effect.fail(notAPath(operation, path))

/** An open file and its size. */
export interface OpenFile {
  readonly handle: FileHandle
  readonly name: string
  readonly size: number
}

const openRegular = async (name: string): Promise<OpenFile> => {
  // A pipe without a writer is not waited for.
  const handle = await open(name, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const stat = await handle.stat()
    if (stat.isDirectory()) throw Object.assign(new Error("it is a folder"), { code: "EISDIR" })
    if (!stat.isFile()) throw Object.assign(new Error("it is no regular file"), { code: "EINVAL" })
    return { handle, name, size: stat.size }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/** Opens a regular file for reading, until the scope closes. */
export const openFile = (name: string): Effect.Effect<OpenFile, FileError, Scope.Scope> =>
  Effect.acquireRelease(
    working<OpenFile, FileError>(name, () => openRegular(name)),
    ({ handle }) => Effect.promise(() => handle.close())
  )

const cutShort = ({ name }: OpenFile): FormatError =>
  formatError(name, "cut short while it was read", "it has been changed: read it again")

/** Fills an array from a place of a file. */
export const readInto = async (file: OpenFile, into: Uint8Array, at: number): Promise<void> => {
  for (let done = 0; done < into.length; ) {
    const { bytesRead } = await file.handle.read(into, done, into.length - done, at + done)
    if (bytesRead === 0) throw cutShort(file)
    done += bytesRead
  }
}

/** So much is read or written at a time. */
const pieceBytes = 8 << 20

/** So many pieces are read at once. */
const readsAhead = 2

/**
 * Fills a large array from a place of a file, and hands each piece to `see` in order. The next pieces are being read
 * meanwhile, on other threads.
 */
export const readPieces = async (
  file: OpenFile,
  into: Uint8Array,
  at: number,
  see: (piece: Uint8Array) => void
): Promise<void> => {
  const reads: Array<Promise<void>> = []
  const begin = (start: number) => {
    if (start >= into.length) return
    const read = readInto(file, into.subarray(start, start + pieceBytes), at + start)
    // One that fails before its turn is told of then.
    read.catch(() => {})
    reads.push(read)
  }
  try {
    for (let ahead = 0; ahead < readsAhead; ahead++) begin(ahead * pieceBytes)
    for (let start = 0; start < into.length; start += pieceBytes) {
      await reads[start / pieceBytes]
      begin(start + readsAhead * pieceBytes)
      see(into.subarray(start, start + pieceBytes))
    }
  } finally {
    // Nobody may write the array once this has ended.
    await Promise.allSettled(reads)
  }
}

/** Writes an array at a place of a file, and hands each piece to `see` in order while it is being written. */
export const writeAt = async (
  file: FileHandle,
  bytes: Uint8Array,
  at: number,
  see: (piece: Uint8Array) => void = () => {}
): Promise<void> => {
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    const piece = bytes.subarray(start, start + pieceBytes)
    const writing = writeWhole(file, piece, at + start)
    see(piece)
    await writing
  }
}

const writeWhole = async (file: FileHandle, bytes: Uint8Array, at: number): Promise<void> => {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, at + done)
    done += bytesWritten
  }
}

/** Writes a file piece by piece, whole or not at all: where `use` fails, or is interrupted, the old file stays. */
export const replacing = <A, E, R>(
  name: string,
  use: (file: FileHandle) => Effect.Effect<A, E, R>
): Effect.Effect<A, E | FileError, R> =>
  Effect.acquireUseRelease(
    working<Replacement, FileError>(name, () => beginReplacement(name)),
    ({ file, commit }) => Effect.tap(use(file), () => working<void, FileError>(name, commit)),
    ({ abandon }, exit) => (Exit.isSuccess(exit) ? Effect.void : Effect.promise(abandon))
  )

/** Writes a file of parts, whole or not at all. */
export const writeParts = (
  name: string,
  parts: () => ReadonlyArray<Uint8Array>,
  own: Faults = []
): Effect.Effect<void, FileError | FormatError> =>
  Effect.flatMap(
    working<ReadonlyArray<Uint8Array>>(name, async () => parts(), own),
    (made) =>
      replacing(name, (file) =>
        working(name, async () => {
          let at = 0
          for (const part of made) {
            await writeAt(file, part, at)
            at += part.length
          }
        })
      )
  )

const noRoom = (file: string, bytes: number): FormatError =>
  formatError(
    file,
    `${bytes} bytes of one array are more than this process has room for`,
    "save it as several arrays, or load it divided among devices"
  )

/** Refuses an array that no array of bytes holds. */
export const requireRoom = (file: string, bytes: number): void => {
  if (bytes > bufferConstants.MAX_LENGTH) throw noRoom(file, bytes)
}

/** An array of bytes that is about to be written whole. Throws a FormatError where this process has no room for it. */
export const roomFor = (file: string, bytes: number): Uint8Array<ArrayBuffer> => {
  requireRoom(file, bytes)
  try {
    return new Uint8Array(new ArrayBuffer(bytes))
  } catch {
    throw noRoom(file, bytes)
  }
}
