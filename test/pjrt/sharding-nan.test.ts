import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as language from "../../pjrt/loopcarry.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice } from "../support/run.ts"
import { onWorker } from "../support/worker.ts"

// biome-ignore lint/suspicious/noExplicitAny: programs of several dtypes.
type Any = any

const { argmax, argmin, at, constant, cummax, grad, max, maximum, min, minimum, pmax, pmin } = language as Any
const { reduceWindow, reshape, scan, shardMap, sort, zeros } = language as Any
const { bf16, f16, f32, f64, i32, jit, mesh, read, sharding } = language

const nan = Number.NaN
const m = mesh({ x: 4 })
const rows = sharding(m, "x")
const part = { mesh: m, in: rows, out: null }
const places = [0, 0, 1, 1, 2, 2, 3, 3]

/** Two elements on each of four devices; NaN on one alone, and zeros of both signs. */
const some = [1, nan, 3, 4, -0, 0, 7, 8]
const last = [1, 2, 3, 4, 5, 6, 7, nan]
const signs = [0, -0, -0, -0, 0, 0, -0, -0]
const numbers = [3, 1, 4, 1, -5, 9, 2, 6]

type Case = readonly [
  fn: (a: Any, dtype: string) => Any,
  ...wanted: ReadonlyArray<readonly [ReadonlyArray<number>, ReadonlyArray<number>]>
]

/** Programs of four devices, arguments, and what one device gives for them. */
const cases: Readonly<Record<string, Case>> = {
  pmax: [
    (a) => shardMap(({ x }: Any, p: Any) => pmax(max(p), x), part)(a),
    [some, [nan]],
    [last, [nan]],
    [signs, [0]],
    [numbers, [9]]
  ],
  pmin: [
    (a) => shardMap(({ x }: Any, p: Any) => pmin(min(p), x), part)(a),
    [some, [nan]],
    [last, [nan]],
    [signs, [-0]],
    [numbers, [-5]]
  ],
  "pmax element by element": [
    (a) => shardMap(({ x }: Any, p: Any) => pmax(p, x), part)(a),
    [some, [7, nan]],
    [last, [7, nan]],
    [signs, [0, 0]]
  ],
  max: [(a) => max(a), [some, [nan]], [last, [nan]], [signs, [0]], [numbers, [9]]],
  min: [(a) => min(a), [some, [nan]], [last, [nan]], [signs, [-0]], [numbers, [-5]]],
  "max by column": [(a) => max(reshape(a, [4, 2]), 0), [some, [7, nan]], [last, [7, nan]]],
  "max by row": [(a) => max(reshape(a, [4, 2]), 1), [some, [nan, 4, 0, 8]], [last, [2, 4, 6, nan]]],
  "at().max": [
    (a, dtype) => at(zeros([4], dtype), constant(places, "i32")).max(a),
    [some, [nan, 4, 0, 8]],
    [last, [2, 4, 6, nan]],
    [numbers, [3, 4, 9, 6]]
  ],
  "at().min": [
    (a, dtype) => at(zeros([4], dtype), constant(places, "i32")).min(a),
    [some, [nan, 0, -0, 0]],
    [last, [0, 0, 0, nan]]
  ],
  "argmax and argmin": [
    (a) => [argmax(a, 0), argmin(a, 0)],
    [some, [1, 1]],
    [last, [7, 7]],
    [numbers, [5, 4]]
  ],
  cummax: [(a) => cummax(a), [some, [1, nan, nan, nan, nan, nan, nan, nan]], [last, last]],
  "max of windows": [
    (a) => reduceWindow(a, "max", { window: [3] }),
    [some, [nan, nan, 4, 4, 7, 8]],
    [last, [3, 4, 5, 6, 7, nan]]
  ],
  "maximum and minimum": [
    (a) => [maximum(a, 2), minimum(a, 2)],
    [last, [2, 2, 3, 4, 5, 6, 7, nan, 1, 2, 2, 2, 2, 2, 2, nan]]
  ],
  sort: [(a) => sort(a), [last, last]],
  "a running maximum over rows": [
    (a, dtype) =>
      scan(constant([0, 0], dtype), reshape(a, [4, 2]), (c: Any, row: Any) => [maximum(c, row), max(row)]),
    [some, [7, nan, nan, 4, 0, 8]]
  ],
  "max in a loop": [
    (a, dtype) => scan(constant(0, dtype), null, (c: Any) => [maximum(c, max(a)), null], { length: 2 })[0],
    [some, [nan]],
    [numbers, [9]]
  ],
  "the derivative of max": [
    (a, dtype) => (dtype === "i32" ? zeros([8], dtype) : grad((t: Any) => max(t))(a)),
    [some, Array<number>(8).fill(nan)]
  ]
}

const dtypes = { f16, bf16, f32, f64, i32 } as const
type DType = keyof typeof dtypes

const host = (dtype: DType, values: ReadonlyArray<number>) =>
  dtype === "f64"
    ? Float64Array.from(values)
    : dtype === "i32"
      ? Int32Array.from(values)
      : Float32Array.from(values)

const flat = (tree: unknown): ReadonlyArray<number> => {
  if (typeof tree === "number") return [tree]
  if (ArrayBuffer.isView(tree)) return Array.from(tree as unknown as Iterable<number>)
  return Object.values(tree as object).flatMap(flat)
}

/** What all cases give for some values, by their names, and what is wanted of those that say it. */
const results = (dtype: DType, values: ReadonlyArray<number>) =>
  Effect.gen(function* () {
    const all = Object.entries(cases)
    const program = jit([dtypes[dtype](8)], (a: Any) => all.map(([, [fn]]) => fn(a, dtype)), { in: [rows] })
    const made = yield* read(yield* program(host(dtype, values) as Any))
    const told = all.flatMap(([name, [, ...pairs]], i) =>
      pairs.flatMap(([given, wanted]) =>
        given === values ? [{ name, wanted, found: flat((made as ReadonlyArray<unknown>)[i]) }] : []
      )
    )
    return {
      found: Object.fromEntries(told.map(({ name, found }) => [name, found])),
      wanted: Object.fromEntries(told.map(({ name, wanted }) => [name, wanted]))
    }
  })

const run = (on: string, open: () => ReturnType<typeof onDevice>) =>
  describe(`greatest and least elements over four devices of ${on}`, () => {
    const go = open()
    it.each(Object.keys(dtypes) as ReadonlyArray<DType>)("%s", async (dtype) => {
      for (const values of dtype === "i32" ? [numbers] : [some, last, signs, numbers]) {
        const { found, wanted } = await go(results(dtype, values))
        expect(Object.keys(wanted).length).toBeGreaterThan(3)
        expect({ values, found }).toEqual({ values, found: wanted })
      }
    })
  })

for (const { api, path } of plugins)
  run(`PJRT ${api}`, () => onDevice(`plugin:${path}`, { virtualDevices: 4 }))
run("a worker", () => {
  const worker = onWorker({ virtualDevices: 4 })
  return onDevice(() => worker.device)
})
