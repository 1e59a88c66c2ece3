import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import {
  add,
  arange,
  convert,
  div,
  f32,
  f64,
  i32,
  jit,
  mul,
  read,
  scalar,
  scan,
  sub,
  zeros
} from "../../pjrt/loopcarry.ts"
import { onPlugins, onRemote } from "../support/backends.ts"

const scans: ReadonlyArray<{
  readonly name: string
  readonly carry: ReadonlyArray<ReadonlyArray<number>>
  readonly ys: ReadonlyArray<ReadonlyArray<number>>
}> = JSON.parse(readFileSync(new URL("../fixtures/jax.json", import.meta.url), "utf8")).scans

const cumulative = (reverse: boolean) =>
  jit([], () =>
    scan(
      scalar(0, "f32"),
      arange(10, "f32"),
      (c, x) => {
        const total = add(c, x)
        return [total, total]
      },
      { reverse }
    )
  )

const rows = jit([{ a: f32(4), b: f32(4, 3) }], (xs) =>
  scan(zeros([3], "f32"), xs, (c, x) => [add(c, mul(x.a, x.b)), mul(c, x.a)])
)

const record = jit([f32(5)], (xs) =>
  scan({ count: scalar(0, "i32"), sum: scalar(0, "f32") }, xs, (c, x) => {
    const next = { count: add(c.count, 1), sum: add(c.sum, x) }
    return [next, { mean: div(next.sum, convert(next.count, "f32")) }]
  })
)

const count = (n: number) => Float32Array.from({ length: n }, (_, i) => i)

/** The scans of the fixture script, written in this language. */
const programs = {
  "cumulative-sum": cumulative(false)(),
  "cumulative-sum-reverse": cumulative(true)(),
  "no-xs": jit([], () => scan(scalar(1, "i32"), null, (c) => [add(mul(c, 2), 1), c], { length: 8 }))(),
  rows: rows({ a: count(4), b: count(12) }),
  "record-carry": record([3, 1, 4, 1, 5]),
  nested: jit([], () =>
    scan(scalar(1, "i32"), arange(4), (c, x) => scan(c, arange(3), (d, y) => [add(d, mul(x, y)), d]))
  )(),
  empty: jit([f32(0)], (xs) => scan(scalar(7, "f32"), xs, (c, x) => [add(c, x), c]))([]),
  "logistic-map": jit([f64()], (start) =>
    scan(start, null, (c) => [mul(3.7, c, sub(1, c)), c], { length: 20 })
  )(0.5)
} as const

const leavesOf = (tree: unknown): ReadonlyArray<ReadonlyArray<number>> => {
  if (typeof tree === "number") return [[tree]]
  if (ArrayBuffer.isView(tree)) return [Array.from(tree as unknown as Iterable<number>)]
  return Object.values(tree as object).flatMap(leavesOf)
}

describe.each([...onPlugins, onRemote])("scans give JAX's results on $on", ({ open }) => {
  const run = open()

  it.each(scans)("$name", async ({ name, carry, ys }) => {
    const program: Effect.Effect<never, never, never> = programs[name as keyof typeof programs] as never
    const [last, stacked] = (await run(Effect.flatMap(program, read))) as unknown as readonly [
      unknown,
      unknown
    ]
    const close = (found: unknown, wanted: ReadonlyArray<ReadonlyArray<number>>) => {
      const leaves = leavesOf(found)
      expect(leaves.map((leaf) => leaf.length)).toEqual(wanted.map((leaf) => leaf.length))
      leaves.forEach((leaf, i) => {
        leaf.forEach((value, j) => {
          expect(Math.abs(value - wanted[i]![j]!)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(value)))
        })
      })
    }
    close(last, carry)
    close(stacked, ys)
  })

  it("a program may use an i32 length from its arguments", async () => {
    const sumTo = jit([i32()], (n) => scan(scalar(0, "i32"), arange(n), (c, x) => [add(c, x), null]))
    for (const [n, sum] of [
      [0, 0],
      [1, 0],
      [10, 45],
      [-5, 0],
      [1000, 499500]
    ] as const) {
      const [last] = await run(Effect.flatMap(sumTo(n), (tree) => read(tree)))
      expect(last).toBe(sum)
    }
  })
})
