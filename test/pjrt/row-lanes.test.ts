import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import { call, close } from "../support/numbers.ts"

const { f32, f64, i32, jit, max, min, prod, softmax, sum } = lc

/** Rows long enough for lanes, with what a comparison may lose in one of them. */
const rows = (special: ReadonlyArray<number>): Float32Array => {
  const data = Float32Array.from({ length: 64 * 512 }, (_, i) => Math.sin(i * 1.7))
  special.forEach((value, i) => {
    data[i * 512 + ((i * 37) % 512)] = value
  })
  return data
}

const specials = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 3e38, -3e38]

describe.each(twoDevices)("long rows on $on", (device) => {
  const run = device.open()

  it("have the same maxima and minima in lanes, with NaN and infinities", async () => {
    const fn = (x: lc.F32<[64, 512]>) => [max(x, 1), min(x, 1), max(x, -1, { keepDims: true })]
    const data = rows(specials)
    const found = (await call(run, jit([f32(64, 512)], fn), data)) as ReadonlyArray<Float32Array>
    const of = (pick: (row: Float32Array) => number) =>
      Array.from({ length: 64 }, (_, i) => {
        const row = data.subarray(i * 512, (i + 1) * 512)
        return row.some(Number.isNaN) ? Number.NaN : pick(row)
      })
    expect([...found[0]!]).toEqual(of((row) => Math.max(...row)))
    expect([...found[1]!]).toEqual(of((row) => Math.min(...row)))
    expect([...found[2]!]).toEqual([...found[0]!])
  })

  it("have the same sums, products and derivatives, of other dtypes too", async () => {
    const program = jit([f64(40, 512), i32(40, 512)], (x, n) => [
      lc.add(sum(x, 1), max(x, 1)),
      prod(lc.add(lc.mul(x, 1e-3), 1), 1),
      sum(n, 1),
      max(n, 1),
      softmax(x),
      lc.grad((y: typeof x) => sum(lc.mul(softmax(y), y)))(x)
    ])
    const plain = jit(
      [f64(40, 512), i32(40, 512)],
      (x, n) => [
        lc.add(sum(x, 1), max(x, 1)),
        prod(lc.add(lc.mul(x, 1e-3), 1), 1),
        sum(n, 1),
        max(n, 1),
        softmax(x),
        lc.grad((y: typeof x) => sum(lc.mul(softmax(y), y)))(x)
      ],
      { optimize: false }
    )
    const x = Float64Array.from({ length: 40 * 512 }, (_, i) => Math.sin(i * 0.7))
    const n = Int32Array.from({ length: 40 * 512 }, (_, i) => ((i * 7919) % 1000) - 500)
    const found = (await call(run, program, x, n)) as ReadonlyArray<unknown>
    const wanted = (await call(run, plain, x, n)) as ReadonlyArray<unknown>
    wanted.forEach((each, i) => {
      close(numbers(found[i]), numbers(each), 1e-13, `result ${i}`)
    })
  })
})
