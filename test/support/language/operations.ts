import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T } from "./functions.ts"

const { add, sub, mul, div, sum, mean } = lc

const none = { operandBatchAxes: [], indicesBatchAxes: [] } as const

const elementwise: Readonly<Record<string, Fn>> = Object.fromEntries(
  [
    ..."exp expm1 sin cos tan tanh logistic cbrt abs neg sinh cosh asinh atan erf erfc square".split(" "),
    ..."asin acos atanh erfInv log log1p sqrt rsqrt lgamma digamma acosh".split(" "),
    ..."add sub mul div atan2 maximum minimum rem pow nextAfter".split(" ")
  ].map((name) => [name, (lc as unknown as Readonly<Record<string, Fn>>)[name]!])
)

/** Along each axis, and both ways. */
const eachWay = (fn: (x: T, axis?: number, options?: lc.CumulativeOptions) => T, x: T): ReadonlyArray<T> =>
  [false, true].flatMap((reverse) => [0, 1].map((axis) => fn(x, axis, { reverse })))

const parts = (z: lc.Tensor<"c128">) => [lc.real(z), lc.imag(z)]

export const operations: Readonly<Record<string, Fn>> = {
  ...elementwise,
  polygamma: (x: T) => lc.polygamma(2, x),
  broadcasting: (a: T, b: T, c: T) => add(mul(a, b), c),
  clamp: (x: T) => lc.clamp(-1, x, 1),
  clampArrays: (a: T, x: T, b: T) => lc.clamp(a, x, b),
  select: (a: T, b: T) => lc.select(lc.gt(a, b), mul(a, b), sub(a, b)),
  rounding: (x: T) => [mul(lc.floor(x), x), add(lc.ceil(x), x), mul(lc.round(x), x), mul(lc.sign(x), x)],
  complexParts: (a: T, b: T) => {
    const z = mul(lc.exp(lc.complex(a, b)), lc.complex(b, a))
    return [lc.real(z), lc.imag(z), lc.abs(z)]
  },
  conjugate: (a: T, b: T) =>
    lc.real(div(mul(lc.complex(a, b), lc.conj(lc.complex(b, a))), lc.complex(a, add(a, 2)))),
  bits: (a: lc.Tensor<"i32">, b: lc.Tensor<"i32">) => [
    lc.popcount(a),
    lc.countLeadingZeros(a),
    lc.shiftLeft(a, b),
    lc.shiftRightLogical(a, b),
    lc.shiftRightArithmetic(a, b),
    lc.and(a, b),
    lc.or(a, b),
    lc.xor(a, b),
    lc.not(a)
  ],
  bitcast: (x: T) => lc.bitcast(x, "i64"),
  stopGradient: (x: T) => mul(x, lc.stopGradient(lc.sin(x))),
  convert: (x: T) => lc.convert(mul(lc.convert(x, "f32"), 2), "f64"),

  sum: (x: T) => [sum(x), sum(x, 0), sum(x, -1, { keepDims: true })],
  prod: (x: T) => [lc.prod(x), lc.prod(x, 1)],
  prodZero: (x: T) => lc.prod(x, 0),
  max: (x: T) => [lc.max(x), lc.max(x, 0), lc.max(x, 1)],
  min: (x: T) => [lc.min(x), lc.min(x, 0)],
  maxTies: (x: T) => lc.max(x),
  mean: (x: T) => [mean(x), mean(x, 0)],
  variance: (x: T) => [lc.variance(x), lc.variance(x, 1), lc.variance(x, 0, { ddof: 1 })],
  logsumexp: (x: T) => [lc.logsumexp(x), lc.logsumexp(x, 1)],
  softmax: (x: T) => [lc.softmax(x), lc.softmax(x, 0)],
  logSoftmax: (x: T) => lc.logSoftmax(x, 0),
  argExtremes: (x: T) => [lc.argmax(x), lc.argmax(x, 0), lc.argmin(x, 1), lc.argmin(x)],
  argmaxNaN: (x: T) => [lc.argmax(x), lc.argmin(x)],
  anyAll: (x: T) => [lc.any(lc.gt(x, 0.5), 0), lc.all(lc.gt(x, -0.9), 1)],
  cumsum: (x: T) => [lc.cumsum(x, 0), lc.cumsum(x, 1, { reverse: true })],
  cumprod: (x: T) => [lc.cumprod(x, 0), lc.cumprod(x, 1, { reverse: true })],
  cummax: (x: T) => [lc.cummax(x, 0), lc.cummax(x, 1, { reverse: true })],
  cummin: (x: T) => [lc.cummin(x, 0), lc.cummin(x, 1, { reverse: true })],
  cumprodTies: (x: T) => eachWay(lc.cumprod, x),
  cummaxTies: (x: T) => eachWay(lc.cummax, x),
  cumminTies: (x: T) => eachWay(lc.cummin, x),
  extremeTies: (x: T) => [lc.max(x), lc.max(x, 0), lc.min(x, 1), lc.min(x)],
  argExtremeTies: (x: T) => [lc.argmax(x), lc.argmax(x, 0), lc.argmin(x, 1), lc.argmin(x)],

  matmul: (a: T, b: T) => lc.matmul(a, b),
  matmulBatch: (a: T, b: T) => lc.matmul(a, b),
  matmulBroadcast: (a: T, b: T) => lc.matmul(a, b),
  matvec: (a: T, b: T, c: T) => [lc.matmul(a, b), lc.matmul(c, a), lc.matmul(c, c)],
  dotGeneral: (a: T, b: T) =>
    lc.dotGeneral(a, b, {
      contracting: [
        [2, 0],
        [1, 2]
      ],
      batch: [[1], [0]]
    }),
  einsumTrace: (a: T) => lc.einsum("ii", a),
  einsumDiagonal: (a: T) => lc.einsum("ii->i", a),
  einsumChain: (a: T, b: T, c: T) => lc.einsum("ij,jk,kl->il", a, b, c),
  einsumBatch: (a: T, b: T) => lc.einsum("bij, bkj -> bik", a, b),
  einsumOuter: (a: T, b: T) => lc.einsum("i,j->ij", a, b),
  einsumImplicit: (a: T, b: T) => lc.einsum("ij,jk", a, b),
  einsumSum: (a: T) => lc.einsum("ijk->k", a),

  transpose: (x: T) => [lc.transpose(x), lc.transpose(lc.broadcastTo(x, [2, ...x.shape]), [2, 0, 1])],
  reshape: (x: T) => [lc.reshape(x, [2, 6]), lc.reshape(x, [-1])],
  broadcastTo: (x: T) => lc.broadcastTo(x, [2, 3, 4]),
  slice: (x: T) => lc.slice(x, [0, 1], [3, 4], [2, 2]),
  concatenate: (a: T, b: T) => [lc.concatenate([a, b]), lc.concatenate([a, b, a], 1)],
  pad: (x: T, v: T) =>
    lc.pad(
      x,
      [
        [1, 2],
        [-1, 1]
      ],
      { value: v as lc.Tensor<"f64", readonly []>, interior: [1, 0] }
    ),
  reverse: (x: T) => [lc.reverse(x, 0), lc.reverse(x, [1])],
  roll: (x: T, n: lc.Tensor<"i32", readonly []>) => [lc.roll(x, 1), lc.roll(x, -2, 1), lc.roll(x, n, 1)],
  stackSplit: (a: T, b: T) => [lc.stack([a, b], 1), lc.split(a, 2, 1)[1]!, lc.tile(b, [2, 1])],
  sort: (x: T) => [lc.sort(x), lc.sort(x, 0), lc.sort(x, -1, { descending: true })],
  argsort: (x: T) => [lc.argsort(x), lc.argsort(x, 0, { descending: true })],
  sortSpecial: (x: T) => [lc.sort(x), lc.argsort(x)],
  topK: (x: T) => [...lc.topK(x, 2)],
  sortTies: (x: T) => [lc.sort(x), lc.sort(x, 0)],
  argsortTies: (x: T) =>
    [false, true].flatMap((descending) => [-1, 0].map((axis) => lc.argsort(x, axis, { descending }))),
  sortDescendingSpecial: (x: T) => [
    lc.sort(x, -1, { descending: true }),
    lc.argsort(x, -1, { descending: true })
  ],
  topKTies: (x: T) => [...lc.topK(x, 4)],
  diag: (x: T) => [lc.tril(x), lc.triu(x, 1), lc.tril(x, -1)],
  eyeLinspace: (x: T) => [mul(lc.eye(3, "f64"), x), mul(lc.linspace(-1, 2, 7, "f64"), x)],

  take: (x: T, k: lc.Tensor<"i32">) => [lc.take(x, k), lc.take(x, k, 1)],
  takeOutside: (x: T, k: lc.Tensor<"i32">) => [lc.take(x, k), lc.take(x, k, 0, { mode: "clip" })],
  takeAlong: (x: T, k: lc.Tensor<"i32">) => lc.takeAlong(x, k, 1),
  atGet: (x: T, r: lc.Tensor<"i32">, c: lc.Tensor<"i32">) => [
    lc.at(x, r).get(),
    lc.at(x, r, c).get(),
    lc.at(x, 1, c).get()
  ],
  atSet: (x: T, v: T, r: lc.Tensor<"i32">) => [lc.at(x, r).set(v), lc.at(x, 1, 2).set(7)],
  atSetTwice: (x: T, v: T) => lc.at(x, lc.constant([1, 1], "i32")).set(v),
  atAdd: (x: T, v: T, r: lc.Tensor<"i32">) => [lc.at(x, r).add(v), lc.at(x, r, r).add(1.5)],
  atMulMinMax: (x: T, v: T, r: lc.Tensor<"i32">) => [
    lc.at(x, r).mul(v),
    lc.at(x, r).min(v),
    lc.at(x, r).max(v)
  ],
  atOutside: (x: T, v: T, r: lc.Tensor<"i32">) => [lc.at(x, r).set(v), lc.at(x, r).add(v)],
  dynamicSlice: (x: T, a: T, b: T) => lc.dynamicSlice(x, [a, b] as never, [2, 3]),
  dynamicUpdateSlice: (x: T, u: T, a: T) => lc.dynamicUpdateSlice(x, u, [a, 1] as never),
  dynamicShared: (x: T) =>
    lc.vmap((k: T) => lc.dynamicSlice(x, [k] as never, [2]))(lc.constant([0, 3, 9], "i32") as never),
  gather: (x: T, k: lc.Tensor<"i32">) =>
    lc.gather(x, k, { ...none, offsetAxes: [1], collapsedAxes: [0], indexedAxes: [0, 1], sizes: [1, 2] }),
  gatherBatched: (x: T, k: lc.Tensor<"i32">) =>
    lc.gather(x, k, {
      offsetAxes: [],
      collapsedAxes: [1],
      operandBatchAxes: [0],
      indicesBatchAxes: [0],
      indexedAxes: [1],
      sizes: [1, 1]
    }),
  scatterAdd: (x: T, k: lc.Tensor<"i32">, u: T) =>
    lc.scatter(x, k, u, { ...none, combine: "add", windowAxes: [1], insertedAxes: [0], indexedAxes: [0, 1] }),
  scatterMin: (x: T, u: T) => lc.at(x, lc.constant([0, 2, 2, 9, 1], "i32")).min(u),
  scatterMaxTies: (x: T, u: T) => lc.at(x, lc.constant([0, 0, 2, 1, 1], "i32")).max(u),
  scatterMul: (x: T, u: T) => lc.at(x, lc.constant([2, 0], "i32")).mul(u),
  oneHot: (k: lc.Tensor<"i32">, x: T) => lc.matmul(lc.oneHot(k, 4, "f64") as T, x),

  conv: (x: T, k: T) => lc.conv(x, k, { strides: 2, padding: [[1, 2]] }),
  convDilated: (x: T, k: T) => lc.conv(x, k, { padding: [[2, 1]], inputDilation: 2, kernelDilation: 2 }),
  convGrouped: (x: T, k: T) => lc.conv(x, k, { padding: "same", groups: 2 }),
  conv2d: (x: T, k: T) => lc.conv(x, k, { strides: [1, 2] }),
  windowSum: (x: T) =>
    lc.reduceWindow(x, "sum", {
      window: [2, 3],
      strides: [1, 2],
      padding: [
        [0, 1],
        [1, 1]
      ]
    }),
  windowMax: (x: T) =>
    lc.reduceWindow(x, "max", {
      window: [2, 3],
      strides: 2,
      padding: [
        [0, 1],
        [1, 0]
      ]
    }),
  windowMin: (x: T) => lc.reduceWindow(x, "min", { window: [2, 2] }),
  windowTies: (x: T) => [
    lc.reduceWindow(x, "max", { window: [2, 3] }),
    lc.reduceWindow(x, "min", { window: [2, 2], strides: [1, 2] })
  ],
  fft: (a: T, b: T) => parts(lc.fft(lc.complex(a, b))),
  ifft2: (a: T, b: T) => parts(lc.ifft(lc.complex(a, b), 2)),
  rfft: (x: T) => parts(lc.rfft(x)),
  rfft2: (x: T) => parts(lc.rfft(x, 2)),
  irfft: (a: T, b: T) => lc.irfft(lc.complex(a, b)),
  irfftOdd: (a: T, b: T) => lc.irfft(lc.complex(a, b), 5),
  irfft2: (a: T, b: T) => lc.irfft(lc.complex(a, b), undefined, 2),
  cholesky: (a: T) => lc.cholesky(a),
  ...Object.fromEntries(
    ["Left", "Right"].flatMap((side) =>
      ["Lower", "Upper"].flatMap((half) =>
        ["", "T"].map((turned) => [
          `solve${side}${half}${turned}`,
          (a: T, b: T) =>
            lc.triangularSolve(a, b, {
              leftSide: side === "Left",
              lower: half === "Lower",
              transpose: turned === "T" ? "transpose" : "none"
            })
        ])
      )
    )
  ),
  solveUnit: (a: T, b: T) => lc.triangularSolve(a, b, { unitDiagonal: true })
}
