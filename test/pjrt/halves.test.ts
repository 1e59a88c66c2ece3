import * as lc from "../../pjrt/loopcarry.ts"
import { givesItsNumbers, type NumberCase } from "../support/number-cases.ts"

const { bf16, convert, f16, grad, jit, jvp, mul, ones, sum, vmap } = lc

type Half = "f16" | "bf16"
type Vector = lc.Tensor<Half, readonly [number]>

const tenths = new Float32Array(1000).fill(0.1)
const tall = [60000, 60000, -60000]

/** Functions whose true value at `input` a half float holds, though sums on the way would not fit or would be lost. */
const values: ReadonlyArray<{
  readonly what: string
  readonly dtype: Half
  readonly input: ReadonlyArray<number> | Float32Array
  readonly fn: (x: Vector) => lc.Tensor
  readonly right: number | ReadonlyArray<number>
}> = [
  {
    what: "the mean of large numbers",
    dtype: "f16",
    input: [60000, 60000],
    fn: (x) => lc.mean(x),
    right: 60000
  },
  {
    what: "the mean of more than f16 counts",
    dtype: "f16",
    input: [2],
    fn: (x) => lc.mean(lc.broadcastTo(x, [100000])),
    right: 2
  },
  {
    what: "the variance",
    dtype: "f16",
    input: [150, 125, -150, -125],
    fn: (x) => lc.variance(x),
    right: 19056
  },
  { what: "a thousand tenths", dtype: "bf16", input: tenths, fn: (x) => sum(x), right: 100 },
  { what: "a thousand tenths", dtype: "f16", input: tenths, fn: (x) => sum(x), right: 100 },
  { what: "their mean", dtype: "bf16", input: tenths, fn: (x) => lc.mean(x), right: 0.10009765625 },
  { what: "a sum whose parts are too large", dtype: "f16", input: tall, fn: (x) => sum(x), right: 60000 },
  {
    what: "a product whose parts are too large",
    dtype: "f16",
    input: [60000, 2, 0.25],
    fn: (x) => lc.prod(x),
    right: 30000
  },
  {
    what: "running sums",
    dtype: "f16",
    input: tall,
    fn: (x) => lc.cumsum(x),
    right: [60000, Infinity, 60000]
  },
  {
    what: "running sums from the end",
    dtype: "f16",
    input: [-60000, 60000, 60000],
    fn: (x) => lc.cumsum(x, 0, { reverse: true }),
    right: [60000, Infinity, 60000]
  },
  {
    what: "the last running sum",
    dtype: "bf16",
    input: tenths,
    fn: (x) => lc.slice(lc.cumsum(x), [999], [1000]),
    right: 100
  },
  {
    what: "running products",
    dtype: "f16",
    input: [60000, 2, 0.25],
    fn: (x) => lc.cumprod(x),
    right: [60000, Infinity, 30000]
  },
  {
    what: "sums of windows",
    dtype: "f16",
    input: tall,
    fn: (x) => lc.reduceWindow(x, "sum", { window: [3] }),
    right: 60000
  },
  {
    what: "products of windows",
    dtype: "f16",
    input: [60000, 2, 0.25],
    fn: (x) => lc.reduceWindow(x, "prod", { window: [3] }),
    right: 30000
  },
  {
    what: "a product of vectors",
    dtype: "f16",
    input: tall,
    fn: (x) => lc.matmul(x, ones([3], "f16") as never),
    right: 60000
  },
  {
    what: "a product of vectors",
    dtype: "bf16",
    input: tenths,
    fn: (x) => lc.matmul(x, ones([1000], "bf16") as never),
    right: 100
  },
  { what: "einsum over one axis", dtype: "f16", input: tall, fn: (x) => lc.einsum("i->", x), right: 60000 },
  {
    what: "a convolution",
    dtype: "f16",
    input: tall,
    fn: (x) => lc.conv(lc.reshape(x, [1, 1, 3]), ones([1, 1, 3], "f16") as never),
    right: 60000
  },
  {
    what: "logsumexp of more than f16 adds up",
    dtype: "f16",
    input: [0],
    fn: (x) => lc.logsumexp(lc.broadcastTo(x, [70000])),
    right: 11.15625
  },
  {
    what: "the greatest derivatives shared among many",
    dtype: "bf16",
    input: [1],
    fn: (x) => grad((y: Vector) => lc.max(lc.broadcastTo(y, [1000])) as never)(x),
    right: 1
  },
  {
    what: "the derivative of a mean",
    dtype: "f16",
    input: [1, 2, 3, 4],
    fn: (x) => grad((y: Vector) => lc.mean(y) as never)(x),
    right: [0.25, 0.25, 0.25, 0.25]
  },
  {
    what: "the derivative of a variance",
    dtype: "f16",
    input: [150, 125, -150, -125],
    fn: (x) => grad((y: Vector) => lc.variance(y) as never)(x),
    right: [75, 62.5, -75, -62.5]
  },
  {
    what: "the derivative of a number used a thousand times",
    dtype: "bf16",
    input: [1],
    fn: (x) => grad((y: Vector) => sum(mul(lc.broadcastTo(y, [1000]), 0.1)) as never)(x),
    right: 100
  },
  {
    what: "the tangent of a product whose parts are too large",
    dtype: "f16",
    input: [40000, 2, 0.25, 2],
    fn: (x) => jvp((y: Vector) => lc.prod(y), [x], [lc.constant([1, 0, 0, 0], "f16")] as never)[1],
    right: 1
  },
  {
    what: "the tangent of running products whose parts are too large",
    dtype: "f16",
    input: [40000, 2, 0.25, 2],
    fn: (x) => jvp((y: Vector) => lc.cumprod(y), [x], [lc.constant([1, 0, 0, 0], "f16")] as never)[1],
    right: [1, 2, 0.5, 1]
  },
  {
    what: "the tangent of a window's product whose parts are too large",
    dtype: "f16",
    input: [40000, 2, 0.25, 2],
    fn: (x) =>
      jvp((y: Vector) => lc.reduceWindow(y, "prod", { window: [4] }), [x], [
        lc.constant([0, 1, 0, 0], "f16")
      ] as never)[1],
    right: 20000
  },
  {
    what: "the derivative of what pads, beside infinities",
    dtype: "f16",
    input: [2, 5],
    fn: (x) =>
      grad(
        (v: lc.Tensor<Half, readonly []>) =>
          sum(
            mul(lc.pad(x, 1, { value: v as never }), lc.constant([3, Infinity, 1, 60000], "f16") as never)
          ) as never
      )(lc.scalar(1, "f16") as never),
    right: 60000
  }
]

