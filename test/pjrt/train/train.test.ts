import { mkdtempSync, readdirSync, rmSync, truncateSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import { afterAll, describe, expect, it } from "vitest"
import type { Backend } from "../../../pjrt/index.ts"
import { batches, ndarray } from "../../../pjrt/io/index.ts"
import {
  add,
  type DeviceArray,
  type F32,
  f32,
  i32,
  jit,
  mean,
  mul,
  put,
  random,
  read,
  square,
  sub,
  u32,
  valueAndGrad
} from "../../../pjrt/loopcarry.ts"
import { type Seen, train } from "../../../pjrt/train/index.ts"
import { onProcess, onRemote, twoDevices } from "../../support/backends.ts"
import { plugins } from "../../support/plugins.ts"
import { failure, onDevice } from "../../support/run.ts"

const parent = mkdtempSync(path.join(tmpdir(), "loopcarry-train-"))
afterAll(() => rmSync(parent, { recursive: true }))
const folder = () => mkdtempSync(path.join(parent, "run-"))

/** A line fitted to noisy points, with the key of its noise in the state. */
const state = { a: f32(), b: f32(), key: u32(2), count: i32() }
const step = jit(
  [state, f32(8)],
  ({ a, b, key, count }, x) => {
    const [next, own] = random.split(key)
    const noise = random.normal(own, [8])
    const [loss, [da, db]] = valueAndGrad(
      (a: F32, b: F32) => mean(square(sub(add(mul(a, x), b), add(mul(2, x), mul(0.1, noise))))),
      { argnums: [0, 1] }
    )(a, b)
    const moved = { a: sub(a, mul(0.1, da)), b: sub(b, mul(0.1, db)), key: next, count: add(count, 1) }
    return [moved, { loss, slope: da }]
  },
  { donate: [0] }
)
const first = { a: 0, b: 1, key: [0, 7], count: 0 }
const points = batches(
  Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)),
  { size: 8, seed: 3 }
)
const pointsAt = (i: number) => Float32Array.from({ length: 8 }, (_, j) => Math.sin(8 * i + j))
const silent = { report: false } as const

describe.each([...twoDevices, onProcess, onRemote])("a training loop on $on", ({ open }) => {
  const run = open()

  it("gives what the loop written out gives", () =>
    run(
      Effect.gen(function* () {
        let [plain, metrics] = yield* step(first, pointsAt(0))
        for (let i = 1; i < 50; i++) [plain, metrics] = yield* step(plain, pointsAt(i))
        const found = yield* train({ state: first, step, data: pointsAt, steps: 50, ...silent })
        expect(found).toMatchObject({ step: 50, ended: "done" })
        expect(yield* read(found.state)).toEqual(yield* read(plain))
        expect(found.metrics).toEqual(yield* read(metrics))
      })
    ))

  it("goes on from a checkpoint bit for bit, with the batches that come then", () =>
    run(
      Effect.gen(function* () {
        const at = folder()
        const whole = yield* train({ state: first, step, data: points, steps: 40, ...silent })
        yield* train({ state: first, step, data: points, steps: 17, save: { folder: at }, ...silent })
        const rest = yield* train({
          state: first,
          step,
          data: points,
          steps: 40,
          save: { folder: at, every: 10, keep: 2, resume: true },
          ...silent
        })
        expect(rest).toMatchObject({ step: 40, ended: "done", metrics: whole.metrics })
        expect(yield* read(rest.state)).toEqual(yield* read(whole.state))
        expect(readdirSync(at).sort()).toEqual(["step-000000030.safetensors", "step-000000040.safetensors"])
      })
    ))
})

