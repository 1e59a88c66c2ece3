import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/Backend.ts"
import * as Device from "../../pjrt/device.ts"
import { put, u8 } from "../../pjrt/loopcarry.ts"
import type { Compile } from "../../pjrt/remote/wire/wire.gen.ts"
import { defaultLimits } from "../../pjrt/remote/worker/limits.ts"
import { ProgramStore } from "../../pjrt/remote/worker/programs.ts"
import { FairQueue } from "../../pjrt/remote/worker/queue.ts"
import { compile, on, serves } from "../support/healthy.ts"
import { digestOf, programAsk } from "../support/raw-client.ts"
import { failure } from "../support/run.ts"
import { slowModule } from "../support/slow-modules.ts"
import { onWorker } from "../support/worker.ts"

const limit = (says: string) => ({
  _tag: "RemoteError",
  reason: "limit",
  message: expect.stringContaining(says)
})

describe("limits", () => {
  const worker = onWorker({
    limits: {
      sessions: 2,
      arrayBytes: 1000,
      bytes: 3000,
      arrays: 6,
      programs: 2,
      programBytes: 4000,
      operations: 50
    }
  })

  it("of one array, of all arrays and of their number", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const error = yield* failure(Effect.flatMap(put(u8(1001), new Uint8Array(1001)), (x) => x.read))
        expect(error).toMatchObject(limit("u8[1001] has 1001 bytes"))
        const held = yield* Effect.forEach([1, 2, 3], () => put(u8(1000), new Uint8Array(1000)))
        for (const x of held) yield* x.read
        const over = yield* put(u8(1), [1])
        expect(yield* failure(over.read)).toMatchObject(limit("the session's arrays would have 3001 bytes"))
        yield* held[0]!.release
        // What a put says is released makes room for it.
        const next = yield* put(u8(1000), new Uint8Array(1000).fill(7))
        expect((yield* next.read)[999]).toBe(7)
        yield* next.release
        yield* serves
        const { compile } = yield* Backend
        const scope = yield* Effect.scope
        const huge = yield* compile({
          code: `module { func.func public @main() -> tensor<${2 ** 36}xi8> {
            %x = stablehlo.constant dense<1> : tensor<i8>
            %y = stablehlo.broadcast_in_dim %x, dims = [] : (tensor<i8>) -> tensor<${2 ** 36}xi8>
            return %y : tensor<${2 ** 36}xi8> } }`,
          inputs: []
        })
        expect(yield* failure(huge.run([], scope))).toMatchObject(
          limit("i8[68719476736] has 68719476736 bytes")
        )
        yield* serves
      })
    ))

  it("of programs: their number, their size, their operations", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        const { compile } = yield* Backend
        const program = (n: number) => ({
          code: `module { func.func public @main() -> tensor<f32> {
            %x = stablehlo.constant dense<${n}.0> : tensor<f32> return %x : tensor<f32> } }`
        })
        yield* compile(program(1))
        yield* compile(program(2))
        expect(yield* failure(compile(program(3)))).toMatchObject(limit("the session has 2 programs"))
        expect(yield* failure(compile({ code: " ".repeat(4001) }))).toMatchObject(
          limit("the program has 4001 bytes")
        )
        const many = Array.from({ length: 60 }, (_, i) => `%x${i} = stablehlo.constant dense<1> : tensor<i8>`)
        expect(yield* failure(compile({ code: many.join("\n").slice(0, 3900) }))).toMatchObject(
          limit("operations")
        )
      })
    ))

  it("of sessions", () =>
    on(
      worker.device,
      Effect.gen(function* () {
        yield* Device.open(worker.device)
        expect(yield* failure(Device.open(worker.device))).toMatchObject(limit("2 sessions are open"))
        yield* serves
      })
    ))
})

describe("limits of what a session may have", () => {
  const worker = onWorker({ limits: { bytes: 3000, arrays: 10, concurrency: 1 } })

  it.each([
    [1000, "bytes", 3],
    [100, "arrays", 10]
  ])("stand against runs of %i bytes each that wait for their turns: %s", (length, _, granted) =>
    on(
      worker.device,
      Effect.gen(function* () {
        const slow = slowModule(3_000_000)
          .replace("-> tensor<i32> {", `-> tensor<${length}xi8> {`)
          .replace(
            "return %1#1 : tensor<i32>\n}",
            `%2 = stablehlo.convert %1#1 : (tensor<i32>) -> tensor<i8>
             %3 = stablehlo.broadcast_in_dim %2, dims = [] : (tensor<i8>) -> tensor<${length}xi8>
             return %3 : tensor<${length}xi8> }`
          )
        const executable = yield* compile({ code: slow })
        const scope = yield* Effect.scope
        const ran = yield* Effect.all(
          Array.from({ length: 12 }, () => Effect.exit(executable.run([], scope))),
          { concurrency: "unbounded" }
        )
        expect(ran.filter(Exit.isSuccess)).toHaveLength(granted)
        for (const [result] of ran.filter(Exit.isSuccess).map(({ value }) => value)) result!.release()
        yield* serves
      })
    )
  )
})

describe("programs", () => {
  const code = (n: number) => Buffer.from(`module { func.func public @main() { return } } // ${n}`)
  const ask = (n: number, sent = true): Compile => ({
    ...programAsk(1, ""),
    digest: digestOf(code(n)),
    code: sent ? code(n) : undefined
  })

  it("are kept within their bytes, and one that is sent again counts once", () => {
    const store = new ProgramStore(defaultLimits, 3 * code(0).length)
    for (const n of [0, 1, 2, 2, 2, 2])
      expect(store.sourceOf(ask(n))).toMatchObject({ code: String(code(n)) })
    for (const n of [0, 1, 2]) expect(store.sourceOf(ask(n, false))).toMatchObject({ code: String(code(n)) })
    store.sourceOf(ask(3))
    expect(store.sourceOf(ask(0, false))).toBeUndefined()
    for (const n of [1, 2, 3]) expect(store.sourceOf(ask(n, false))).toMatchObject({ code: String(code(n)) })
  })
})

describe("turns", () => {
  it("are taken among those who wait, whoever asks for more", async () => {
    const queue = new FairQueue(1)
    const done: Array<string> = []
    const [a, b] = [{}, {}]
    const work = (whose: object, name: string) =>
      queue.take(
        whose,
        Effect.andThen(
          Effect.sleep(1),
          Effect.sync(() => done.push(name))
        )
      )
    await Effect.runPromise(
      Effect.all([...["a1", "a2", "a3", "a4"].map((name) => work(a, name)), work(b, "b1"), work(b, "b2")], {
        concurrency: "unbounded"
      })
    )
    expect(done).toEqual(["a1", "a2", "b1", "a3", "b2", "a4"])
    expect([queue.length, queue.running]).toEqual([0, 0])
  })
})
