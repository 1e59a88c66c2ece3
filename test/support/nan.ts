import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Backend } from "../../pjrt/backend/backend.ts"
import * as language from "../../pjrt/loopcarry.ts"

// biome-ignore lint/suspicious/noExplicitAny: programs of several dtypes.
type Any = any

const {
  argmax,
  argmin,
  at,
  clamp,
  constant,
  cummax,
  cummin,
  div,
  grad,
  hessian,
  jvp,
  map,
  max,
  maximum,
  min,
  minimum,
  mul,
  ones,
  reduceWindow,
  reshape,
  scan,
  sort,
  square,
  stack,
  sub,
  sum,
  topK,
  vmap,
  zeros
} = language as Any

const { bf16, f16, f32, f64 } = language
const specs = { f16, bf16, f32, f64 } as const
export type Float = keyof typeof specs
export const floats = Object.keys(specs) as ReadonlyArray<Float>

const nan = Number.NaN
const x = [1, nan, 3]
const y = [nan, 2, 3]
const places = [0, 0, 1]
/** Zeros of both signs. */
const z = [0, -0]
const w = [-0, 0]

/** A function of two arrays, these, and what JAX gives for them. */
export interface NanCase {
  readonly fn: (a: Any, b: Any, dtype: Float) => Any
  readonly args: readonly [ReadonlyArray<number>, ReadonlyArray<number>]
  readonly wanted: ReadonlyArray<number>
}

const withNan = (fn: NanCase["fn"], ...wanted: ReadonlyArray<number>): NanCase => ({
  fn,
  args: [x, y],
  wanted
})
const ofZeros = (fn: NanCase["fn"], ...wanted: ReadonlyArray<number>): NanCase => ({
  fn,
  args: [z, w],
  wanted
})

const atPlaces = (dtype: Float) => at(zeros([2], dtype), constant(places, "i32"))
const atOne = (dtype: Float, from: ReadonlyArray<number>) =>
  at(constant([...from], dtype), constant([0, 0], "i32"))

