import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { Backend } from "../../../pjrt/index.ts"
import { batches, ndarray, prefetch } from "../../../pjrt/io/index.ts"
import { bf16, c128, type DeviceArray, f32, jit, random, sum } from "../../../pjrt/loopcarry.ts"
import { failure, onDevice, thrown } from "../../support/run.ts"

const ten = Int32Array.from({ length: 10 }, (_, i) => i)
const rowsOf = (made: Iterable<{ readonly data: { readonly data: ArrayLike<number> } }>) =>
  Array.from(made, ({ data }) => Array.from(data.data))

describe("batches", () => {
  it("take each row once in an epoch, in another order each time, which the seed decides", () => {
    const train = batches(ten, { size: 5, epochs: 3, seed: 7 })
    expect([train.perEpoch, train.steps]).toEqual([2, 6])
    const rows = rowsOf(train.from(0))
    const epochs = [0, 1, 2].map((epoch) => rows.slice(2 * epoch, 2 * epoch + 2).flat())
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual([...ten])
    expect(new Set(epochs.map(String)).size).toBe(3)
    expect(rowsOf(batches(ten, { size: 5, epochs: 3, seed: 7 }).from(0))).toEqual(rows)
    expect(rowsOf(batches(ten, { size: 5, epochs: 3, seed: 8 }).from(0))).not.toEqual(rows)
  })

  it("come in an order that no later version may change", () => {
    expect(rowsOf(batches(ten, { size: 10, epochs: 2 }).from(0))).toMatchInlineSnapshot(`
      [
        [
          6,
          0,
          7,
          3,
          9,
          1,
          2,
          5,
          8,
          4,
        ],
        [
          0,
          8,
          6,
          5,
          3,
          4,
          1,
          9,
          7,
          2,
        ],
      ]
    `)
    const key = Uint32Array.of(1, 2 ** 32 - 1)
    expect(rowsOf(batches(ten, { size: 10, epochs: 1, seed: key }).from(0))).toMatchInlineSnapshot(`
      [
        [
          7,
          5,
          8,
          3,
          9,
          0,
          6,
          1,
          2,
          4,
        ],
      ]
    `)
  })

  it("begin at any order with the same chance", () => {
    const counts = new Map<string, number>()
    const train = batches(Int32Array.of(0, 1, 2), { size: 3, epochs: 6000, seed: 3 })
    for (const [row] of rowsOf(train.from(0)).map((each) => [each.join()]))
      counts.set(row!, (counts.get(row!) ?? 0) + 1)
    expect(counts.size).toBe(6)
    // Five standard deviations of a share of one in six.
    for (const count of counts.values())
      expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(6000 * (5 / 36)))
  })

  it("are a function of their step alone: a loop goes on from where it was", () => {
    const make = () =>
      batches(
        {
          x: ndarray(
            f32(10, 3),
            new Float32Array(30).map((_, i) => i)
          ),
          y: ten
        },
        { size: 3, seed: 5 }
      )
    const all = make()
    expect(all.steps).toBe(Number.POSITIVE_INFINITY)
    const later = make().from(4)[Symbol.iterator]()
    for (const step of [4, 5, 6, 7]) {
      const batch = later.next().value
      expect(batch).toEqual(all.at(step))
      expect(batch!.epoch).toBe(Math.floor(step / 3))
    }
    const { data } = all.at(1)
    const x: readonly [3, 3] = data.x.shape
    expect(x).toEqual([3, 3])
    data.y.data.forEach((row, i) => {
      expect(Array.from(data.x.data.subarray(3 * i, 3 * i + 3))).toEqual([3 * row, 3 * row + 1, 3 * row + 2])
    })
  })

  it("end with a whole batch, a smaller one, or one that is padded", () => {
    const options = { size: 4, epochs: 2, shuffle: false } as const
    expect(rowsOf(batches(ten, options).from(0))).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [0, 1, 2, 3],
      [4, 5, 6, 7]
    ])
    const kept = batches(ten, { ...options, last: "keep" })
    expect(rowsOf(kept.from(0)).slice(1, 4)).toEqual([
      [4, 5, 6, 7],
      [8, 9],
      [0, 1, 2, 3]
    ])
    const some: readonly [number] = kept.at(2).data.shape
    expect(some).toEqual([2])
    const padded = batches(ten, { ...options, last: "pad" })
    expect(padded.at(2)).toMatchObject({ step: 2, epoch: 0, rows: 2 })
    expect(rowsOf(padded.from(0))[2]).toEqual([8, 9, 0, 0])
    for (const shuffle of [true, false]) {
      const whole = batches(ten, { size: 16, epochs: 1, shuffle, last: "pad" }).at(0)
      expect(whole.rows).toBe(10)
      expect(whole.data.data.slice(10)).toEqual(new Int32Array(6))
    }
  })

  it("have rows of any width, bit for bit", () => {
    const wide = ndarray(
      c128(3, 2),
      Float64Array.from({ length: 12 }, (_, i) => i)
    )
    const half = ndarray(bf16(3), [1, 2, 3])
    const { data } = batches([wide, half, null], { size: 3, epochs: 1 }).at(0)
    for (const [i, row] of Array.from(data[1].data).entries())
      expect(Array.from(data[0].data.slice(4 * i, 4 * i + 4))).toEqual(
        [0, 1, 2, 3].map((at) => 4 * (row - 1) + at)
      )
  })

  it.each<readonly [string, unknown, unknown, string]>([
    [
      "rows that differ",
      { x: ten, y: new Float32Array(9) },
      { size: 2 },
      "data.y has 9 rows, but data.x has 10"
    ],
    ["scalars", ndarray(f32(), 1), { size: 2 }, "data is f32[], which has no rows"],
    ["numbers", { x: 3 }, { size: 2 }, "data.x is the number 3, which is no array"],
    ["nothing", {}, { size: 2 }, "data has no array"],
    ["no options", ten, undefined, "options"],
    ["another option", ten, { size: 2, sise: 2 }, 'there is no option "sise"'],
    ["a size of 0", ten, { size: 0 }, "size"],
    [
      "a size that is too large",
      ten,
      { size: 11 },
      "size is 11, but the data have 10 rows: there would be no batch"
    ],
    ["no rows", new Float32Array(0), { size: 2, last: "pad" }, "the data have 0 rows"],
    ["a seed of -1", ten, { size: 2, seed: -1 }, "seed is -1, neither"],
    ["another end", ten, { size: 2, last: "loop" }, "last"]
  ])("refuse %s", (_, data, options, words) => {
    const error = thrown(() => batches(data as never, options as never)) as Error
    expect(error.message).toContain(words)
    expect(error).toHaveProperty("_tag")
  })

  it("refuse a step that there is not", () => {
    const train = batches(ten, { size: 5, epochs: 1 })
    expect(() => train.at(2)).toThrow("step is 2, but there are 2 batches")
    expect(() => train.at(-1)).toThrow("step")
    expect([...train.from(9)]).toEqual([])
  })
})

