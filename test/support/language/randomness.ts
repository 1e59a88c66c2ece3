import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T } from "./functions.ts"

const { random } = lc
type Key = ReturnType<typeof random.key>

export const randomness: Readonly<Record<string, Fn>> = {
  randomKey: (seed: lc.Tensor<"u32", readonly []>) => [
    random.key(seed),
    random.key(0),
    random.key(2 ** 40 + 5),
    random.key(-3)
  ],
  randomSplit: (k: Key) => [...random.split(k), random.split(k, 5)],
  randomFoldIn: (k: Key) => [random.foldIn(k, 0), random.foldIn(k, 12345)],
  randomBits: (k: Key) => (["u8", "u32", "u64"] as const).map((dtype) => random.bits(k, [3, 5], dtype)),
  randomUniform: (k: Key) => [
    random.uniform(k, [7]),
    random.uniform(k, [2, 3], { dtype: "f64" }),
    random.uniform(k, []),
    random.uniform(k, [5], { min: -2, max: 3 }),
    lc.convert(random.uniform(k, [5], { dtype: "f16" }), "f32"),
    lc.convert(random.uniform(k, [5], { dtype: "bf16" }), "f32")
  ],
  randomNormal: (k: Key) => [random.normal(k, [7]), random.normal(k, [2, 3], "f64")],
  randomBernoulli: (k: Key) => [
    random.bernoulli(k, 0.3, [20]),
    random.bernoulli(k, lc.scalar(0.8, "f64"), [2, 5])
  ],
  randomRandint: (k: Key) => [
    random.randint(k, [9], -5, 17),
    random.randint(k, [9], 0, 10 ** 12, "i64"),
    random.randint(k, [9], 0, 256, "u8"),
    random.randint(k, [9], 3, 3),
    random.randint(k, [4], -100, 100, "i8")
  ],
  randomCategorical: (k: Key) => {
    const logits = matrix()
    return [random.categorical(k, lc.mul(logits, 2)), random.categorical(k, lc.convert(logits, "f32"), 0)]
  },
  randomPermutation: (k: Key) => [
    random.permutation(k, 13),
    random.permutation(k, matrix()),
    random.permutation(k, matrix(), 1)
  ],
  randomInScan: (k: Key) =>
    lc.scan(
      k,
      null,
      (state) => {
        const [next, now] = random.split(state)
        return [next, random.uniform(now, [2])]
      },
      { length: 4 }
    )[1]
}

/** The fixture script's matrix: sines, to three places. */
const matrix = (): T =>
  lc.constant(
    [0, 1, 2].map((row) =>
      [0, 1, 2, 3].map((column) => Number(Math.sin((4 * row + column) * 2.3).toFixed(3)))
    ),
    "f64"
  ) as unknown as T
