import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { betainc, gammainc } from "../../dsl/special/index.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { twoDevices } from "../support/backends.ts"
import { numbers } from "../support/flat.ts"

const { f64, grad, hessian, jit, jvp, sum, vmap } = lc

type V = lc.Tensor<"f64", readonly [4]>
type S = lc.F64

/** Half of a central difference, of which the error is about the square of the step. */
const step = 1e-4

describe.each(twoDevices)("derivatives that JAX does not have, on $on", (device) => {
  const run = device.open()

  it("are those of differences: of betainc by a and b, and of gammainc twice by a", async () => {
    const beta = (a: V, b: V, x: V) => betainc(a, b, x)
    const program = jit([f64(4), f64(4), f64(4)], (a, b, x) => {
      const slope = (of: (p: V) => V, at: V) => grad((p: V) => sum(of(p)))(at)
      const difference = (of: (p: V) => V, at: V) =>
        lc.div(lc.sub(of(lc.add(at, step)), of(lc.sub(at, step))), 2 * step)
      const second = (p: V): V => slope((q) => gammainc(q, x), p)
      return [
        [slope((p) => beta(p, b, x), a), difference((p) => beta(p, b, x), a)],
        [jvp((p: V) => beta(a, p, x), [b], [lc.ones([4], "f64")])[1], difference((p) => beta(a, p, x), b)],
        [vmap((p: S, y: S) => hessian((q: S) => gammainc(q, y))(p))(a, x), difference(second, a)]
      ]
    })
    const given = [
      [0.7, 2, 9, 30],
      [3, 0.4, 5, 12],
      [0.2, 0.9, 0.5, 0.7]
    ] as const
    const found = await run(Effect.flatMap(program(...given), (tree) => lc.read(tree)))
    for (const [exact, near] of found.map((pair) => pair.map((each) => numbers(each)))) {
      expect(exact!.some((each) => Math.abs(each) > 1e-3)).toBe(true)
      exact!.forEach((each, i) => {
        expect(Math.abs(each - near![i]!)).toBeLessThan(1e-6)
      })
    }
  })
})
