import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { put, u8 } from "../../pjrt/loopcarry.ts"
import { exposedFault } from "../../pjrt/serve/worker/exposed.ts"
import { defaultLimits, type Limits } from "../../pjrt/serve/worker/limits.ts"
import { ProgramStore } from "../../pjrt/serve/worker/programs.ts"
import { FairQueue } from "../../pjrt/serve/worker/queue.ts"
import type { Compile } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { gateBytes, gated, makeGate } from "../support/gate.ts"
import { on, serves } from "../support/healthy.ts"
import { digestOf, programAsk } from "../support/raw-client.ts"
import { failure } from "../support/run.ts"
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
  const worker = onWorker({ limits: { bytes: gateBytes + 3000, arrays: 11, concurrency: 1 } })

  it.each([
    [1000, "bytes", 3],
    [100, "arrays", 10]
  ])("stand against runs of %i bytes each that wait for their turns: %s", (length, _, granted) =>
    on(
      worker.device,
      Effect.gen(function* () {
        const gate = makeGate()
        const shut = yield* put(u8(gateBytes), gate.bytes)
        const slow = gated(length)
        yield* slow.compile
        const asked = yield* Effect.forEach(Array.from({ length: 12 }), () => Effect.forkChild(slow(shut)))
        const over = () => asked.filter((fiber) => fiber.pollUnsafe() !== undefined)
        yield* Effect.promise(() => expect.poll(over).toHaveLength(12 - granted))
        gate.open()
        const ran = yield* Effect.forEach(asked, (fiber) => Fiber.await(fiber))
        expect(ran.filter(Exit.isSuccess)).toHaveLength(granted)
        for (const { value } of ran.filter(Exit.isSuccess)) yield* value.release
        yield* shut.release
        yield* serves
      })
    )
  )
})

describe("limits that cannot be kept to", () => {
  it("are refused, and not taken for others", () => {
    const refused: ReadonlyArray<Partial<Limits>> = [
      ...(Object.keys(defaultLimits) as ReadonlyArray<keyof Limits>).flatMap((name) =>
        [0, -1, Number.NaN, Infinity, ...(name.endsWith("Seconds") ? [] : [0.5, 2 ** 53])].map((value) => ({
          [name]: value
        }))
      ),
      // Timers of more than 31 bits end at once, and the worker would end itself again and again.
      { leaseSeconds: 1e9 },
      { leaseSeconds: 0.0001 },
      { inFlight: 2 ** 32 }
    ]
    for (const limits of refused) {
      const [name] = Object.keys(limits)
      expect(exposedFault({ host: "127.0.0.1", limits })?.message).toContain(`the limit ${name} is `)
    }
    for (const limits of [defaultLimits, {}, { leaseSeconds: 0.5, compileSeconds: 1e9 }, { bytes: 2 ** 50 }])
      expect(exposedFault({ host: "127.0.0.1", limits })).toBeUndefined()
  })
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
    const sent = new Set<string>()
    for (const n of [0, 1, 2, 2, 2, 2])
      expect(store.sourceOf(ask(n), sent)).toMatchObject({ code: String(code(n)), screened: true })
    for (const n of [0, 1, 2])
      expect(store.sourceOf(ask(n, false), sent)).toMatchObject({ code: String(code(n)) })
    store.sourceOf(ask(3), sent)
    expect(store.sourceOf(ask(0, false), sent)).toBeUndefined()
    for (const n of [1, 2, 3])
      expect(store.sourceOf(ask(n, false), sent)).toMatchObject({ code: String(code(n)) })
  })

  it("say which passes made them, as far as these are known here", () => {
    const store = new ProgramStore(defaultLimits)
    const names = ["permit", "prune", "fission", "<b>unknown</b>", "prune"]
    expect(store.sourceOf({ ...ask(0), passes: { names } })).toMatchObject({
      passes: ["permit", "prune", "fission", "prune"]
    })
    expect(store.sourceOf(ask(0))).toMatchObject({ passes: undefined })
  })
})

describe("turns", () => {
  it("are taken among those who wait, whoever asks for more", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const queue = new FairQueue(1)
        const done: Array<string> = []
        const [a, b] = [{}, {}]
        const all = yield* Deferred.make<void>()
        const work = (whose: object, name: string) =>
          Effect.forkChild(
            queue.take(
              whose,
              Effect.andThen(
                Deferred.await(all),
                Effect.sync(() => done.push(name))
              )
            ),
            { startImmediately: true }
          )
        const fibers = [
          ...(yield* Effect.forEach(["a1", "a2", "a3", "a4"], (name) => work(a, name))),
          ...(yield* Effect.forEach(["b1", "b2"], (name) => work(b, name)))
        ]
        expect([queue.length, queue.running]).toEqual([5, 1])
        yield* Deferred.succeed(all, undefined)
        for (const fiber of fibers) yield* Fiber.join(fiber)
        expect(done).toEqual(["a1", "a2", "b1", "a3", "b2", "a4"])
        expect([queue.length, queue.running]).toEqual([0, 0])
      })
    ))
})