/** Greatest and least elements, of arrays with NaN and with zeros of both signs. */
export const nanCases: Readonly<Record<string, NanCase>> = {
  max: withNan((a) => max(a), nan),
  min: withNan((a) => min(a), nan),
  "max by column": withNan((a) => max(reshape(a, [1, 3]), 0), 1, nan, 3),
  cummax: withNan((a) => cummax(a), 1, nan, nan),
  cummin: withNan((a) => cummin(a), 1, nan, nan),
  "cummax from the end": withNan((a) => cummax(a, 0, { reverse: true }), nan, nan, 3),
  maximum: withNan((a, b) => maximum(a, b), nan, nan, 3),
  minimum: withNan((a, b) => minimum(a, b), nan, nan, 3),
  "maximum with a number": withNan((a) => maximum(a, 2), 2, nan, 3),
  "minimum with a number": withNan((a) => minimum(a, 2), 1, nan, 2),
  "at().max": withNan((a, _, dtype) => atPlaces(dtype).max(a), nan, 3),
  "at().min": withNan((a, _, dtype) => atPlaces(dtype).min(a), nan, 0),
  "max of windows": withNan((a) => reduceWindow(a, "max", { window: [2] }), nan, nan),
  "min of windows": withNan((a) => reduceWindow(a, "min", { window: [2] }), nan, nan),
  clamp: withNan((a) => clamp(0, a, 2), 1, nan, 2),
  "clamp from NaN": withNan((a, b) => clamp(a, b, 5), nan, nan, 3),
  "a running maximum in a scan": withNan(
    (a, _, dtype) =>
      scan(constant(0, dtype), a, (most: Any, row: Any) => {
        const next = maximum(most, row)
        return [next, next]
      }),
    ...[nan, 1, nan, nan]
  ),
  "max row by row": withNan((a) => map((row: Any) => max(row), reshape(a, [3, 1])), ...x),
  "maximum under vmap": withNan((a, b) => vmap((p: Any, q: Any) => maximum(p, q))(a, b), nan, nan, 3),
  "max under vmap": withNan((a) => vmap((row: Any) => max(row))(reshape(a, [3, 1])), ...x),
  sort: withNan((a) => sort(a), 1, 3, nan),
  topK: withNan((a) => topK(a, 2), nan, 3, 1, 2),
  // 0 / 0 is a NaN with a sign on some processors.
  "topK of a quotient": withNan((a) => topK(div(sub(a, 1), sub(a, 1)), 3), ...[nan, nan, 1, 0, 1, 2]),
  "the derivative of topK": withNan((a) => grad((t: Any) => sum(topK(t, 2)[0]))(a), 0, 1, 1),
  "argmax and argmin": withNan((a) => [argmax(a, 0), argmin(a, 0)], 1, 1),
  "maximum of constants": withNan(
    (_, __, dtype) => maximum(constant(x, dtype), constant(y, dtype)),
    ...[nan, nan, 3]
  ),
  "the derivatives of max": withNan(
    (a) => [grad((t: Any) => max(t))(a), grad((t: Any) => min(t))(a)],
    ...[nan, nan, nan, nan, nan, nan]
  ),
  "the tangent of max": withNan(
    (a, _, dtype) => jvp((t: Any) => max(t), [a], [ones([3], dtype)]),
    ...[nan, nan]
  ),
  "the second derivative of max": withNan(
    (a) => hessian((t: Any) => square(max(t)))(a),
    ...Array<number>(9).fill(nan)
  ),
  "the derivative of max in a batch": withNan(
    (a, b, dtype) => vmap(grad((t: Any) => max(t)))(stack([a, constant([1, 3, 3], dtype), b])),
    ...[nan, nan, nan, 0, 0.5, 0.5, nan, nan, nan]
  ),
  "the derivative of maximum": withNan((a, b) => grad((t: Any) => sum(maximum(t, b)))(a), 0, 0, 0.5),
  "the derivative of cummax": withNan((a) => grad((t: Any) => sum(cummax(t)))(a), 1, 0, 0),
  "the derivative of clamp": withNan((a) => grad((t: Any) => sum(clamp(0, t, 2)))(a), 1, 0, 0),
  "the derivative of sort": withNan(
    (a, _, dtype) => grad((t: Any) => sum(mul(sort(t), constant([1, 2, 3], dtype))))(a),
    ...[1, 3, 2]
  ),
  "maximum and minimum of zeros": ofZeros((a, b) => [maximum(a, b), minimum(a, b)], 0, 0, -0, -0),
  "max and min of zeros": ofZeros((a, b) => [max(a), max(b), min(a), min(b)], 0, 0, -0, -0),
  "cummax and cummin of zeros": ofZeros(
    (a, b) => [cummax(a), cummax(b), cummin(a), cummin(b)],
    ...[0, 0, -0, 0, 0, -0, -0, -0]
  ),
  "topK of zeros": ofZeros((a, b) => [topK(a, 2), topK(b, 2)], 0, -0, 0, 1, 0, -0, 1, 0),
  "windows of zeros": ofZeros(
    (a, b) => [reduceWindow(a, "max", { window: [2] }), reduceWindow(b, "min", { window: [2] })],
    ...[0, -0]
  ),
  "at().max and at().min of zeros": ofZeros(
    (a, b, dtype) => [atOne(dtype, [-0]).max(a), atOne(dtype, [0]).min(b)],
    ...[0, -0]
  ),
  "clamp of zeros": ofZeros((a, b) => [clamp(0, b, 1), clamp(-0, a, 1)], 0, 0, 0, -0)
}

/** All numbers of a tree. */
const flat = (tree: unknown): ReadonlyArray<number> => {
  if (typeof tree === "number") return [tree]
  if (ArrayBuffer.isView(tree)) return Array.from(tree as unknown as Iterable<number>)
  return Object.values(tree as object).flatMap(flat)
}

const host = (dtype: Float, numbers: ReadonlyArray<number>) =>
  dtype === "f64" ? Float64Array.from(numbers) : Float32Array.from(numbers)

/** What each case gives in a dtype, all of them being one program, on the backend of the context. */
export const nanResults = (
  dtype: Float
): Effect.Effect<Readonly<Record<string, ReadonlyArray<number>>>, unknown, Backend | Scope.Scope> =>
  Effect.gen(function* () {
    const spec = specs[dtype]
    const cases = Object.entries(nanCases)
    const program = language.jit([spec(3), spec(3), spec(2), spec(2)], (a, b, c, d) =>
      cases.map(([, { fn, args }]) => (args[0] === x ? fn(a, b, dtype) : fn(c, d, dtype)))
    )
    const made = yield* program(host(dtype, x), host(dtype, y), host(dtype, z), host(dtype, w))
    const found = yield* language.read(made)
    return Object.fromEntries(cases.map(([name], i) => [name, flat(found[i])]))
  })
