import * as nn from "../../dsl/nn/index.ts"
import * as lc from "../../pjrt/loopcarry.ts"
import type { Fn, T } from "./language/functions.ts"

const { initializers } = nn

type Key = lc.random.Key

/** An initializer as a function of a key, and of a scalar that says the dtype. */
const init =
  (made: (key: Key, options: { readonly dtype: "f32" }) => unknown): Fn =>
  (key: Key, { dtype }: lc.Tensor<"f32">) =>
    made(key, { dtype })

const pools: ReadonlyArray<readonly [ReadonlyArray<number>, nn.PoolOptions]> = [
  [[2, 2], {}],
  [[2, 2], { strides: [2, 2] }],
  [[3, 2], { strides: [2, 1], padding: "same" }],
  [
    [2, 3],
    {
      strides: [1, 2],
      padding: [
        [1, 0],
        [2, 1]
      ]
    }
  ]
]

const extremes = (pool: typeof nn.maxPool | typeof nn.minPool, x: T): ReadonlyArray<lc.Tensor> => [
  ...pools.map(([window, options]) => pool(x, window, options)),
  pool(lc.take(x, 0), [2]),
  pool(x, [2], { features: "first" }),
  pool(x, [9, 9])
]

/** The functions of scripts/make-nn-fixtures.py that take options, or have another name there. */
const options: Readonly<Record<string, Fn>> = {
  geluExact: (x: T) => nn.gelu(x, { approximate: false }),
  eluAlpha: (x: T) => nn.elu(x, 0.3),
  gluFirst: (x: T) => nn.glu(x, 0),
  standardizeAxes: (x: T) => nn.standardize(x, { axes: [0, 1], epsilon: 0.1 }),
  standardizeGiven: (x: T, mean: T, variance: T) => nn.standardize(x, { mean, variance }),
  layerNormAxes: (x: T, scale: T, bias: T) => nn.layerNorm(x, scale, bias, { axes: [1, 2], epsilon: 1e-3 }),
  rmsNormAxis: (x: T) => nn.rmsNorm(x, null, { axes: 0, epsilon: 1e-3 }),
  softmaxFamily: (x: T) => [nn.softmax(x), nn.logSoftmax(x), nn.logsumexp(x, -1)],
  logmeanexpAxis: (x: T) => nn.logmeanexp(x, 1, { keepDims: true }),
  dropoutFew: (key: Key, x: T) => nn.dropout(key, x, 0.1),
  dropoutNone: (key: Key, x: T) => nn.dropout(key, x, 0),
  dropoutAll: (key: Key, x: T) => nn.dropout(key, x, 1),
  crossEntropySmooth: (x: T, y: T) => nn.crossEntropy(x, y, { labelSmoothing: 0.2 }),
  crossEntropyFirst: (x: T, y: T) => nn.crossEntropy(x, y, { axis: 0 }),
  huberDelta: (a: T, b: T) => nn.huber(a, b, 0.3),
  cosineSimilarityFirst: (a: T, b: T) => nn.cosineSimilarity(a, b, { axis: 0 }),
  maxPools: (x: T) => extremes(nn.maxPool, x),
  minPools: (x: T) => extremes(nn.minPool, x),
  avgPools: (x: T) => [
    ...pools.map(([window, options]) => nn.avgPool(x, window, options)),
    ...pools.map(([window, options]) => nn.avgPool(x, window, { ...options, countIncludePad: false })),
    nn.avgPool(lc.take(x, 0), [2]),
    nn.avgPool(x, [2], { features: "first" }),
    nn.avgPool(x, [9, 9])
  ],
  poolEdges: (x: T) => [nn.maxPool, nn.minPool, nn.avgPool].map((pool) => pool(x, [3], { padding: "same" })),
  attention: (q: T, k: T, v: T) => nn.scaledDotProductAttention(q, k, v),
  attentionMask: (q: T, k: T, v: T, mask: lc.Tensor<"bool">) =>
    nn.scaledDotProductAttention(q, k, v, { mask }),
  attentionBias: (q: T, k: T, v: T, bias: T) =>
    nn.scaledDotProductAttention(q, k, v, { bias, causal: true, scale: 0.3 }),
  glorotUniform: init((key, given) => initializers.glorotUniform(key, [3, 4], given)),
  glorotNormal: init((key, given) => initializers.glorotNormal(key, [3, 4], given)),
  heUniform: init((key, given) => initializers.heUniform(key, [3, 4], given)),
  heNormal: init((key, given) => initializers.heNormal(key, [3, 4], given)),
  lecunUniform: init((key, given) => initializers.lecunUniform(key, [3, 4], given)),
  lecunNormal: init((key, given) => initializers.lecunNormal(key, [3, 4], given)),
  conv: init((key, given) => initializers.heNormal(key, [2, 2, 3, 4], given)),
  axes: init((key, given) =>
    initializers.lecunUniform(key, [2, 2, 3, 4], { ...given, inAxis: [0, 1], outAxis: 3, batchAxis: 2 })
  ),
  scalingOut: init((key, given) =>
    initializers.varianceScaling(key, [3, 4], {
      ...given,
      scale: 0.5,
      mode: "fanOut",
      distribution: "normal"
    })
  ),
  scalingGeometric: init((key, given) =>
    initializers.varianceScaling(key, [3, 4], {
      ...given,
      scale: 3,
      mode: "fanGeoAvg",
      distribution: "uniform"
    })
  ),
  normal: init((key, given) => initializers.normal(key, [3, 4], { ...given, stddev: 0.5 })),
  uniform: init((key, given) => initializers.uniform(key, [3, 4], { ...given, scale: 0.5 })),
  truncatedNormal: init((key, given) =>
    initializers.truncatedNormal(key, [3, 10], { ...given, stddev: 0.5, lower: -1, upper: 0.25 })
  ),
  orthogonal: init((key, given) => initializers.orthogonal(key, [4, 2], { ...given, scale: 2 })),
  orthogonalWide: init((key, given) => initializers.orthogonal(key, [2, 3, 4], { ...given, columnAxis: 0 })),
  deltaOrthogonal: init((key, given) => initializers.deltaOrthogonal(key, [3, 2, 2, 3], given)),
  plain: init((key, given) => [
    initializers.zeros(key, [2, 3], given),
    initializers.ones(key, [2, 3], given),
    initializers.constant(key, [2, 3], { ...given, value: 0.1 })
  ])
}

/** The names of `loopcarry/nn` that no row of its own needs: those of `loopcarry`, other names, namespaces. */
const others = ["initializers", "oneHot", "softmax", "logSoftmax", "logsumexp", "swish", "hardSwish"]

/** Those whose rows have other names. */
const differently = ["dropout", "scaledDotProductAttention", "maxPool", "minPool", "avgPool"]

/** The names that must have a row. */
export const wanted: ReadonlyArray<string> = [
  ...Object.keys(options),
  ...Object.keys(nn).filter((name) => !others.includes(name) && !differently.includes(name))
]

/** A function of a row: one with options, or the library's own of that name. */
export const functionOf = (name: string): Fn => {
  const own = options[name] ?? (nn as unknown as Readonly<Record<string, Fn>>)[name]
  if (own === undefined) throw new Error(`no function ${name}`)
  return own
}
