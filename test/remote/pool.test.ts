import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { describe, expect, expectTypeOf, it } from "vitest"
import { add, f32, i32, jit, matmul, mul } from "../../pjrt/loopcarry.ts"
import { Pool } from "../../pjrt/remote.ts"
import { failure } from "../support/run.ts"
import { wireTo } from "../support/wire.ts"
import { onWorker } from "../support/worker.ts"

const affine = jit([f32(3), i32()], (x, n) => ({ y: mul(x, 2), n: add(n, 1) }))
const inputs = Array.from({ length: 40 }, (_, i) => [[i, i + 1, i + 2], i] as const)

describe("a pool of workers", () => {
  const a = onWorker({ limits: { leaseSeconds: 3 } })
  const b = onWorker()

  it("gives the results in the order of the inputs", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const pool = yield* Pool.make(`remote://${a.address},${b.address}`)
          expect(pool.workers).toEqual([a.device, b.device])
          const found = yield* pool.map(affine, inputs)
          expectTypeOf(found[0]!.n).toEqualTypeOf<number>()
          expect(found).toEqual(inputs.map(([x, n]) => ({ y: Float32Array.from(x, (v) => 2 * v), n: n + 1 })))
        })
      )
    ))

  it("runs on another what a lost worker was given", async () => {
    const wire = await wireTo(a.port)
    await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const pool = yield* Pool.make([`remote://127.0.0.1:${wire.port}`, b.device])
          let taken = 0
          const found = yield* Stream.runCollect(
            pool.stream(
              affine,
              Stream.fromIterable(inputs).pipe(
                Stream.tap(() =>
                  Effect.sync(() => {
                    if (++taken !== 10) return
                    wire.refuse(true)
                    wire.cut()
                  })
                )
              )
            )
          )
          expect(found.map(({ n }) => n)).toEqual(inputs.map(([, n]) => n + 1))
        })
      )
    )
    await wire.close()
  })

  it("takes inputs only as there is room", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const pool = yield* Pool.make([a.device, b.device], { perWorker: 1 })
          let taken = 0
          const endless = Stream.iterate(0, (n) => n + 1).pipe(
            Stream.tap(() => Effect.sync(() => void taken++)),
            Stream.map((n) => [[n, n, n], n] as const)
          )
          const first = yield* Stream.runCollect(Stream.take(pool.stream(affine, endless), 5))
          expect(first.map(({ n }) => n)).toEqual([1, 2, 3, 4, 5])
          expect(taken).toBeLessThan(50)
        })
      )
    ))

  it("has all of its places again when work was given up", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const pool = yield* Pool.make(a.device, { perWorker: 2 })
          for (let i = 0; i < 20; i++) {
            const fiber = yield* Effect.forkChild(pool.map(affine, inputs))
            yield* Effect.sleep(i)
            yield* Fiber.interrupt(fiber)
          }
          expect((yield* pool.map(affine, inputs.slice(0, 3))).map(({ n }) => n)).toEqual([1, 2, 3])
        })
      )
    ))

  it("fails with what is wrong with the program or its inputs, on no second worker", () =>
    Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const pool = yield* Pool.make([a.device, b.device])
          expect(yield* failure(pool.map(affine, [[[1, 2], 3]]))).toMatchObject({ _tag: "ArgumentError" })
          const wrong = jit([f32(2, 3)], (x) => matmul(x as never, x as never))
          expect(yield* failure(pool.map(wrong, [[new Float32Array(6)]]))).toMatchObject({
            _tag: "ShapeError"
          })
        })
      )
    ))

  it("says which worker is not there", async () => {
    expect(
      await Effect.runPromise(Effect.scoped(failure(Pool.make(`remote://${a.address},127.0.0.1:9`))))
    ).toMatchObject({ _tag: "RemoteError", address: "127.0.0.1:9" })
  })
})
