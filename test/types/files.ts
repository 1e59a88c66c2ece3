/** What the editor must know of files and batches. This file compiles, or the type check fails. */
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { bf16, type DeviceArray, f32, i32 } from "loopcarry"
import {
  type Batch,
  batches,
  checkpoints,
  loadTree,
  type NdArray,
  ndarray,
  prefetch,
  readCsv,
  readNpz,
  readSafetensors,
  saveTree
} from "loopcarry/io"
import { expectTypeOf } from "vitest"

type Given<E> = E extends Effect.Effect<infer A, infer _E, infer _R> ? A : never
type Put<S> = S extends Stream.Stream<infer A, infer _E, infer _R> ? A : never

interface State {
  readonly w: DeviceArray<"f32", readonly [2]>
  readonly inner: { readonly step: number; readonly none: null; readonly list: ReadonlyArray<NdArray> }
}
declare const state: State
declare const effect: Effect.Effect<State>

/** Trees that are saved may be interfaces; what has no value yet is a mistake. */
export const saved = [
  saveTree("a", state),
  saveTree("a", [state, Float32Array.of(1), 2n, true]),
  // @ts-expect-error an Effect has no value until it is run
  saveTree("a", effect),
  // @ts-expect-error a text is no array
  saveTree("a", { name: "x" }),
  // @ts-expect-error a promise has no value yet
  checkpoints("a").save(1, Promise.resolve(state))
]

const loaded = loadTree("a", { layers: [{ w: f32(2, 3) }, null], step: i32() })
expectTypeOf<Given<typeof loaded>>().toEqualTypeOf<{
  readonly layers: readonly [{ readonly w: DeviceArray<"f32", readonly [2, 3]> }, null]
  readonly step: DeviceArray<"i32", readonly []>
}>()

const npz = readNpz("a", { x: bf16(2) })
expectTypeOf<Given<typeof npz>>().toEqualTypeOf<{ readonly x: NdArray<"bf16", readonly [2]> }>()
const tensors = readSafetensors("a", { x: f32(2) })
expectTypeOf<Given<typeof tensors>["tensors"]["x"]["data"]>().toEqualTypeOf<Float32Array>()

const csv = readCsv("a", { columns: { t: "f32", n: "i64", s: "string" }, missing: { t: 0, n: 1n, s: "" } })
expectTypeOf<Given<typeof csv>>().toEqualTypeOf<{
  readonly t: Float32Array
  readonly n: BigInt64Array
  readonly s: ReadonlyArray<string>
}>()
export const wrong = [
  // @ts-expect-error no column holds c64
  readCsv("a", { columns: { t: "c64" } }),
  // @ts-expect-error a text for a number
  readCsv("a", { columns: { t: "f32" }, missing: { t: "x" } }),
  // @ts-expect-error a column that is not read
  readCsv("a", { columns: { t: "f32" }, missing: { u: 1 } }),
  // @ts-expect-error numbers are no rows
  batches({ x: 3 }, { size: 2 }),
  // @ts-expect-error a mode that there is not
  batches(new Float32Array(2), { size: 2, last: "loop" })
]

const rows = { x: ndarray(f32(10, 3), new Float32Array(30)), y: new Int32Array(10), z: null }
const train = batches(rows, { size: 4 })
const ahead = prefetch(train)
expectTypeOf<Put<typeof ahead>>().toEqualTypeOf<
  Batch<{
    readonly x: DeviceArray<"f32", readonly [4, 3]>
    readonly y: DeviceArray<"i32", readonly [4]>
    readonly z: null
  }>
>()
const kept = batches(rows, { size: 4, last: "keep" }).at(0)
expectTypeOf<typeof kept.data.y>().toEqualTypeOf<NdArray<"i32", readonly [number]>>()
