import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Beside } from "../../backend/beside.ts"

/** Starts the process that is to hold a plugin. */
const start = ({ file, execArgv }: Beside): ChildProcess =>
  fork(file, [], {
    execArgv: [...execArgv],
    serialization: "json",
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  })

let spare: ChildProcess | undefined

/** Where the spare one does not start, another is tried when it is needed. */
const fails = (): void => {
  spare = undefined
}

/** What of a child keeps this process alive: the child itself, its channel, its output. */
const holds = (child: ChildProcess) =>
  [child, child.channel, child.stdout, child.stderr] as ReadonlyArray<{ ref?(): void; unref?(): void } | null>

/**
 * Starts a child before anyone needs it, so that it gets ready while this process loads the rest of its own code. A
 * child that nobody takes ends with this process, and does not keep it alive.
 */
export const startSpare = (): void => {
  // As built alone: from source, a child is started with more than its file.
  if (!import.meta.url.endsWith(".js")) return
  try {
    spare = start({
      file: fileURLToPath(new URL("../../serve/child/main.js", import.meta.url)),
      execArgv: []
    })
  } catch {
    return
  }
  spare.on("error", fails)
  for (const one of holds(spare)) one?.unref?.()
}

/** The spare child, or a new one. */
export const takeChild = (beside: Beside): ChildProcess => {
  const taken = spare
  spare = undefined
  if (taken?.connected !== true) return start(beside)
  taken.off("error", fails)
  for (const one of holds(taken)) one?.ref?.()
  return taken
}
