import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"

/** npm hands a signal on that the terminal or systemd has sent as well: within so many milliseconds they are one. */
const sameRequest = 1000

/** How often it is looked whether the shell is still there, in milliseconds. */
const lookEvery = 200

const parent = process.ppid

/**
 * npx and npm start a command through a shell and hand signals to that shell alone, which ends of them. Where the shell
 * stays beside the command, as Debian's does, the command hears of it by the shell's end.
 */
const throughShellOfNpm = ((): boolean => {
  if (process.env.npm_command === undefined && process.env.npm_lifecycle_event === undefined) return false
  try {
    return /sh$/.test(readFileSync(`/proc/${parent}/comm`, "utf8").trim())
  } catch {
    return process.platform !== "win32"
  }
})()

/**
 * Ends when the process is asked to end, with the reason: a signal, or the end of npm's shell. Further requests change
 * nothing, so that calls in flight can finish. A second interrupt ends the process at once.
 */
export const askedToEnd: Effect.Effect<string> = Effect.callback((resume) => {
  let asked: number | undefined
  const end = (how: string) => {
    asked ??= performance.now()
    resume(Effect.succeed(how))
  }
  process.on("SIGTERM", end)
  process.on("SIGINT", () => {
    if (asked !== undefined && performance.now() - asked > sameRequest) process.exit(130)
    end("SIGINT")
  })
  if (!throughShellOfNpm) return
  setInterval(() => {
    if (process.ppid !== parent) end("the shell of npm has ended")
  }, lookEvery).unref()
})
