import { writeSync } from "node:fs"
import { inspect } from "node:util"
import { isMainThread } from "node:worker_threads"
import { exitNow } from "./ffi.ts"

/** What nobody has caught, from when Node says so until it goes on. */
let uncaught: { readonly error: unknown } | undefined

/** Node itself prints it after the listeners of `exit`, which is too late here. */
const printUncaught = (): void => {
  const caught =
    process.listenerCount("uncaughtException") > 0 || process.hasUncaughtExceptionCaptureCallback()
  if (uncaught === undefined || caught) return
  try {
    writeSync(2, `${inspect(uncaught.error)}\n\nNode.js ${process.version}\n`)
  } catch {
    // Nobody listens any more.
  }
}

let asked = false

/**
 * Where `needed` says so, ends the process at once when all listeners of `exit` have run. Node would otherwise wait for
 * the threads of its pool. A run or a compilation holds such a thread until it ends, which may be never.
 */
export const exitWithoutWaiting = (needed: () => boolean): void => {
  // In a thread, `exit` is of that thread alone.
  if (asked || !isMainThread) return
  asked = true
  const leave = (code: number): void => {
    if (!needed()) return
    printUncaught()
    const listeners = process.rawListeners("exit")
    try {
      for (const later of listeners.slice(listeners.indexOf(leave) + 1)) later.call(process, code)
    } finally {
      exitNow(Number(process.exitCode ?? code))
    }
  }
  process.on("exit", leave)
  process.on("uncaughtExceptionMonitor", (error) => {
    uncaught = { error }
    setImmediate(() => {
      uncaught = undefined
    })
  })
}
