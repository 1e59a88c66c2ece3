import { createHash } from "node:crypto"
import { realpathSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import { readRegular, writeWhole } from "../files.ts"
import { digest, mostRecord, observe, pluginsRoot } from "./cache.ts"

/** Where the digest of a file outside of the cache is noted, beside what the file looked like then. */
const notePath = (file: string): string =>
  path.join(pluginsRoot(), "digests", `${createHash("sha256").update(file).digest("hex")}.json`)

const readNote = (file: string, seen: string): string | undefined => {
  try {
    const note = JSON.parse(readRegular(notePath(file), mostRecord).toString("utf8"))
    return JSON.stringify(note.seen) === seen && typeof note.sha256 === "string" ? note.sha256 : undefined
  } catch {
    return undefined
  }
}

const writeNote = (file: string, seen: unknown, sha256: string): void => {
  try {
    writeWhole(notePath(file), JSON.stringify({ seen, sha256 }))
  } catch {
    // A cache that cannot be written costs another hashing.
  }
}

/** The sha256 of a plugin's library. It takes a while, so it is computed once until the file changes. */
export const pluginDigest = (library: string): Effect.Effect<string> =>
  Effect.suspend(() => {
    const file = realpathSync(library)
    const seen = observe(file)
    const known = readNote(file, JSON.stringify(seen))
    if (known !== undefined) return Effect.succeed(known)
    // It has been loaded: a file that cannot be read now was taken away meanwhile.
    return Effect.tap(Effect.orDie(digest(file)), (sha256) =>
      Effect.sync(() => writeNote(file, seen, sha256))
    )
  })