describe.each([["cpu"], ["reference"]])("prefetching on %s", (device) => {
  const run = onDevice(device)
  const train = batches(
    { x: Float32Array.from({ length: 40 }, (_, i) => i) },
    { size: 4, epochs: 1, shuffle: false }
  )

  it("gives all batches in order, typed, and leaves nothing behind", () =>
    run(
      Effect.gen(function* () {
        const total = jit([f32(4)], (x) => sum(x))
        const sums = yield* prefetch(train, { from: 3 }).pipe(
          Stream.mapEffect(({ data, step }) =>
            Effect.map(
              Effect.flatMap(total(data.x), (y) => y.read),
              (y) => [step, y]
            )
          ),
          Stream.runCollect
        )
        expect(sums).toEqual(Array.from({ length: 7 }, (_, i) => [i + 3, 16 * (i + 3) + 6]))
        const { memory, device } = yield* Backend
        yield* Stream.runDrain(Stream.take(prefetch(train), 2))
        // The sums of the loop above, and nothing of the batches.
        expect((yield* memory(device)).arrays.every(({ shape }) => shape.length === 0)).toBe(true)
      })
    ))

  it("uploads while a step runs, as many as the depth and no more, and frees what was used", () =>
    run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const events: Array<string> = []
        const watched = Backend.of({
          ...backend,
          put: (array, scope, where) => {
            events.push(`upload ${new Float32Array(array.bytes.slice().buffer)[0]! / 4}`)
            return backend.put(array, scope, where)
          }
        })
        const gates = yield* Effect.forEach([0, 1, 2], () => Deferred.make<void>())
        const used: Array<DeviceArray> = []
        const loop = prefetch(train, { depth: 2 }).pipe(
          Stream.take(3),
          Stream.runForEach(({ data, step }) =>
            Effect.gen(function* () {
              events.push(`step ${step} begins`)
              used.push(data.x)
              yield* Deferred.await(gates[step]!)
              expect((yield* data.x.read)[0]).toBe(4 * step)
              events.push(`step ${step} ends`)
            })
          ),
          Effect.provideService(Backend, watched)
        )
        yield* Effect.forkScoped(loop)
        const settled = (length: number) =>
          Effect.promise(() => expect.poll(() => events.length).toBe(length))
        // The step that runs, and two batches that wait for it.
        yield* settled(4)
        expect(events.toSorted()).toEqual(["step 0 begins", "upload 0", "upload 1", "upload 2"])
        yield* Effect.yieldNow
        expect(events).toHaveLength(4)
        yield* Deferred.succeed(gates[0]!, undefined)
        yield* settled(7)
        expect(events.slice(4).toSorted()).toEqual(["step 0 ends", "step 1 begins", "upload 3"])
        expect((yield* failure(used[0]!.read))._tag).toBe("BufferGone")
        yield* Deferred.succeed(gates[1]!, undefined)
        yield* Deferred.succeed(gates[2]!, undefined)
        yield* Effect.promise(() => expect.poll(() => events.includes("step 2 ends")).toBe(true))
        expect(events.filter((event) => event.startsWith("upload")).length).toBeLessThanOrEqual(5)
      })
    ))

  it("fails as the upload does", () =>
    run(
      Effect.gen(function* () {
        const backend = yield* Backend
        let puts = 0
        const failing = Backend.of({
          ...backend,
          put: (array, scope, where) =>
            ++puts > 2 ? Effect.fail({ _tag: "RunError" } as never) : backend.put(array, scope, where)
        })
        const seen: Array<number> = []
        const loop = Stream.runForEach(prefetch(train), ({ step }) => Effect.sync(() => seen.push(step)))
        expect(yield* failure(Effect.provideService(loop, Backend, failing))).toEqual({ _tag: "RunError" })
        expect(seen).toEqual([0, 1])
        expect(() => prefetch(train, { depth: 0 })).toThrow("depth")
      })
    ))
})

describe("a key", () => {
  const run = onDevice("reference")
  it("that was read is a seed", () =>
    run(
      Effect.gen(function* () {
        const key = yield* Effect.flatMap(jit([], () => random.key(3))(), (made) => made.read)
        const [first] = rowsOf(batches(ten, { size: 10, seed: key, epochs: 1 }).from(0))
        expect(first!.toSorted((a, b) => a - b)).toEqual([...ten])
      })
    ))
})
