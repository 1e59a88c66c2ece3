import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { traceNow } from "../../dsl/trace.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { onReference } from "../support/backends.ts"
import type { Loose } from "../support/refused.ts"

const { bool, f32, mul, tree } = lc

describe("tree.ravel", () => {
  const run = onReference.open()
  const specs = { w: f32(2, 2), layers: [f32(3), null, f32()] } as const

  it("makes one vector of all leaves, and the tree again", async () => {
    const program = lc.jit([specs], (t) => {
      const { flat, unravel } = tree.ravel(t)
      const back = unravel(mul(flat, 10))
      const rows = lc.vmap(unravel)(lc.stack([flat, flat]))
      return [flat, back, rows.layers[2]]
    })
    const given = {
      w: [
        [1, 2],
        [3, 4]
      ],
      layers: [[5, 6, 7], null, 8]
    } as const
    const [flat, back, last] = (await run(
      Effect.flatMap(program(given as Loose), (found) => lc.read(found as Loose))
    )) as Loose
    expect([...flat]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect([...back.w]).toEqual([10, 20, 30, 40])
    expect([...back.layers[0]]).toEqual([50, 60, 70])
    expect(back.layers.slice(1)).toEqual([null, 80])
    expect([...last]).toEqual([8, 8])
  })

  it("goes through derivatives, and takes trees without leaves or elements", () => {
    traceNow([specs], (t) => {
      const slopes = lc.grad((x: typeof t) => lc.sum(lc.square(tree.ravel(x).flat)))(t)
      expect(slopes.w.shape).toEqual([2, 2])
      const none = tree.ravel({ a: null, b: [] })
      expect([none.flat.dtype, none.flat.shape]).toEqual(["f32", [0]])
      expect(none.unravel(none.flat as Loose)).toEqual({ a: null, b: [] })
      expect(tree.ravel({ a: lc.zeros([0, 3], "i8") }).flat.shape).toEqual([0])
      return slopes
    })
  })
})

describe("tree.all", () => {
  const run = onReference.open()

  it("tells whether all booleans hold, and all elements", async () => {
    expect(tree.all({ a: true, b: [true, null] })).toBe(true)
    expect(tree.all({ a: true, b: [false] })).toBe(false)
    expect(tree.all([])).toBe(true)
    const program = lc.jit([bool(2), bool()], (a, b) => [
      tree.all({ a, b }),
      tree.all([b, true]),
      tree.all([b, false])
    ])
    const found = await run(Effect.flatMap(program([true, false], true), (each) => lc.read(each)))
    expect(found).toEqual([false, true, false])
  })
})
