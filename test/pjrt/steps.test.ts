import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { steps } from "../../pjrt/reference/steps.ts"
import { failure } from "../support/run.ts"

const { add, arange, f32, i32, jit, scan, zeros } = lc

it("steps gives the carry after each step, when it is asked for", async () => {
  const program = jit([f32(), f32(2)], (start, w) =>
    scan({ total: start, trail: zeros([2], "f32") }, arange(1_000_000_000, "f32"), (c, x) => [
      { total: add(c.total, x), trail: add(c.trail, w) },
      null
    ])
  )
  const first = await Effect.runPromise(steps(program, 10, [1, 2]).pipe(Stream.take(3), Stream.runCollect))
  expect(first.map(({ step, carry }) => [step, carry.total, [...carry.trail]])).toEqual([
    [0, 10, [1, 2]],
    [1, 11, [2, 4]],
    [2, 13, [3, 6]]
  ])
})

it("and in a reversed scan counts rows down", async () => {
  const program = jit([f32(3)], (xs) => scan(lc.sum(xs), xs, (c, x) => [add(c, x), null], { reverse: true }))
  const all = await Effect.runPromise(steps(program, [1, 2, 4]).pipe(Stream.runCollect))
  expect(all.map(({ row, carry }) => [row, carry])).toEqual([
    [2, 11],
    [1, 13],
    [0, 14]
  ])
})

it("refuses a function that gives no scan, and arguments that do not fit", async () => {
  const sum = jit([f32()], (x) => [add(x, 1), null] as const)
  const refused = await Effect.runPromise(failure(Stream.runCollect(steps(sum, 1))))
  expect(refused).toMatchObject({
    _tag: "ScopeError",
    message: expect.stringContaining("not the carry of a scan")
  })
  const counted = jit([f32()], (x) => scan(x, arange(3, "f32"), (c, y) => [add(c, y), null]))
  const wrong = await Effect.runPromise(failure(Stream.runCollect(steps(counted, [1] as never))))
  expect(wrong).toMatchObject({ _tag: "ArgumentError" })
})

it("has the steps of a scan that passes would take apart", async () => {
  const counting = jit([i32()], (x) => scan(x, arange(3, "i32"), (c, i) => [add(c, 2), i]), {
    optimize: true
  })
  const all = await Effect.runPromise(steps(counting, 5).pipe(Stream.runCollect))
  expect(all.map(({ carry }) => carry)).toEqual([7, 9, 11])
})
