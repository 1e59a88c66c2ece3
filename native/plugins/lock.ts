import {
  closeSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  utimesSync,
  writeSync
} from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { makeFolder } from "../files.ts"

/** A holder touches its lock this often, in milliseconds; one left untouched for `stale` has lost its holder. */
const heartbeat = 2_000
const stale = 20_000

const tryTake = (file: string): boolean => {
  makeFolder(path.dirname(file))
  try {
    const handle = openSync(file, "wx")
    writeSync(handle, String(process.pid))
    closeSync(handle)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false
    throw error
  }
}

/** Another's lock, and since when it is known to be untouched by this process's own clock. */
interface Seen {
  readonly modified: number
  readonly since: number
}

/** The file at the lock's path; undefined where it has gone meanwhile. Throws where it is no lock. */
const look = (file: string): Stats | undefined => {
  const stat = lstatSync(file, { throwIfNoEntry: false })
  if (stat === undefined || stat.isFile()) return stat
  throw Object.assign(new Error(`EEXIST: ${file} is no regular file, and no lock: remove it`), {
    code: "EEXIST",
    syscall: "open",
    path: file
  })
}

/** Clears a lock away whose holder is gone. Clocks may differ: one of a time to come is stale once it stays as it is. */
const clearStale = (file: string, seen: Seen | undefined): Seen | undefined => {
  const stat = look(file)
  if (stat === undefined) return undefined
  const now = performance.now()
  if (seen?.modified !== stat.mtimeMs) seen = { modified: stat.mtimeMs, since: now }
  if (Date.now() - stat.mtimeMs < stale && now - seen.since < stale) return seen
  // Only one process's rename succeeds, so two that see the same stale lock do not remove a fresh one.
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
    rmSync(aside)
  } catch {
    // Another process was quicker.
  }
  return undefined
}

/**
 * Holds an inter-process lock until the scope closes. `waiting` is called once if another process holds it. Fails with
 * the file system's own error where the lock's folder cannot be written, or the path holds something that is no lock.
 */
export const lock = (
  file: string,
  waiting: () => void
): Effect.Effect<void, NodeJS.ErrnoException, Scope.Scope> => {
  const attempt = <A>(take: () => A) =>
    Effect.try({ try: take, catch: (error) => error as NodeJS.ErrnoException })
  return Effect.acquireRelease(
    Effect.gen(function* () {
      let told = false
      let seen: Seen | undefined
      while (!(yield* attempt(() => tryTake(file)))) {
        seen = yield* attempt(() => clearStale(file, seen))
        if (!told) waiting()
        told = true
        yield* Effect.sleep(100)
      }
      return setInterval(() => {
        try {
          utimesSync(file, new Date(), new Date())
        } catch {
          // The lock was taken from us, or its folder is gone: the holder's own work will tell.
        }
      }, heartbeat)
    }),
    (timer) =>
      Effect.sync(() => {
        clearInterval(timer)
        rmSync(file, { force: true })
      }),
    { interruptible: true }
  ).pipe(Effect.asVoid)
}
