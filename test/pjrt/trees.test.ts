import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { isDeviceArray } from "../../pjrt/array/array.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import { onDevice } from "../support/run.ts"

const { add, bool, c64, div, f32, i64, jit, mul, sqrt, square, sub, sum, tree } = lc

const specs = { w: f32(2, 2), layers: [{ b: f32(2) }, null], scale: f32() } as const
type Model = lc.Tensors<typeof specs>

/** Its gradient is twice the model. */
const loss = (model: Model) =>
  tree.reduce((total, leaf) => add(total, sum(square(leaf))), model, lc.scalar(0, "f32"))

/** Steps of Adam without trees: each number for itself. */
const adam = (start: number, steps: number): number => {
  let [p, m, v] = [start, 0, 0]
  for (let t = 1; t <= steps; t++) {
    const g = 2 * p
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g * g
    p -= (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-8)
  }
  return p
}

const train = jit([specs, specs, specs, f32()], (model, m, v, t) => {
  const slopes = lc.grad(loss)(model)
  const step = add(t, 1)
  const m1 = tree.map((a, g) => add(mul(0.9, a), mul(0.1, g)), m, slopes)
  const v1 = tree.map((a, g) => add(mul(0.999, a), mul(0.001, square(g))), v, slopes)
  const [down, up] = [sub(1, lc.pow(0.9, step)), sub(1, lc.pow(0.999, step))]
  const next = tree.map(
    (p, a, b) => sub(p, mul(0.1, div(div(a, down), add(sqrt(div(b, up)), 1e-8)))),
    model,
    m1,
    v1
  )
  return { model: next, m: m1, v: v1, t: step }
})

describe("trees of arrays on a device", () => {
  const run = onDevice("reference")

  it("train a model with Adam, its state going from call to call", async () => {
    const start = { w: new Float32Array([1, -2, 3, 0.5]), layers: [{ b: [4, -1] }, null], scale: 2 } as const
    const found = await run(
      Effect.gen(function* () {
        const zeros = tree.zerosLike(start)
        let state = yield* train(start, zeros, zeros, 0)
        for (let i = 1; i < 4; i++) state = yield* train(state.model, state.m, state.v, state.t)
        expect(tree.leaves(state).every(isDeviceArray)).toBe(true)
        expect(tree.paths(state.model)).toEqual(["w", "layers[0].b", "scale"])
        return yield* lc.read(state.model)
      })
    )
    const numbers = tree.leaves(found).flatMap((each) => (typeof each === "number" ? [each] : [...each]))
    const wanted = [1, -2, 3, 0.5, 4, -1, 2].map((each) => adam(each, 4))
    expect(numbers).toHaveLength(wanted.length)
    numbers.forEach((each, i) => {
      expect(each).toBeCloseTo(wanted[i]!, 4)
    })
  })

  it("give zeros as a program would, which programs take", async () => {
    const all = { x: f32(2, 2), n: [i64(3), i64()], on: [bool(2), bool()], z: [c64(2), c64()] } as const
    const ones = jit([], () => tree.map((spec) => lc.ones(spec.shape, spec.dtype), all))
    const zeros = jit([all], (x) => tree.zerosLike(x))
    const [host, made, taken] = await run(
      Effect.gen(function* () {
        const arrays = yield* ones()
        const host = tree.zerosLike(arrays)
        const taken = yield* jit(
          [{ x: all.x, n: all.n, on: all.on }],
          (x) => x
        )({
          x: host.x,
          n: host.n,
          on: host.on
        })
        return [host, yield* lc.read(yield* zeros(arrays)), yield* lc.read(taken)] as const
      })
    )
    expect(host).toEqual(made)
    expect(taken).toEqual({ x: made.x, n: made.n, on: made.on })
    expect(host.n).toEqual([new BigInt64Array(3), 0n])
    expect(host.on).toEqual([new Uint8Array(2), false])
  })

  it("map to effects, and are told apart from others by what they are", async () => {
    const pair = jit([f32(2), f32()], (x, y) => ({ x, y }))
    const read = await run(
      Effect.gen(function* () {
        const arrays = yield* pair([1, 2], 3)
        return yield* Effect.all(tree.map((array) => Effect.map(array.read, String), arrays))
      })
    )
    expect(read).toEqual({ x: "1,2", y: "3" })
  })
})
