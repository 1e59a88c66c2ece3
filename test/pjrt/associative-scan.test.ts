import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { onEvery } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"
import { call, close } from "../support/numbers.ts"

// biome-ignore lint/suspicious/noExplicitAny: no types of shapes, which these tests are not about and tsc pays for
type Loose = any
const { associativeScan, einsum, grad, jit, matmul, maximum, mul, scan, sum, transpose, vmap } = lc as Loose
const { f64, i32 } = lc

type M = readonly [number, number, number, number]

const product = ([a, b, c, d]: M, [e, f, g, h]: M): M => [
  a * e + b * g,
  a * f + b * h,
  c * e + d * g,
  c * f + d * h
]

/** Small whole matrices of which no two commute. */
const matrices = (count: number, seed: number): ReadonlyArray<M> =>
  Array.from({ length: count }, (_, i): M => [1, seed + (i % 3), (i % 2) - 1, 2 - (i % 4)])

/** All running products; in reverse each further one comes from the right, as in JAX. */
const running = (all: ReadonlyArray<M>, reverse: boolean): ReadonlyArray<M> => {
  const ordered = reverse ? all.toReversed() : all
  let total: M | undefined
  const results = ordered.map((each) => {
    total = total === undefined ? each : product(total, each)
    return total
  })
  return reverse ? results.toReversed() : results
}

const nested = (all: ReadonlyArray<M>) =>
  all.map(([a, b, c, d]) => [
    [a, b],
    [c, d]
  ])

describe.each(onEvery)("associativeScan of what does not commute, on $on", ({ open }) => {
  const run = open()
  const both = <T>(fn: (reverse: boolean) => T) => [false, true].map(fn)

  it("gives products from the first, or from the last, along any axis, of any length", async () => {
    const lengths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    const program = jit(
      lengths.map((n) => i32(n, 2, 2)),
      (...all: ReadonlyArray<Loose>) =>
        all.map((x) => {
          const tail = transpose(x, [1, 2, 0])
          const turned = (a: Loose, b: Loose) => einsum("ijn,jkn->ikn", a, b)
          return both((reverse) => [
            associativeScan(matmul, x, { reverse }),
            transpose(associativeScan(turned, tail, { reverse, axis: -1 }), [2, 0, 1])
          ])
        })
    )
    const found = (await call(run, program, ...lengths.map((n) => nested(matrices(n, 2))))) as ReadonlyArray<
      ReadonlyArray<ReadonlyArray<unknown>>
    >
    for (const n of lengths)
      found[n]!.forEach((results, reverse) => {
        for (const result of results)
          expect(numbers(result), `${n} ${reverse}`).toEqual(running(matrices(n, 2), reverse === 1).flat())
      })
  })

  it("over batches, and over trees of several leaves", async () => {
    const program = jit([i32(3, 5, 2, 2)], (xs: Loose) =>
      both((reverse) =>
        vmap((x: Loose) =>
          associativeScan(
            (a: Loose, b: Loose) => ({ m: matmul(a.m, b.m), n: maximum(a.n, b.n) }),
            { m: x, n: sum(x, [1, 2]) },
            { reverse }
          )
        )(xs)
      )
    )
    const batch = [2, 3, 5].map((seed) => matrices(5, seed))
    const found = await call(run, program, batch.map(nested))
    found.forEach((result, reverse) => {
      const { m, n } = result as { readonly m: unknown; readonly n: unknown }
      expect(numbers(m)).toEqual(batch.flatMap((all) => running(all, reverse === 1).flat()))
      const sums = batch.map((all) => all.map((each) => each.reduce((a, b) => a + b)))
      const greatest = (row: ReadonlyArray<number>, k: number) =>
        Math.max(...(reverse === 1 ? row.slice(k) : row.slice(0, k + 1)))
      expect(numbers(n)).toEqual(sums.flatMap((row) => row.map((_, k) => greatest(row, k))))
    })
  })

  it("has the gradient of the loop that does the same", async () => {
    const weights = lc.sin(lc.reshape(lc.arange(20, "f64"), [5, 2, 2]))
    const program = jit([f64(5, 2, 2)], (x: Loose) =>
      both((reverse) => {
        const parallel = (y: Loose) => associativeScan(matmul, y, { reverse })
        const step = (c: Loose, each: Loose) => [matmul(c, each), matmul(c, each)]
        const loop = (y: Loose) => scan(lc.eye(2, "f64"), y, step, { reverse })[1]
        return [parallel, loop].map((fn) => grad((y: Loose) => sum(mul(fn(y), weights)))(x))
      })
    )
    const found = (await call(run, program, nested(matrices(5, 3)))) as ReadonlyArray<ReadonlyArray<unknown>>
    for (const [parallel, loop] of found) close(numbers(parallel), numbers(loop), 1e-12, "gradient")
  })
})