describe("a training loop", () => {
  const run = onDevice(`plugin:${plugins[0]!.path}`)

  it("reports what was seen, the last step too, and ends when it is told to", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<Seen<unknown>> = []
        const found = yield* train({
          state: first,
          step,
          data: pointsAt,
          steps: 1000,
          report: { seconds: 0, to: (one) => void seen.push(one) },
          until: ({ step, metrics }) => step >= 20 && metrics.loss < 10
        })
        expect(found.ended).toBe("until")
        expect(found.step).toBeGreaterThanOrEqual(20)
        expect(found.step).toBeLessThan(1000)
        expect(seen.at(-1)).toMatchObject({ step: found.step, steps: 1000, metrics: found.metrics })
        expect(seen[0]!.step).toBe(1)
      })
    ))

  it("reports a step once, the last one too", () =>
    run(
      Effect.gen(function* () {
        const seen: Array<number> = []
        yield* train({
          state: first,
          step,
          data: pointsAt,
          steps: 1,
          report: { seconds: 0, to: (one) => void seen.push(one.step) }
        })
        expect(seen).toEqual([1])
      })
    ))

  it("evaluates every so often, with the state of then", () =>
    run(
      Effect.gen(function* () {
        const counts: Array<unknown> = []
        yield* train({
          state: first,
          step,
          data: pointsAt,
          steps: 25,
          evaluate: {
            every: 10,
            run: ({ count }, at) =>
              Effect.map(count.read, (value) => {
                counts.push([at, value])
                return { value, count }
              })
          },
          ...silent
        })
        expect(counts).toEqual([
          [10, 10],
          [20, 20]
        ])
      })
    ))

  it("takes its batches from an effect, a step that is no jitted function, and metrics that are numbers", () =>
    run(
      Effect.gen(function* () {
        const found = yield* train({
          state: yield* put(f32(), 1),
          step: (w: DeviceArray<"f32", readonly []>, x: number) =>
            Effect.map(jit([f32()], (w) => mul(w, 2))(w), (w) => [w, x] as const),
          data: (i) => Effect.succeed(i),
          steps: 3,
          ...silent
        })
        expect(yield* found.state.read).toBe(8)
        expect(found.metrics).toBe(2)
      })
    ))

  it("finishes its step and saves where its fiber is interrupted", () =>
    run(
      Effect.gen(function* () {
        const at = folder()
        let taken = 0
        const fiber = yield* Effect.forkChild(
          train({
            state: first,
            step,
            data: (i) => {
              taken = i
              return Effect.as(Effect.sleep(1), pointsAt(i))
            },
            steps: 1_000_000,
            save: { folder: at },
            ...silent
          }),
          { startImmediately: true }
        )
        while (taken < 5) yield* Effect.sleep(1)
        yield* Fiber.interrupt(fiber)
        const [file] = readdirSync(at)
        expect(file).toBe(`step-${String(taken + 1).padStart(9, "0")}.safetensors`)
      })
    ))

  it("takes no step where all are done", () =>
    run(
      Effect.gen(function* () {
        const found = yield* train({ state: first, step, data: pointsAt, steps: 0, ...silent })
        expect(found).toMatchObject({ step: 0, metrics: undefined, ended: "done" })
        expect(yield* found.state.b.read).toBe(1)
      })
    ))

  it("keeps the last good checkpoint where a step fails", () =>
    run(
      Effect.gen(function* () {
        const at = folder()
        const data = (i: number) => (i === 15 ? new Float32Array(3) : pointsAt(i))
        const save = { folder: at, every: 10 }
        const error = yield* failure(train({ state: first, step, data, steps: 30, save, ...silent }))
        expect(error).toMatchObject({ _tag: "ArgumentError", path: "args[1]" })
        expect(readdirSync(at)).toEqual(["step-000000010.safetensors"])
      })
    ))

  it("refuses a folder that is in use, a damaged checkpoint, and one of something else", () =>
    run(
      Effect.gen(function* () {
        const at = folder()
        const options = { state: first, step, data: pointsAt, steps: 12, ...silent }
        yield* train({ ...options, save: { folder: at, every: 6, optimizer: "sgd" } })
        const refused = (save: object) => failure(train({ ...options, save: { folder: at, ...save } }))
        expect(yield* refused({})).toMatchObject({
          _tag: "ArgumentError",
          path: "save.folder",
          message: `${at} holds the state after step 12 already`
        })
        expect(yield* refused({ resume: true, optimizer: "adam" })).toMatchObject({ _tag: "MismatchError" })
        truncateSync(path.join(at, "step-000000012.safetensors"), 100)
        expect(yield* refused({ resume: true, optimizer: "sgd" })).toMatchObject({ _tag: "FormatError" })
        const found = yield* train({
          ...options,
          save: { folder: at, resume: true, damaged: "skip", optimizer: "sgd" }
        })
        expect(found.step).toBe(12)
        const other = jit([{ a: f32() }, f32(8)], ({ a }, x) => [{ a: add(a, mean(x)) }, null])
        const save = { folder: at, resume: true, optimizer: "sgd" }
        const error = yield* failure(
          train({ state: { a: 0 }, step: other, data: pointsAt, steps: 20, save, ...silent })
        )
        expect(error).toMatchObject({ _tag: "MismatchError" })
      })
    ))

  it("refuses options that are wrong, by name", () =>
    run(
      Effect.gen(function* () {
        const options = { state: first, step, data: pointsAt, steps: 3, ...silent }
        const any = train as (options: object) => Effect.Effect<unknown, Error, Backend | Scope.Scope>
        const told = (given: object) =>
          Effect.map(failure(any({ ...options, ...given })), ({ message }) => message)
        expect(yield* told({ steps: undefined })).toContain("nothing says when the loop ends")
        expect(yield* told({ steps: -1 })).toContain("steps is -1")
        expect(
          yield* told({ data: batches(ndarray(f32(8), pointsAt(0)), { size: 8, epochs: 2 }), steps: 3 })
        ).toBe("steps is 3, but data has 2 batches")
        expect(yield* told({ data: 3 })).toContain("data is 3")
        expect(yield* told({ step: 3 })).toContain("step is 3")
        expect(yield* told({ evaluate: { every: 0, run: () => Effect.succeed({}) } })).toContain(
          "evaluate.every"
        )
        expect(yield* told({ report: { seconds: -1 } })).toContain("report.seconds is -1")
        expect(yield* told({ stepps: 3 })).toContain("stepps")
        expect(yield* told({ save: { folder: folder(), every: 0 } })).toContain("save.every is 0")
        expect(yield* told({ state: { a: 0 } })).toContain("state must be a record")
        const bare = jit([f32(), f32(8)], (w, x) => add(w, mean(x)))
        expect(yield* told({ state: 0, step: bare })).toContain("step gives no pair")
        expect(yield* told({ step: () => Effect.succeed([1, 2]) })).toContain("nothing says its dtypes")
      })
    ))
})
