import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Backend } from "../../pjrt/backend/backend.ts"
import * as Device from "../../pjrt/device/device.ts"
import { arange, f32, jit, put } from "../../pjrt/loopcarry.ts"
import { frame } from "../../pjrt/served/remote/frames.ts"
import { paths } from "../../pjrt/served/remote/http2.ts"
import type { Ask } from "../../pjrt/served/remote/wire/wire.gen.ts"
import { endlessFromModule, endlessModule, endlessToCompile } from "../support/endless-modules.ts"
import { compile, on, running, serves } from "../support/healthy.ts"
import { queued } from "../support/metrics.ts"
import { programAsk, RawClient } from "../support/raw-client.ts"
import { failure } from "../support/run.ts"
import { type Serving, type ServingOptions, start } from "../support/serving.ts"
import { wireTo } from "../support/wire.ts"

/** A worker of a group of tests, as a process. */
const serving = (args: ReadonlyArray<string> = [], options: ServingOptions = {}): (() => Serving) => {
  let worker: Serving
  beforeAll(async () => {
    worker = await start(args, options)
  })
  afterAll(() => worker.process.kill("SIGKILL"))
  return () => worker
}

const kill = (worker: Serving, signal: NodeJS.Signals = "SIGKILL") =>
  Effect.sync(() => process.kill(worker.holder(), signal))

/** What a session holds when its worker's process ends, once its work is under way, is lost, and the next call is served. */
const losing = (
  worker: Serving,
  work: Effect.Effect<unknown, unknown, Backend | Scope.Scope>,
  underWay: () => Promise<void>
) =>
  Effect.gen(function* () {
    const held = yield* put(f32(), 1)
    yield* serves
    const fiber = yield* Effect.forkChild(failure(work))
    yield* Effect.promise(underWay)
    yield* kill(worker)
    const error = yield* Fiber.join(fiber)
    expect(yield* failure(held.read)).toMatchObject({ _tag: "DeviceLost" })
    yield* serves
    return error
  })

const lost = (says: string) => ({ _tag: "DeviceLost", message: expect.stringContaining(says) })

describe("a worker whose process is killed", () => {
  const worker = serving()
  const busy = () => queued(worker().address, 1, 0)

  it("while it runs a program: nobody knows whether it has run", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        const endless = yield* compile({ code: endlessModule })
        const running = endless.run([], yield* Effect.scope)
        expect(yield* losing(worker(), running, busy)).toMatchObject({
          _tag: "OutcomeUnknown",
          message: expect.stringContaining("it was ended by SIGKILL")
        })
        expect(worker().log()).toContain("the process that holds the plugin is gone: it was ended by SIGKILL")
      })
    ))

  it("while it compiles one", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        const error = yield* losing(worker(), compile({ code: endlessToCompile }), busy)
        expect(error).toMatchObject(lost("it was ended by SIGKILL"))
      })
    ))

  it.each(["upload", "read"])("in the middle of a transfer: %s", async (which) => {
    const wire = await wireTo(worker().port, { bytesPerSecond: 10_000_000 })
    await on(
      `remote://127.0.0.1:${wire.port}`,
      Effect.gen(function* () {
        // More than the system keeps for a slow network.
        const length = 10_000_000
        const upload = put(f32(length), new Float32Array(length))
        const made = jit([], () => arange(length, "f32"))
        const work = which === "upload" ? upload : (yield* made()).read
        const begun = () => wire.after(1_000_000, which === "upload" ? "client" : "worker")
        expect(yield* losing(worker(), work, begun)).toMatchObject(lost("it was ended by SIGKILL"))
      })
    )
    await wire.close()
  })

  it("with several sessions: each is told, and knows nothing of the other", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        yield* serves
        const other = yield* Device.open(worker().device, { patience: 500 })
        const scope = yield* Effect.scope
        const held = yield* other.put({ dtype: "u8", shape: [4], bytes: new Uint8Array(4) }, scope)
        const own = yield* put(f32(), 1)
        yield* kill(worker(), "SIGABRT")
        expect(yield* failure(held.bytes)).toMatchObject(lost("SIGABRT"))
        expect(yield* failure(own.read)).toMatchObject(lost("SIGABRT"))
        yield* serves
        expect((yield* other.memory(other.device)).arrays).toEqual([])
      })
    ))
})

describe("a worker whose process is killed again and again", () => {
  const worker = serving()

  it("is started each time", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        for (let i = 0; i < 3; i++) {
          yield* serves
          yield* kill(worker())
          yield* Effect.ignore(serves)
        }
        yield* serves
      })
    ))
})

