import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, utimesSync, writeSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** A holder touches its lock this often, in milliseconds; one left untouched for `stale` has lost its holder. */
const heartbeat = 2_000
const stale = 20_000

const tryTake = (file: string): boolean => {
  mkdirSync(path.dirname(file), { recursive: true })
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

const clearStale = (file: string): void => {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined || Date.now() - stat.mtimeMs < stale) return
  // Only one process's rename succeeds, so two that see the same stale lock do not remove a fresh one.
  const aside = `${file}.${process.pid}.stale`
  try {
    renameSync(file, aside)
    rmSync(aside)
  } catch {
    // Another process was quicker.
  }
}

/**
 * Holds an inter-process lock until the scope closes. `waiting` is called once if another process holds it.
 * Fails with the file system's own error where the lock's folder cannot be written.
 */
export const lock = (
  file: string,
  waiting: () => void
): Effect.Effect<void, NodeJS.ErrnoException, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.gen(function* () {
      let told = false
      for (;;) {
        const taken = yield* Effect.try({
          try: () => tryTake(file),
          catch: (e) => e as NodeJS.ErrnoException
        })
        if (taken) break
        if (!told) waiting()
        told = true
        clearStale(file)
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
