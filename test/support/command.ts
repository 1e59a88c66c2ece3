import { spawn } from "node:child_process"
import path from "node:path"
import { fileURLToPath } from "node:url"

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..")

export interface Ended {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly pid: number
  readonly ended: Promise<Ended>
  readonly kill: (signal: NodeJS.Signals) => void
  /** What it has said so far. */
  readonly stderr: () => string
}

/** Starts a built script in a process of its own, its output not a terminal. */
export const start = (script: string, args: ReadonlyArray<string>, env: NodeJS.ProcessEnv = {}): Running =>
  startProcess(process.execPath, [path.join(root, "dist", script), ...args], env)

export const startProcess = (
  program: string,
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv
): Running => {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, LOOPCARRY_DEVICE: "", ...env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let stdout = ""
  let stderr = ""
  child.stdout.on("data", (chunk) => {
    stdout += chunk
  })
  child.stderr.on("data", (chunk) => {
    stderr += chunk
  })
  return {
    pid: child.pid!,
    ended: new Promise((resolve) =>
      child.on("close", (status, signal) => resolve({ status, signal, stdout, stderr }))
    ),
    kill: (signal) => child.kill(signal),
    stderr: () => stderr
  }
}

/** Runs the built `loopcarry` command. */
export const loopcarry = (args: ReadonlyArray<string>, env?: NodeJS.ProcessEnv): Promise<Ended> =>
  start("scripts/loopcarry.js", args, env).ended

/** As `loopcarry`, on a disk that is full: no file may grow beyond so many bytes. */
export const onFullDisk = (
  bytes: number,
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv
): Promise<Ended> => {
  const script = `trap "" XFSZ; ulimit -f ${Math.floor(bytes / 512)}; exec "$0" "$@"`
  const command = [process.execPath, path.join(root, "dist/scripts/loopcarry.js"), ...args]
  return startProcess("sh", ["-c", script, ...command], env).ended
}

export const example = (
  name: string,
  args: ReadonlyArray<string> = [],
  env?: NodeJS.ProcessEnv
): Promise<Ended> => start(`examples/${name}.js`, args, env).ended
