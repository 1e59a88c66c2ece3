import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { expi, expn, hyp1f1 } from "../../dsl/special/index.ts"
import { cauchy } from "../../dsl/stats/index.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"

/** Parameters, and the values at -100000, -700, -100 and -30, by mpmath with 50 digits: JAX's are wrong there. */
const confluent: ReadonlyArray<readonly [number, number, ReadonlyArray<number>]> = [
  [1.5, 2.5, [4.2037434122984466e-8, 7.177763418114415e-5, 0.001329340388179137, 0.008090107968977325]],
  [0.5, 3, [0.00475762862739221, 0.056804070876728945, 0.14932642573522753, 0.26790386754553397]],
  [-0.5, 1.5, [280.2509620677005, 23.464108613816023, 8.906580600800218, 4.9349658610790685]],
  [5, 2, [-0, -1.3850593265203999e-297, -1.3695707710785776e-39, -6.728130914596085e-11]],
  [-2, 3, [833400001, 41301, 901, 96]],
  [3, 3.5, [1.8750281258437853e-15, 5.47823667580957e-9, 1.9040058775468505e-6, 7.332293953978479e-5]]
]

const far = [-1e5, -700, -100, -30]
const orders = [0, 1, 2, 3, 60, 5000]
const keys = 5

const program = lc.jit([], () => {
  const { key, split, binomial, multinomial } = lc.random
  const each = split(key(3), keys)
  const one = (k: ReturnType<typeof key>) => [
    binomial(k, 20, 0.4, [3]),
    binomial(k, 200, 0.4, [3]),
    multinomial(k, 9, lc.constant([0.2, 0.3, 0.5], "f32"))
  ]
  return {
    expi: expi(lc.constant([0, -0, Infinity, -Infinity, Number.NaN], "f64")),
    expn: orders.map((n) => expn(n, lc.constant([0, -0, Infinity, -1], "f64"))),
    hyp1f1: confluent.map(([a, b]) => hyp1f1(a, b, lc.constant(far, "f64"))),
    cauchy: (["cdf", "logcdf"] as const).map((name) =>
      cauchy[name](lc.constant([-Infinity, -1e300, 0, Infinity], "f64"))
    ),
    cauchyAbove: (["sf", "logsf"] as const).map((name) =>
      cauchy[name](lc.constant([Infinity, 1e300, 0, -Infinity], "f64"))
    ),
    batch: lc.vmap(one)(each),
    alone: Array.from({ length: keys }, (_, i) => one(lc.take(each, i)))
  }
})

describe.each(twoDevices)("special functions on $on", (device) => {
  const run = device.open()

  it("have their limits, and tails that stay exact", async () => {
    const found = await run(Effect.flatMap(program(), (all) => lc.read(all)))
    expect([...found.expi]).toEqual([-Infinity, -Infinity, Infinity, expect.closeTo(0, 300), Number.NaN])
    orders.forEach((n, i) => {
      const least = n > 1 ? 1 / (n - 1) : Infinity
      expect([...found.expn[i]!], `order ${n}`).toEqual([least, least, 0, Number.NaN])
    })
    confluent.forEach(([a, b, values], i) => {
      values.forEach((wanted, k) => {
        const off = Math.abs(found.hyp1f1[i]![k]! - wanted)
        expect(off, `hyp1f1(${a}, ${b}, ${far[k]})`).toBeLessThanOrEqual(1e-12 * Math.abs(wanted))
      })
    })
    for (const [share, logarithm] of [found.cauchy, found.cauchyAbove]) {
      expect([share![0], share![2], share![3]]).toEqual([0, 0.5, 1])
      expect(share![1]! * 1e300 * Math.PI).toBeCloseTo(1, 12)
      expect([logarithm![0], logarithm![3]]).toEqual([-Infinity, 0])
      expect(logarithm![1]).toBeCloseTo(-Math.log(Math.PI) - 300 * Math.LN10, 9)
    }
    found.alone.forEach((wanted, i) => {
      found.batch.forEach((all, k) => {
        expect([...all.subarray(3 * i, 3 * i + 3)]).toEqual([...wanted[k]!])
      })
    })
  })
})
