import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { onEvery, sharesOf } from "../support/backends.ts"

const { jit, random, u32 } = lc
type Key = ReturnType<typeof random.key>

/** Few numbers are folded while compiling, and many are not: both must come out the same. */
const shapes: ReadonlyArray<ReadonlyArray<number>> = [[], [5], [4, 8]]

const drawn: Readonly<Record<string, (key: Key) => ReadonlyArray<lc.Tensor>>> = {
  ...Object.fromEntries(
    (["f32", "f64", "f16", "bf16"] as const).map((dtype) => [
      `uniform ${dtype}`,
      (key: Key) => shapes.map((shape) => random.uniform(key, shape, { min: -2, max: 3.3, dtype }))
    ])
  ),
  normal: (key) => shapes.map((shape) => random.normal(key, shape)),
  bernoulli: (key) => shapes.map((shape) => random.bernoulli(key, 0.3, shape)),
  randint: (key) => shapes.map((shape) => random.randint(key, shape, -5, 17)),
  categorical: (key) => shapes.map((shape) => random.categorical(key, lc.zeros([...shape, 4], "f32"))),
  permutation: (key) => [random.permutation(key, 9)],
  "split and folded in": (key) => {
    const [first] = random.split(key)
    return [random.uniform(random.foldIn(first, 2 ** 32 + 3), [5], { min: -2, max: 3.3 })]
  },
  "in a batch": (key) => [
    lc.vmap((k: lc.Tensor<"i32", readonly []>) => random.uniform(random.foldIn(key, k), [3]))(lc.arange(3))
  ],
  "in a loop": (key) => [
    lc.scan(null, lc.arange(3), (_, k) => [
      null,
      random.uniform(random.foldIn(key, k), [3], { min: -2, max: 3.3 })
    ])[1],
    lc.scan(key, null, (k) => [random.split(k)[0], random.uniform(k, [3], { min: -2, max: 3.3 })], {
      length: 3
    })[1]
  ]
}

describe.each(onEvery)("random numbers on $on", (device) => {
  const run = device.open()
  it.each(sharesOf(device, Object.entries(drawn)))(
    "%s: a constant key gives the bits of one that is given",
    async (_, draw) => {
      const given = jit([u32(2)], (key) => draw(key))
      const constant = jit([], () => draw(random.key(42)))
      const key = jit([], () => random.key(42))
      const [found, wanted] = await run(
        Effect.gen(function* () {
          const words = yield* key()
          return [yield* lc.read(yield* constant()), yield* lc.read(yield* given(words as never))] as const
        })
      )
      expect(found).toEqual(wanted)
    }
  )
})
