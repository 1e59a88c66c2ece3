import { type ChildProcess, spawn } from "node:child_process"
import path from "node:path"
import { root } from "./command.ts"
import { childrenOf } from "./processes.ts"

/** `loopcarry serve`, as a process. */
export interface Serving {
  readonly process: ChildProcess
  /** `host:port` */
  readonly address: string
  readonly device: string
  readonly log: () => string
  /** Its exit status. */
  readonly ended: Promise<number | null>
  /** The process of its own that holds the plugin now. */
  readonly holder: () => number
}

/** Starts `loopcarry serve`; ends when it listens. */
export const start = (...args: ReadonlyArray<string>): Promise<Serving> =>
  new Promise((resolve, reject) => {
    const command = [
      path.join(root, "dist/scripts/loopcarry.js"),
      "serve",
      "--listen",
      "127.0.0.1:0",
      ...args
    ]
    const child = spawn(process.execPath, [...command, "--json"], { stdio: ["ignore", "pipe", "pipe"] })
    let log = ""
    child.stderr.on("data", (chunk) => {
      log += chunk
    })
    const ended = new Promise<number | null>((done) => child.once("close", (status) => done(status)))
    child.stdout.once("data", (line) => {
      const { address } = JSON.parse(String(line))
      resolve({
        process: child,
        address,
        device: `remote://${address}`,
        log: () => log,
        ended,
        holder: () => childrenOf(child.pid)[0]!
      })
    })
    child.once("close", () => reject(new Error(log)))
  })