const roundedOnce = (name: string, fn: (x: lc.Tensor<"f32" | Half>) => lc.Tensor, dtype: Half) => {
  const input = [-3.25, 0.5, 1.375, 8, 7.75, -0.25, 2]
  return {
    name: `${name} in ${dtype} is that of f32, rounded once`,
    program: jit([(dtype === "f16" ? f16 : bf16)(7)], (x) => {
      const right = convert(fn(convert(x, "f32") as never), dtype)
      return lc.all(lc.eq(fn(x as never) as never, right as never))
    }),
    inputs: [input],
    right: 1
  }
}

const cases: ReadonlyArray<NumberCase> = [
  ...values.flatMap(({ what, dtype, input, fn, right }): ReadonlyArray<NumberCase> => {
    const spec = dtype === "f16" ? f16 : bf16
    return [
      { name: `${what}, ${dtype}`, program: jit([spec(input.length)], fn as never), inputs: [input], right },
      {
        name: `${what}, ${dtype}, over a batch`,
        program: jit([spec(input.length)], (x) => vmap(fn as never)(lc.stack([x, x]) as never) as never),
        inputs: [input],
        right: [...[right].flat(), ...[right].flat()],
        variant: true
      }
    ]
  }),
  ...(["f16", "bf16"] as const).flatMap((dtype) => [
    roundedOnce("softmax", (x) => lc.softmax(x), dtype),
    roundedOnce("logSoftmax", (x) => lc.logSoftmax(x), dtype),
    roundedOnce("logsumexp", (x) => lc.logsumexp(x), dtype),
    roundedOnce("variance", (x) => lc.variance(x), dtype),
    roundedOnce("mean", (x) => lc.mean(x), dtype)
  ])
]

givesItsNumbers(cases, 0)
