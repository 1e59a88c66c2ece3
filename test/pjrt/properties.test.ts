import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type DType, type IntegerDType, integerRange, isInteger } from "../../dsl/dtype.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { f32, i32, jit, read } from "../../pjrt/loopcarry.ts"
import { plugins } from "../support/plugins.ts"
import { onDevice } from "../support/run.ts"

/** Each example is compiled, so there are few; the seed is fixed, that a failure may be seen again. */
const parameters = { numRuns: 40, seed: 20 } as const

const dtype = fc.constantFrom<DType>("i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64")

/** Wraps as two's complement does, worked out from the range alone. */
const wrap = (value: bigint, of: IntegerDType): bigint => {
  const [least, greatest] = integerRange(of)
  const span = greatest - least + 1n
  return ((((value - least) % span) + span) % span) + least
}

/** Arithmetic of one dtype in plain TypeScript. */
const plain = (of: DType) => {
  const fix = (value: number | bigint): number | bigint =>
    isInteger(of) ? wrap(BigInt(value), of) : of === "f32" ? Math.fround(Number(value)) : Number(value)
  const both = (a: number | bigint, b: number | bigint) =>
    (isInteger(of) ? [BigInt(a), BigInt(b)] : [Number(a), Number(b)]) as [number, number]
  return {
    of: fix,
    add: (a: number | bigint, b: number | bigint) => fix(both(a, b)[0] + both(a, b)[1]),
    mul: (a: number | bigint, b: number | bigint) => fix(both(a, b)[0] * both(a, b)[1])
  }
}

const numbers = (value: unknown): ReadonlyArray<number> =>
  Array.from(ArrayBuffer.isView(value) ? (value as unknown as Iterable<number>) : [value as number], Number)

const [newest] = plugins

describe("against a plain TypeScript loop", () => {
  const run = onDevice(`plugin:${newest!.path}`, { virtualDevices: 1 })

  it("arange, as an array and as the xs of a scan", async () => {
    const bound = fc.integer({ min: 0, max: 60 })
    const step = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -9, max: -1 }))
    await fc.assert(
      fc.asyncProperty(bound, bound, step, dtype, async (start, stop, by, of) => {
        const wanted: Array<number> = []
        for (let x = start; by > 0 ? x < stop : x > stop; x += by) wanted.push(x)
        const make = () => (lc.arange as (...args: ReadonlyArray<unknown>) => lc.Tensor)(start, stop, by, of)
        const both = jit([], () => [make(), lc.scan(null, make(), (_, x) => [null, x])[1]])
        const [array, rows] = (await run(Effect.flatMap(both(), (tree) => read(tree as never)))) as readonly [
          unknown,
          unknown
        ]
        expect(numbers(array)).toEqual(wanted)
        expect(numbers(rows)).toEqual(wanted)
      }),
      parameters
    )
  })

  it("arange with steps that do not fit the dtype while the values do", async () => {
    const program = jit([], () => [
      lc.arange(-128, 127, 200, "i8"),
      lc.arange(0, 1, 1000, "u8"),
      lc.arange(250, -1, -50, "u8")
    ])
    const found = (await run(
      Effect.flatMap(program(), (tree) => read(tree as never))
    )) as unknown as ReadonlyArray<ArrayLike<number>>
    expect(found.map((one) => Array.from(one))).toEqual([[-128, 72], [0], [250, 200, 150, 100, 50, 0]])
  })

  it("scan over rows or a range, of many lengths and dtypes, forward and in reverse", async () => {
    const length = fc.oneof(fc.constantFrom(0, 1, 2), fc.integer({ min: 3, max: 40 }))
    await fc.assert(
      fc.asyncProperty(
        length,
        dtype,
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 0, max: 9 }),
        async (n, of, reverse, ranged, start) => {
          const { add, mul } = plain(of)
          const xs = Array.from({ length: n }, (_, i) => (ranged ? i : (i * 7 + 3) % 11))
          let carry: number | bigint = isInteger(of) ? BigInt(start) : start
          const ys: Array<number> = new Array(n)
          for (let k = 0; k < n; k++) {
            const i = reverse ? n - 1 - k : k
            carry = add(mul(carry, 3), xs[i]!)
            // Floats stay exact while small; beyond that the loop would compare rounding, not looping.
            if (!isInteger(of)) carry = Number(carry) % 1000
            ys[i] = Number(carry)
          }
          const program = jit([new lc.Spec(of, []), new lc.Spec(of, [n])], (c0, rows) =>
            lc.scan(
              c0,
              ranged ? (lc.arange(n, of as "f32") as never) : rows,
              (c, x) => {
                const grown = lc.add(lc.mul(c as never, 3), x as never) as lc.Tensor<"f32">
                const next = (isInteger(of) ? grown : lc.rem(grown, 1000)) as never
                return [next, next]
              },
              { reverse }
            )
          )
          const [last, stacked] = (await run(
            Effect.flatMap(program(start as never, xs as never), (tree) => read(tree as never))
          )) as readonly [unknown, unknown]
          expect(numbers(last)).toEqual([Number(carry)])
          expect(numbers(stacked)).toEqual(ys)
        }
      ),
      parameters
    )
  })

  it("nested scans whose inner length is traced: one compiled program, many arguments", async () => {
    const max = 12
    const program = jit([i32(), i32(), i32()], (outer, from, to) =>
      lc.scan(lc.scalar(0, "i32"), lc.arange(outer, { max: 5 }), (c, x) =>
        lc.scan(c, lc.arange(from, lc.add(to, x), { max }), (d, y) => {
          const next = lc.add(lc.mul(d, 2), y)
          return [next, next]
        })
      )
    )
    const small = fc.integer({ min: -6, max: 14 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -2, max: 7 }), small, small, async (outer, from, to) => {
        let carry = 0
        const rows: Array<Array<number>> = []
        for (let x = 0; x < Math.min(5, outer); x++) {
          const row: Array<number> = []
          for (let y = from; y < to + x && row.length < max; y++) {
            carry = (carry * 2 + y) | 0
            row.push(carry)
          }
          rows.push(row)
        }
        const [last, ys] = await run(Effect.flatMap(program(outer, from, to), (tree) => read(tree)))
        expect(last).toBe(carry)
        expect(ys.length).toBe(rows.length)
        const inner = ys.values
        rows.forEach((row, i) => {
          expect(inner.length[i]).toBe(row.length)
          expect(Array.from(inner.values.subarray(i * max, i * max + row.length))).toEqual(row)
          expect(
            inner.values.subarray(i * max + row.length, (i + 1) * max).every((value) => value === 0)
          ).toBe(true)
        })
      }),
      { ...parameters, numRuns: 200 }
    )
  })

  it("a traced length over rows, in reverse", async () => {
    const program = jit([f32(8), i32()], (xs, n) =>
      lc.scan(lc.scalar(0, "f32"), xs, (c, x) => [lc.add(c, x), c], { length: n, reverse: true })
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -1, max: 10 }), async (n) => {
        const count = Math.max(0, Math.min(8, n))
        let carry = 0
        const ys = new Float32Array(8)
        for (let i = count - 1; i >= 0; i--) {
          ys[i] = carry
          carry += i
        }
        const [last, found] = await run(
          Effect.flatMap(
            program(
              Float32Array.from({ length: 8 }, (_, i) => i),
              n
            ),
            (tree) => read(tree)
          )
        )
        expect(last).toBe(carry)
        expect(found.values).toEqual(ys)
        expect(found.length).toBe(count)
      }),
      parameters
    )
  })
})
