import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { scanStream } from "../../pjrt/index.ts"
import { add, convert, f32, i32, mul, sum } from "../../pjrt/loopcarry.ts"
import { failure, onDevice } from "../support/run.ts"

const collect = <A, E, R>(stream: Stream.Stream<A, E, R>) =>
  Effect.map(Stream.runCollect(stream), (all) => [...all])

describe("scanStream", () => {
  const run = onDevice("cpu")

  const walk = scanStream(
    f32(),
    null,
    (total, _, step) => {
      const next = add(total, convert(step, "f32"))
      return [next, { total: next, step }]
    },
    { chunk: 4 }
  )

  it("gives each step's output, and the carry at the end of each chunk", () =>
    run(
      Effect.gen(function* () {
        const all = yield* collect(walk(0, { xs: null, steps: 10 }))
        expect(all.map(({ output }) => output.total)).toEqual([0, 1, 3, 6, 10, 15, 21, 28, 36, 45])
        expect(all.map(({ output }) => output.step)).toEqual(all.map(({ step }) => step))
        expect(all.map(({ resume }) => resume)).toEqual(
          [0, 1, 2, 6, 4, 5, 6, 28, 8, 45].map((value, i) => ([3, 7, 9].includes(i) ? value : undefined))
        )
      })
    ))

  it("is taken up again where it was left", () =>
    run(
      Effect.gen(function* () {
        const first = yield* collect(walk(0, { xs: null, steps: 8 }))
        const rest = yield* collect(walk(first.at(-1)!.resume!, { xs: null, steps: 10, from: 8 }))
        expect(rest.map(({ step, output }) => [step, output.total])).toEqual([
          [8, 36],
          [9, 45]
        ])
      })
    ))

  it("does no more than is asked for, and holds no more", () =>
    run(
      Effect.gen(function* () {
        const { device, memory } = yield* Backend
        const before = (yield* memory(device)).arrays.length
        const some = yield* collect(Stream.take(walk(0, { xs: null, steps: 1e9 }), 6))
        expect(some.at(-1)!.output.total).toBe(15)
        expect((yield* memory(device)).arrays.length - before).toBeLessThan(4)
      })
    ))

  it("takes rows, a chunk at a time", () =>
    run(
      Effect.gen(function* () {
        const moving = scanStream(
          { mean: f32(2), count: i32() },
          { row: f32(2), weight: f32() },
          ({ mean, count }, { row, weight }) => {
            const next = add(mul(mean, 0.5), mul(row, weight))
            return [{ mean: next, count: add(count, 1) }, [next, sum(next)]]
          },
          { chunk: 3 }
        )
        const row = Float32Array.from({ length: 14 }, (_, i) => i)
        const weight = [1, 2, 3, 4, 5, 6, 7]
        const all = yield* collect(moving({ mean: [0, 0], count: 0 }, { xs: { row, weight }, steps: 7 }))
        let mean = [0, 0]
        for (const { step, output } of all) {
          mean = mean.map((value, k) => value / 2 + row[2 * step + k]! * weight[step]!)
          expect([...output[0]]).toEqual(mean)
          expect(output[1]).toBe(mean[0]! + mean[1]!)
        }
        expect(all.at(-1)!.resume).toMatchObject({ count: 7 })
      })
    ))

  it("refuses rows that are not as many as the steps", () =>
    run(
      Effect.gen(function* () {
        const rows = scanStream(f32(), f32(), (carry, x) => [add(carry, x), carry])
        const error = yield* failure(collect(rows(0, { xs: [1, 2, 3], steps: 4 })))
        expect(error).toMatchObject({
          _tag: "ArgumentError",
          message: "xs has 3 rows, but there are 4 steps"
        })
      })
    ))
})
