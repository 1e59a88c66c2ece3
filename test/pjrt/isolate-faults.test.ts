import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it, vi } from "vitest"
import { Backend } from "../../pjrt/Backend.ts"
import { add, f32, jit, put, u8 } from "../../pjrt/loopcarry.ts"
import { serves } from "../support/healthy.ts"
import { childrenOf } from "../support/processes.ts"
import { failure, onDevice } from "../support/run.ts"
import { endlessModule } from "../support/slow-modules.ts"

/** Whether this process may reach into its children's memory, as the tests want it. */
const reach = vi.hoisted(() => ({ allowed: true }))

vi.mock("../../native/process-memory.ts", async (original) => {
  const real = await original<typeof import("../../native/process-memory.ts")>()
  type Move = typeof real.readProcess
  const unless =
    (move: Move): Move =>
    (pid, address, bytes, done) =>
      reach.allowed ? move(pid, address, bytes, done) : done(false)
  const write: typeof real.writeProcess = (pid, bytes, address, done) =>
    reach.allowed ? real.writeProcess(pid, bytes, address, done) : done(false)
  return { readProcess: unless(real.readProcess), writeProcess: write }
})

const killAll = Effect.sync(() => {
  for (const pid of childrenOf()) if (isPluginChild(pid)) process.kill(pid, "SIGKILL")
})

/** Not one of the compiler's helpers. */
const isPluginChild = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("child/main")

const large = 1 << 28
const run = onDevice("cpu", { isolate: true })

describe.skipIf(process.platform !== "linux")("a child that is killed", () => {
  it("while it runs a program", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const scope = yield* Effect.scope
        const endless = yield* compile({ code: endlessModule })
        const running = yield* Effect.forkChild(Effect.exit(endless.run([], scope)))
        yield* Effect.sleep(200)
        yield* killAll
        const exit = yield* Fiber.join(running)
        expect(String(exit)).toContain("DeviceLost")
        expect(String(exit)).toContain("was ended by SIGKILL while 1 calls waited for it")
        yield* serves
      })
    ))

  it("while it compiles", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const big = Array.from(
          { length: 4000 },
          (_, i) => `%${i + 1} = stablehlo.sine %${i} : tensor<64xf32>`
        )
        const code = `module { func.func public @main(%0: tensor<64xf32>) -> tensor<64xf32> {
          ${big.join("\n")}
          return %4000 : tensor<64xf32> } }`
        const compiling = yield* Effect.forkChild(failure(compile({ code })))
        yield* Effect.sleep(100)
        yield* killAll
        expect(yield* Fiber.join(compiling)).toMatchObject({ _tag: "DeviceLost" })
        yield* serves
      })
    ))

  it("while an array goes there", () =>
    run(
      Effect.gen(function* () {
        const putting = yield* Effect.forkChild(failure(put(u8(large), new Uint8Array(large))))
        yield* Effect.sleep(10)
        yield* killAll
        expect(yield* Fiber.join(putting)).toMatchObject({ _tag: "DeviceLost" })
        yield* serves
      })
    ))

  it("while an array comes from there", () =>
    run(
      Effect.gen(function* () {
        const x = yield* put(u8(large), new Uint8Array(large))
        const reading = yield* Effect.forkChild(Effect.exit(x.read))
        yield* Effect.sleep(5)
        yield* killAll
        const exit = yield* Fiber.join(reading)
        // It may have been quicker; half an array is never given.
        if (exit._tag === "Success") expect(exit.value).toHaveLength(large)
        else expect(String(exit)).toContain("DeviceLost")
        expect(yield* failure(x.read)).toMatchObject({ _tag: "DeviceLost" })
        yield* serves
      })
    ))
})

describe("where a process may not reach into another's memory", () => {
  it("arrays go piece by piece", async () => {
    reach.allowed = false
    try {
      await run(
        Effect.gen(function* () {
          const length = 3_000_001
          const step = jit([f32(length)], (x) => add(x, 1))
          const x = yield* put(
            f32(length),
            Float32Array.from({ length }, (_, i) => i)
          )
          const y = yield* (yield* step(x)).read
          expect(y).toHaveLength(length)
          expect(y.every((value, i) => value === i + 1)).toBe(true)
        })
      )
    } finally {
      reach.allowed = true
    }
  })
})

describe("an upload that is given up", () => {
  it("leaves nothing behind", () =>
    run(
      Effect.gen(function* () {
        const putting = yield* Effect.forkChild(put(u8(large), new Uint8Array(large)))
        yield* Effect.sleep(10)
        yield* Fiber.interrupt(putting)
        yield* serves
        const { memory, device } = yield* Backend
        const held = (yield* memory(device)).arrays.reduce((sum, { bytes }) => sum + bytes, 0)
        expect(held).toBeLessThan(1000)
      })
    ))
})
