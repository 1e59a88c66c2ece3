import { describe, expect, it } from "vitest"
import { countAttacks } from "../support/attack.ts"
import type { Ended } from "../support/command.ts"
import { endlessModule, endlessToCompile } from "../support/endless-modules.ts"
import { userFolder } from "../support/scripts.ts"
import { onWorker } from "../support/worker.ts"

const user = userFolder()

/** A script that does something without end, or long, on a device, and ends meanwhile in the way that it is told. */
user.write(
  "leave.mjs",
  `
import * as Effect from "effect/Effect"
import { add, debugPrint, f32, jit, put, u8 } from "loopcarry"
import { Backend, Device } from "loopcarry/pjrt"

const [device, isolate, work, how] = process.argv.slice(2)
const endless = ${JSON.stringify({ run: endlessModule, compile: endlessToCompile })}
const large = 1 << 28

const leave = () => {
  process.on("exit", () => console.log("a listener that came later"))
  if (how === "exit") process.exit(7)
  if (how === "throw") throw new Error("nobody catches this")
  if (how === "reject") return void Promise.reject(new Error("nobody catches this"))
  if (how === "caught") {
    process.on("uncaughtException", () => process.exit(8))
    throw new Error("somebody catches this")
  }
  process.kill(process.pid, how)
}

const works = {
  compile: Effect.flatMap(Backend, (on) => on.compile({ code: endless.compile })),
  run: Effect.gen(function* () {
    const on = yield* Backend
    const run = yield* on.compile({ code: endless.run })
    yield* run.run([], yield* Effect.scope)
  }),
  upload: put(u8(large), new Uint8Array(large)),
  read: Effect.gen(function* () {
    const x = yield* put(u8(large), new Uint8Array(large))
    setImmediate(leave)
    yield* x.read
    yield* Effect.never
  }),
  inside: Effect.sync(leave),
  print: Effect.flatMap(jit([f32()], (x) => debugPrint("x", add(x, 1)))(1), () => Effect.never)
}

if (["compile", "run", "upload"].includes(work)) {
  const begin = works[work]
  works[work] = Effect.andThen(Effect.sync(() => setTimeout(leave, 50)), begin)
}
const options = { isolate: isolate === "isolate", cache: false, print: leave }
// What has ended before it was left goes on waiting.
setInterval(() => {}, 1000)
await Effect.runPromise(Effect.scoped(Effect.provide(works[work], Device.layer(device, options))))
`
)

const leave = (work: string, how: string, device = "cpu", isolate = ""): Promise<Ended> =>
  user.run("leave.mjs", [device, isolate, work, how])

const later = "a listener that came later\n"

describe("a process that ends while its plugin is at work", () => {
  it.each(["compile", "run", "upload", "read", "print", "inside"])(
    "process.exit(7) in the middle of %s",
    async (work) => {
      expect(await leave(work, "exit")).toEqual({ status: 7, signal: null, stdout: later, stderr: "" })
    }
  )

  it("an error that nobody catches is shown", async (context) => {
    for (const [work, how] of [
      ["run", "throw"],
      ["compile", "reject"]
    ] as const) {
      const ended = await leave(work, how)
      expect(ended, how).toMatchObject({ status: 1, signal: null, stdout: later })
      expect(ended.stderr, how).toMatch(
        /^Error: nobody catches this\n {4}at .*leave\.mjs[\s\S]*\nNode\.js v/m
      )
    }
    countAttacks(context, 2)
  })

  it("an error that somebody catches is theirs", async () => {
    expect(await leave("run", "caught")).toMatchObject({ status: 8, stdout: later, stderr: "" })
  })

  it("a signal", async (context) => {
    for (const signal of ["SIGTERM", "SIGINT"]) expect(await leave("run", signal)).toMatchObject({ signal })
    countAttacks(context, 2)
  })

  it("where a process of its own holds the plugin", async (context) => {
    expect(await leave("run", "exit", "cpu", "isolate")).toMatchObject({ status: 7, stderr: "" })
    expect(await leave("compile", "throw", "cpu", "isolate")).toMatchObject({ status: 1 })
    countAttacks(context, 2)
  })
})

describe("a process that ends while a worker is at work for it", () => {
  const worker = onWorker()

  it("ends at once", async (context) => {
    expect(await leave("compile", "exit", worker.device)).toMatchObject({ status: 7, stderr: "" })
    expect(await leave("inside", "throw", worker.device)).toMatchObject({ status: 1 })
    countAttacks(context, 2)
  })
})
