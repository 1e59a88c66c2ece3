import { type ChildProcess, fork } from "node:child_process"
import { type Beside, scriptOf } from "../../backend/beside.ts"
import { isBuilt } from "../../backend/version.ts"

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
  const script = isBuilt ? scriptOf("pjrt/serve/child/main") : undefined
  if (script === undefined) return
  try {
    spare = start(script)
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
