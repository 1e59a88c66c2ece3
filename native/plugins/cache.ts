import { createHash } from "node:crypto"
import { createReadStream, type Stats, statSync } from "node:fs"
import { homedir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { PluginCorrupt } from "../errors.ts"
import { openRegular, readRegular, writeWhole } from "../files.ts"
import type { CatalogEntry } from "./catalog.ts"

/** The user's cache folder, by XDG's rules, and by those of Windows there. */
const userCache = (env: NodeJS.ProcessEnv): string =>
  env.XDG_CACHE_HOME ||
  (process.platform === "win32"
    ? env.LOCALAPPDATA || path.join(homedir(), "AppData", "Local")
    : path.join(homedir(), ".cache"))

/** `LOOPCARRY_CACHE`, else a folder in the user's cache folder. */
export const cacheRoot = (env: NodeJS.ProcessEnv = process.env): string =>
  env.LOOPCARRY_CACHE || path.join(userCache(env), "loopcarry")

export const pluginsRoot = (env?: NodeJS.ProcessEnv): string => path.join(cacheRoot(env), "plugins")

/** By content: the library's digest, and where other wheels lie beside it, that of all digests together. */
export const entryKey = (entry: CatalogEntry): string =>
  entry.beside === undefined
    ? entry.sha256
    : createHash("sha256")
        .update([entry.sha256, ...entry.beside.map(({ wheel, keep = [] }) => [wheel.sha256, ...keep])].join())
        .digest("hex")

/** Content-addressed: a folder holds one verified library, what it needs, and the record of that verification. */
export const entryFolder = (entry: CatalogEntry): string => path.join(pluginsRoot(), entryKey(entry))

/** A library finds its dependencies relative to its place in site-packages, so that layout is kept. */
export const entryPath = (entry: CatalogEntry): string =>
  path.join(entryFolder(entry), entry.beside === undefined ? path.basename(entry.member) : entry.member)

/**
 * What the file looked like when its digest was last checked. Any write to the file changes these, so while they
 * match, hashing 200 MB again on every start is needless.
 */
interface Seal {
  readonly bytes: number
  readonly modified: number
  readonly changed: number
  readonly inode: number
}

/** No record of a verification is larger, in bytes. */
export const mostRecord = 1 << 16

const sealPath = (entry: CatalogEntry): string => path.join(entryFolder(entry), "verified.json")

const statOf = (file: string): Stats | undefined => {
  try {
    return statSync(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === "ENOENT" || code === "ENOTDIR") return undefined
    throw error
  }
}

/** Undefined where there is nothing. A path below a file has nothing either. */
export const observe = (file: string): Seal | undefined => {
  const stat = statOf(file)
  return stat && { bytes: stat.size, modified: stat.mtimeMs, changed: stat.ctimeMs, inode: stat.ino }
}

const readSeal = (entry: CatalogEntry): string | undefined => {
  try {
    return readRegular(sealPath(entry), mostRecord).toString("utf8")
  } catch {
    return undefined
  }
}

/** Records that the file now in place has the right content. Losing this record only costs another hashing. */
export const seal = (entry: CatalogEntry): void => {
  try {
    writeWhole(sealPath(entry), JSON.stringify(observe(entryPath(entry))))
  } catch {
    // A read-only cache still serves; it is verified in full each time.
  }
}

/** The sha256 of a regular file. Fails with the file system's own error. */
export const digest = (file: string): Effect.Effect<string, NodeJS.ErrnoException> =>
  Effect.tryPromise({
    try: () =>
      new Promise<string>((resolve, reject) => {
        const hash = createHash("sha256")
        createReadStream(file, { fd: openRegular(file), highWaterMark: 1 << 20 })
          .on("data", (chunk) => hash.update(chunk))
          .on("error", reject)
          .on("end", () => resolve(hash.digest("hex")))
      }),
    catch: (error) => error as NodeJS.ErrnoException
  })

/** Whether something stands where the cached library should. */
export const isCached = (entry: CatalogEntry): boolean => {
  try {
    return observe(entryPath(entry)) !== undefined
  } catch {
    return true
  }
}

/** The cached library's path, verified; undefined where it is not cached. */
export const cached = Effect.fnUntraced(function* (entry: CatalogEntry) {
  const file = entryPath(entry)
  const corrupt = (why: string) =>
    new PluginCorrupt({
      path: file,
      message: `${file} is not ${entry.package} ${entry.version}: ${why}`,
      hint: `it was altered or cut short after it was fetched; replace it with: loopcarry plugins fetch ${entry.name}`
    })
  const unreadable = (error: unknown) => corrupt((error as NodeJS.ErrnoException).message)
  const seen = yield* Effect.try({ try: () => observe(file), catch: unreadable })
  if (seen === undefined) return undefined
  if (JSON.stringify(seen) === readSeal(entry)) return file
  const found = yield* digest(file).pipe(Effect.mapError(unreadable))
  if (found !== entry.sha256) return yield* corrupt(`sha256 ${found}, expected ${entry.sha256}`)
  seal(entry)
  return file
})
