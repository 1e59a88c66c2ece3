import { type ChildProcess, spawn } from "node:child_process"
import path from "node:path"
import { root } from "./command.ts"
import { childrenOf } from "./processes.ts"

/** `loopcarry serve`, as a process. */
export interface Serving {
  readonly process: ChildProcess
  /** `host:port` */
  readonly address: string
  readonly port: number
  readonly device: string
  readonly log: () => string
  /** Its exit status. */
  readonly ended: Promise<number | null>
  /** The process of its own that holds the plugin now. */
  readonly holder: () => number
}

export interface ServingOptions {
  /** How much memory its processes may have an address for. */
  readonly gibibytes?: number
}

/** Starts `loopcarry serve`; ends when it listens. */
export const start = (
  args: ReadonlyArray<string> = [],
  { gibibytes }: ServingOptions = {}
): Promise<Serving> =>
  new Promise((resolve, reject) => {
    const script = path.join(root, "dist/scripts/loopcarry.js")
    const command = [process.execPath, script, "serve", "--listen", "127.0.0.1:0", "--json", ...args]
    const limited =
      gibibytes === undefined
        ? command
        : ["sh", "-c", `ulimit -v ${gibibytes * 2 ** 20}; exec "$@"`, "sh", ...command]
    const child = spawn(limited[0]!, limited.slice(1), { stdio: ["ignore", "pipe", "pipe"] })
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
        port: Number(address.split(":").at(-1)),
        device: `remote://${address}`,
        log: () => log,
        ended,
        holder: () => childrenOf(child.pid)[0]!
      })
    })
    child.once("close", () => reject(new Error(log)))
  })
