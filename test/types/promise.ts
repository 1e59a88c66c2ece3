/** What the editor must know of the door of promises. This file compiles, or the type check fails. */
import * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"
import type { DeviceArray, ResultOf } from "../../pjrt/loopcarry.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { type OpenDevice, type PromiseArray, release, toEffect } from "../../pjrt/promise/index.ts"

declare const device: OpenDevice
declare const rows: PromiseArray<"f32", readonly [3, 4]>
declare const some: PromiseArray
declare const effectRows: DeviceArray<"f32", readonly [3, 4]>

/** A call takes what the specs say, and gives arrays of exact types. */
const step = device.jit([{ w: lc.f32(3, 4) }, lc.f32()], ({ w }, rate) => ({
  next: lc.mul(w, rate),
  total: [lc.sum(w), null] as const
}))
type Result = Awaited<ReturnType<typeof step>>
expectTypeOf<Result["next"]>().toEqualTypeOf<PromiseArray<"f32", readonly [3, 4]>>()
expectTypeOf<Result["total"][0]>().toEqualTypeOf<PromiseArray<"f32", readonly []>>()
expectTypeOf<Result["total"][1]>().toEqualTypeOf<null>()
expectTypeOf(step({ w: rows }, 0.1)).resolves.toHaveProperty("next")
expectTypeOf(step({ w: new Float32Array(12) }, 0.1)).resolves.toHaveProperty("next")
expectTypeOf<ResultOf<typeof step.effect>["next"]>().toEqualTypeOf<DeviceArray<"f32", readonly [3, 4]>>()
// @ts-expect-error: of another shape
step({ w: rows }, rows)
// @ts-expect-error: not awaited
step({ w: Promise.resolve(rows) }, 0.1)
// @ts-expect-error: of another door, where it must be awaited by Effect
step({ w: lc.jit([lc.f32(3, 4)], (x) => x)(new Float32Array(12)) }, 0.1)
// @ts-expect-error: a Promise is no result
device.jit([lc.f32()], async (x) => x)

/** Reading gives numbers, typed arrays, and lists in the array's shape. */
expectTypeOf(rows.read()).resolves.toEqualTypeOf<Float32Array>()
expectTypeOf(rows.view()).resolves.toEqualTypeOf<Float32Array>()
expectTypeOf(rows.nested()).resolves.toEqualTypeOf<Array<Array<number>>>()
expectTypeOf(rows.shape).toEqualTypeOf<readonly [3, 4]>()
declare const flag: PromiseArray<"bool", readonly []>
declare const pairs: PromiseArray<"c64", readonly [2]>
declare const large: PromiseArray<"i64", readonly [number]>
expectTypeOf(flag.nested()).resolves.toEqualTypeOf<boolean>()
expectTypeOf(pairs.nested()).resolves.toEqualTypeOf<Array<readonly [number, number]>>()
expectTypeOf(large.nested()).resolves.toEqualTypeOf<Array<bigint>>()
expectTypeOf(effectRows.nested).toExtend<Effect.Effect<Array<Array<number>>, unknown>>()
expectTypeOf(device.read({ rows, more: [flag, null] as const })).resolves.toEqualTypeOf<{
  readonly rows: Float32Array
  readonly more: readonly [boolean, null]
}>()
// @ts-expect-error: a number is no array
device.read({ rows, n: 3 })
// @ts-expect-error: not awaited
device.read(Promise.resolve(rows))

/** An array of a known type stands for one of an unknown type. */
expectTypeOf(rows).toExtend<PromiseArray>()
expectTypeOf(effectRows).toExtend<DeviceArray>()
expectTypeOf(some.shape).toEqualTypeOf<lc.Shape>()
release([rows, { some }])

/** Arrays go to functions that give Effects, and come back. */
expectTypeOf(toEffect({ rows })).toEqualTypeOf<{ readonly rows: DeviceArray<"f32", readonly [3, 4]> }>()
const given = device.run(Effect.succeed({ at: [effectRows, 1] as const, name: "a" }))
expectTypeOf<Awaited<typeof given>["at"][0]>().toEqualTypeOf<PromiseArray<"f32", readonly [3, 4]>>()
expectTypeOf<Awaited<typeof given>["name"]>().toEqualTypeOf<string>()
expectTypeOf(device.run(lc.read(toEffect({ rows })))).resolves.toEqualTypeOf<{
  readonly rows: Float32Array
}>()
expectTypeOf(device.put(lc.f32(3, 4), [])).resolves.toEqualTypeOf<PromiseArray<"f32", readonly [3, 4]>>()
expectTypeOf(device.tidy(async () => ({ rows, n: 1 }))).resolves.toEqualTypeOf<{
  rows: PromiseArray<"f32", readonly [3, 4]>
  n: number
}>()
expectTypeOf(device.tidy(() => 3)).resolves.toEqualTypeOf<number>()
