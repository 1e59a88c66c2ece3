import { spawn } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { add, f32, jit, put } from "../../pjrt/loopcarry.ts"
import { loopcarry, root } from "../support/command.ts"
import { on } from "../support/healthy.ts"
import { installPacked } from "../support/installed.ts"
import { childrenOf } from "../support/processes.ts"
import { failure } from "../support/run.ts"

const { folder, binary } = installPacked({ optional: true })

const below = (pid: number): ReadonlyArray<number> =>
  childrenOf(pid).flatMap((each) => [each, ...below(each)])

const alive = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** Starts a worker by a program, and tells of the processes that serve it. */
const serve = (program: string, args: ReadonlyArray<string>) =>
  new Promise<{
    device: string
    pids: ReadonlyArray<number>
    term: (all: boolean) => void
    log: () => string
  }>((resolve, reject) => {
    const command = [...args, "serve", "--device", "cpu", "--listen", "127.0.0.1:0", "--json"]
    const child = spawn(program, command, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] })
    let log = ""
    child.stderr.on("data", (chunk) => {
      log += chunk
    })
    child.once("error", reject)
    child.once("exit", () => reject(new Error(log)))
    child.stdout.once("data", (line) => {
      const pids = [child.pid!, ...below(child.pid!)]
      const term = (all: boolean) => {
        for (const pid of all ? pids : [child.pid!]) {
          try {
            process.kill(pid, "SIGTERM")
          } catch (error) {
            // What was started may end at the first of these, and take others along.
            if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
          }
        }
      }
      resolve({ device: `remote://${JSON.parse(String(line)).address}`, pids, term, log: () => log })
    })
  })

describe("loopcarry serve, installed", () => {
  describe.each([
    ["its own binary", binary, []],
    ["npx", "npx", ["loopcarry"]],
    ["npm exec", "npm", ["exec", "loopcarry", "--"]],
    ["npx with another shell", "npx", ["--script-shell=/bin/bash", "loopcarry"]]
  ] as const)("and started by %s", (_, program, args) => {
    it.each([
      ["SIGTERM to what was started", false],
      ["SIGTERM to all its processes, as systemd sends it", true]
    ])("finishes what is under way at %s", async (_, all) => {
      const worker = await serve(program, args)
      await on(
        worker.device,
        Effect.gen(function* () {
          const length = 1 << 20
          const step = jit([f32(length)], (x) => add(x, 1))
          const y = yield* step(yield* put(f32(length), new Float32Array(length)))
          const fiber = yield* Effect.forkChild(step(y))
          yield* Effect.sleep(1)
          worker.term(all)
          const z = yield* Fiber.join(fiber)
          expect((yield* z.read).every((value) => value === 2)).toBe(true)
          while (worker.pids.some(alive)) yield* Effect.sleep(50)
          expect(yield* failure(z.read)).toMatchObject({
            _tag: "DeviceLost",
            message: expect.stringContaining("the worker was told to end")
          })
        })
      )
      expect(worker.log()).toContain("ending when what is under way is done")
    })
  })
})

describe("the systemd unit", () => {
  it("starts the installed binary, with words that it understands", async () => {
    const unit = readFileSync(path.join(root, "examples/worker.service"), "utf8")
    const [binary, ...args] = /^ExecStart=(.*)$/m.exec(unit)![1]!.split(" ")
    const { bin } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
    expect(path.isAbsolute(binary!)).toBe(true)
    expect(Object.keys(bin)).toContain(path.basename(binary!))
    expect(args[0]).toBe("serve")
    expect(await loopcarry([...args, "--help"])).toMatchObject({ status: 0, stderr: "" })
  })
})