describe("a worker whose process hangs", () => {
  const limits = ["runSeconds=5", "compileSeconds=10", "leaseSeconds=5"]
  const worker = serving(limits.flatMap((limit) => ["--limit", limit]))

  it("because a program never ends: it is told, and the next call is served", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        expect(yield* failure(running(endlessModule))).toMatchObject({
          _tag: "TimedOut",
          message: "running took longer than the time limit of 5 s"
        })
        yield* serves
      })
    ))

  it("because a program takes too long to compile: likewise", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        expect(yield* failure(compile({ code: endlessToCompile }))).toMatchObject({
          _tag: "TimedOut",
          message: "compiling took longer than the time limit of 10 s"
        })
        yield* serves
      })
    ))

  it("because a client says that a loop takes no time: likewise, and others are served meanwhile", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        const client = yield* Effect.promise(() => RawClient.open(worker().address))
        const run = async (call: number, from: number) => {
          const ask: Ask = { type: "Put", array: call, aval: { dtype: "i32", shape: [] }, device: 0 }
          const message = frame(client.message(call, ask))
          await client.post(paths.put, message, new Uint8Array(Int32Array.of(from).buffer))
          return client.ask(call + 1, { type: "Run", executable: 1, args: [call], first: 100 + call })
        }
        yield* Effect.promise(async () => {
          await client.ask(0, { ...programAsk(1, endlessFromModule), variable: false })
          for (let call = 1; call < 10; call += 2) expect(await run(call, 0)).toMatchObject({ type: "Ran" })
        })
        const endless = run(11, 1)
        yield* serves
        expect(yield* Effect.promise(() => endless)).toMatchObject({ type: "Failure", kind: "TimedOut" })
        client.close()
        yield* Effect.ignore(serves)
        yield* serves
      })
    ))

  it("for another reason: it is ended after a lease, and another serves", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        const x = yield* put(f32(), 1)
        yield* serves
        yield* kill(worker(), "SIGSTOP")
        expect(yield* failure(x.read)).toMatchObject({ _tag: "DeviceLost" })
        yield* Effect.retry(serves, { times: 20 })
        expect(worker().log()).toContain(
          "the process that holds the plugin is gone: it did not answer for 5 s"
        )
      })
    ))
})

describe("a worker with programs that end its process", () => {
  const worker = serving()

  /** Padding whose sum is no number of 64 bits fails a check of XLA's. */
  const code = `module { func.func public @main() -> tensor<4xf32> {
    %x = stablehlo.iota dim = 0 : tensor<4xf32>
    %z = stablehlo.constant dense<0.0> : tensor<f32>
    %y = stablehlo.pad %x, %z, low = [${2n ** 63n - 1n}], high = [-${2n ** 63n - 1n}], interior = [0] :
      (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
    return %y : tensor<4xf32> } }`

  it("tells others, and goes on", () =>
    on(
      worker().device,
      Effect.gen(function* () {
        const other = yield* Device.open(worker().device)
        const scope = yield* Effect.scope
        const held = yield* other.put({ dtype: "u8", shape: [4], bytes: new Uint8Array(4) }, scope)
        yield* held.bytes
        expect(yield* failure(compile({ code }))).toMatchObject(lost("it was ended by SIGABRT"))
        expect(yield* failure(held.bytes)).toMatchObject(lost("it was ended by SIGABRT"))
        yield* serves
      })
    ))
})

describe("a worker with 48 GiB of addresses", () => {
  const huge = 2 ** 36
  const outputs = (count: number) => `module { func.func public @main() -> (${Array(count)
    .fill(`tensor<${huge / count}xi8>`)
    .join(", ")}) {
    %x = stablehlo.constant dense<1> : tensor<i8>
    %y = stablehlo.broadcast_in_dim %x, dims = [] : (tensor<i8>) -> tensor<${huge / count}xi8>
    return ${Array(count).fill("%y").join(", ")} : ${Array(count)
      .fill(`tensor<${huge / count}xi8>`)
      .join(", ")} } }`
  const worker = serving(["--limit", `arrayBytes=${2 * huge}`, "--limit", `bytes=${4 * huge}`], {
    gibibytes: 48
  })

  it.each([1, 8])("says so of 64 GiB that a program would give in %i arrays, and goes on", (count) =>
    on(
      worker().device,
      Effect.gen(function* () {
        const held = yield* put(f32(3), [1, 2, 3])
        const error = yield* failure(
          Effect.flatMap(running(outputs(count)), (all) =>
            Effect.forEach(all, (one) => one.ready ?? Effect.void)
          )
        )
        expect(error).toMatchObject({ _tag: "OutOfMemory" })
        yield* serves
        expect(yield* held.read).toEqual(Float32Array.of(1, 2, 3))
      })
    )
  )
})
