import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it, vi } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { add, f32, jit, put, u8 } from "../../pjrt/loopcarry.ts"
import { endlessModule, endlessToCompile } from "../support/endless-modules.ts"
import { serves } from "../support/healthy.ts"
import { alive, childrenOf } from "../support/processes.ts"
import { failure, onDevice } from "../support/run.ts"

/** Whether this process may reach into its children's memory, as the tests want it. */
const reach = vi.hoisted(() => ({
  allowed: true,
  /** Called when half of an array has been moved; the rest waits for what it returns. */
  halfway: (): Promise<void> => Promise.resolve()
}))

vi.mock("../../native/process-memory.ts", async (original) => {
  const real = await original<typeof import("../../native/process-memory.ts")>()
  type Move = (pid: number, bytes: Uint8Array, address: number, done: (moved: boolean) => void) => void
  const inHalves =
    (move: Move): Move =>
    (pid, bytes, address, done) => {
      if (!reach.allowed) return done(false)
      const half = bytes.length >> 1
      move(pid, bytes.subarray(0, half), address, (moved) => {
        if (!moved) return done(false)
        void reach.halfway().then(() => move(pid, bytes.subarray(half), address + half, done))
      })
    }
  const read = inHalves((pid, bytes, address, done) => real.readProcess(pid, address, bytes, done))
  return {
    readProcess: ((pid, address, bytes, done) => read(pid, bytes, address, done)) as typeof real.readProcess,
    writeProcess: inHalves(real.writeProcess)
  }
})

/** Ends when they are gone. */
const killAll = Effect.promise(async () => {
  const children = childrenOf().filter(isPluginChild)
  for (const pid of children) process.kill(pid, "SIGKILL")
  await expect.poll(() => children.some(alive)).toBe(false)
})

/** Not one of the compiler's helpers. */
const isPluginChild = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("child/main")

/** Holds the next array on its way to a child or from there; `halfway` ends when half of it has been moved. */
const holdHalfway = () => {
  let goOn = () => {}
  const going = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const halfway = new Promise<void>((resolve) => {
    reach.halfway = () => {
      reach.halfway = () => Promise.resolve()
      resolve()
      return going
    }
  })
  return { halfway: Effect.promise(() => halfway), goOn: Effect.sync(() => goOn()) }
}

/** What was asked of the child before has begun: it answers what is asked after that. */
const begun = Effect.flatMap(Backend, ({ memory, device }) => memory(device))

const large = 1 << 26
const run = onDevice("cpu", { isolate: true })

describe.skipIf(process.platform !== "linux")("a child that is killed", () => {
  it("while it runs a program", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const scope = yield* Effect.scope
        const endless = yield* compile({ code: endlessModule })
        const running = yield* Effect.forkChild(Effect.exit(endless.run([], scope)))
        yield* begun
        yield* killAll
        const exit = yield* Fiber.join(running)
        expect(String(exit)).toContain("DeviceLost")
        expect(String(exit)).toContain("was ended by SIGKILL while 1 call waited for it")
        yield* serves
      })
    ))

  it("while it compiles", () =>
    run(
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const compiling = yield* Effect.forkChild(failure(compile({ code: endlessToCompile })))
        yield* begun
        yield* killAll
        expect(yield* Fiber.join(compiling)).toMatchObject({ _tag: "DeviceLost" })
        yield* serves
      })
    ))

  it("while an array goes there", () =>
    run(
      Effect.gen(function* () {
        const hold = holdHalfway()
        const putting = yield* Effect.forkChild(failure(put(u8(large), new Uint8Array(large))))
        yield* hold.halfway
        yield* killAll
        yield* hold.goOn
        expect(yield* Fiber.join(putting)).toMatchObject({ _tag: "DeviceLost" })
        yield* serves
      })
    ))

  it("while an array comes from there", () =>
    run(
      Effect.gen(function* () {
        const x = yield* put(u8(large), new Uint8Array(large))
        const hold = holdHalfway()
        const reading = yield* Effect.forkChild(failure(x.read))
        yield* hold.halfway
        yield* killAll
        yield* hold.goOn
        expect(yield* Fiber.join(reading)).toMatchObject({ _tag: "DeviceLost" })
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
        const hold = holdHalfway()
        const putting = yield* Effect.forkChild(put(u8(large), new Uint8Array(large)))
        yield* hold.halfway
        const givenUp = yield* Effect.forkChild(Fiber.interrupt(putting), { startImmediately: true })
        yield* hold.goOn
        yield* Fiber.join(givenUp)
        yield* serves
        const { memory, device } = yield* Backend
        const held = (yield* memory(device)).arrays.reduce((sum, { bytes }) => sum + bytes, 0)
        expect(held).toBeLessThan(1000)
      })
    ))
})
