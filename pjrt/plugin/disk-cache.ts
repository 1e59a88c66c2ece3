import { createHash } from "node:crypto"
import { chmodSync, lstatSync, readdirSync, rmSync, type Stats, statSync, utimesSync } from "node:fs"
import path from "node:path"
import { makeFolder, readRegular, readStart, writeWhole } from "../../native/files.ts"
import { cacheRoot } from "../../native/plugins/cache.ts"
import { warn } from "../backend/warning.ts"
import { type CompiledHeader, peekHeader, readCompiled, writeCompiled } from "../formats/compiled.ts"

/** The folder of compiled programs. They are code that will be run, so nobody else may write there. */
export const programsFolder = (): string => path.join(cacheRoot(), "programs")

/** How many bytes of compiled programs are kept: `LOOPCARRY_CACHE_BYTES`, else 1 GiB. */
const mostBytes = (): number => {
  const said = process.env.LOOPCARRY_CACHE_BYTES
  if (said === undefined || said === "") return 2 ** 30
  const bytes = Number(said)
  if (bytes >= 0) return bytes
  warnOnce(`LOOPCARRY_CACHE_BYTES is "${said}", which is no number of bytes, so that 1 GiB is kept`)
  return 2 ** 30
}

const suffix = ".lcx"

/**
 * An entry's name is a digest of the program, the plugin, the target and the environment that the compiler has read.
 * Its header repeats all but the environment.
 */
export const cacheKey = (
  header: CompiledHeader,
  around: ReadonlyArray<string>,
  code: string | Uint8Array
): string =>
  createHash("sha256")
    .update(JSON.stringify([header, around]))
    .update("\n")
    .update(code)
    .digest("hex")

const fileOf = (key: string): string => path.join(programsFolder(), `${key}${suffix}`)

let warned = false
/** Said once: a cache that fails costs time, not results. */
const warnOnce = (message: string): void => {
  if (warned) return
  warned = true
  warn(`${message}; LOOPCARRY_CACHE names another folder, LOOPCARRY_NO_CACHE=1 does without`)
}

/** Makes the folder for this user alone. Throws where that cannot be. */
const prepareFolder = (): string => {
  const folder = programsFolder()
  makeFolder(folder, 0o700)
  const { uid, mode } = statSync(folder)
  if (process.getuid !== undefined && uid !== process.getuid())
    throw new Error(`${folder} belongs to another user`)
  if ((mode & 0o077) !== 0) chmodSync(folder, 0o700)
  return folder
}

/** Whether another user has made or may change what we would run. */
const othersWrite = ({ uid, mode }: Stats): boolean =>
  (process.getuid !== undefined && uid !== process.getuid()) || (mode & 0o022) !== 0

/** Removes a file, as far as that is possible. */
const discard = (file: string): void => {
  try {
    rmSync(file, { force: true })
  } catch {
    // A folder that cannot be written; the entry is not used all the same.
  }
}

/** The compiled program of a key, or undefined. An entry that is damaged, or not what its name says, is removed. */
export const readProgram = (key: string, header: CompiledHeader): Uint8Array | undefined => {
  const file = fileOf(key)
  let bytes: Uint8Array
  try {
    // Whoever can write there can make this process run any code. A folder that is ours alone now may not have been.
    if (othersWrite(statSync(programsFolder()))) return undefined
    if (othersWrite(statSync(file))) {
      discard(file)
      return undefined
    }
    bytes = readRegular(file, mostBytes())
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== "ENOENT" && code !== "ENOTDIR") warnOnce(`a compiled program is not read: ${message}`)
    return undefined
  }
  try {
    const found = readCompiled(bytes)
    if (JSON.stringify(found.header) !== JSON.stringify(header)) throw new Error("of something else")
    const now = new Date()
    utimesSync(file, now, now)
    return found.program
  } catch {
    discard(file)
    return undefined
  }
}

/** Forgets an entry that the plugin refuses. */
export const removeProgram = (key: string): void => discard(fileOf(key))

/** Keeps a compiled program. */
export const writeProgram = (key: string, header: CompiledHeader, program: Uint8Array): void => {
  try {
    prepareFolder()
    writeWhole(fileOf(key), writeCompiled({ header, program }), 0o600)
    trim()
  } catch (error) {
    warnOnce(`compiled programs are not kept: ${(error as Error).message}`)
  }
}

export interface Entry {
  readonly file: string
  readonly bytes: number
  /** When it was last made or loaded, in milliseconds since 1970. */
  readonly used: number
}

/** What is kept, the most recently used first. */
export const entries = (): ReadonlyArray<Entry> => {
  try {
    return readdirSync(programsFolder())
      .flatMap((name) => {
        const file = path.join(programsFolder(), name)
        const stat = lstatSync(file, { throwIfNoEntry: false })
        // What is no file is nothing that was kept.
        return !stat?.isFile() ? [] : [{ file, bytes: stat.size, used: stat.mtimeMs }]
      })
      .sort((a, b) => b.used - a.used)
  } catch {
    return []
  }
}

/** A header of more bytes is not looked at. */
const mostHeader = 1 << 20

/** What an entry says of itself; undefined where it says nothing that can be read. */
export const headerOfEntry = ({ file }: Entry): CompiledHeader | undefined => {
  try {
    return peekHeader(readStart(file, mostHeader))
  } catch {
    return undefined
  }
}

/** A file that is still being written is left alone for so long, in milliseconds; then its writer is gone. */
const unfinished = 60_000

/** Removes what was used longest ago, until the rest is small enough. */
const trim = (): void => {
  let total = 0
  for (const { file, bytes, used } of entries()) {
    total += bytes
    const half = path.basename(file).startsWith(".")
    if (half ? Date.now() - used > unfinished : total > mostBytes()) discard(file)
  }
}

/** Removes all. Gives how many bytes that were. */
export const clear = (): number => {
  const all = entries()
  for (const { file } of all) discard(file)
  return all.reduce((sum, { bytes }) => sum + bytes, 0)
}
