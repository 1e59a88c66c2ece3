import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, V } from "./functions.ts"

const { convert, random, reshape, scalar, stack, mul } = lc
type Key = lc.random.Key
type Rates = lc.Tensor<"f32", readonly [number]>
const f64 = (value: number) => scalar(value, "f64")

const weights = () => lc.constant([0.1, 0, 0.3, 0.2, 0, 0.25, 0.15], "f32")
const rows = () => reshape(lc.arange(12, "f32"), [4, 3])
const logits = () =>
  lc.constant(
    [
      [0.1, 2, -1],
      [0.5, -0.3, 0.2]
    ],
    "f32"
  )
const tens = () => mul(lc.arange(7, "f32"), 10)

export const distributions: Readonly<Record<string, Fn>> = {
  drawContinuous: (k: Key) => [
    random.exponential(k, [5]),
    random.exponential(k, [2, 3], "f64"),
    random.gumbel(k, [5]),
    random.gumbel(k, [3], "f64"),
    random.laplace(k, [5]),
    random.laplace(k, [3], "f64"),
    random.logistic(k, [5]),
    random.logistic(k, [3], "f64"),
    random.cauchy(k, [5]),
    random.cauchy(k, [3], "f64"),
    random.truncatedNormal(k, -0.5, 2, [7])
  ],
  drawHalves: (k: Key) =>
    (["f16", "bf16"] as const).flatMap((dtype) =>
      [
        random.exponential(k, [4], dtype),
        random.gumbel(k, [4], dtype),
        random.laplace(k, [4], dtype),
        random.logistic(k, [4], dtype),
        random.truncatedNormal(k, -1, 1, [4], dtype)
      ].map((each) => convert(each, "f32"))
    ),
  drawScaled: (k: Key, s: V) => [
    random.rayleigh(k, s, [2, 3]),
    random.pareto(k, s),
    random.lognormal(k, s, [2, 3])
  ],
  drawTruncated: (k: Key, a: V, b: S) => random.truncatedNormal(k, a, b, [2, 3]),
  drawVectors: (k: Key, mean: V, cov: lc.Tensor<"f64">) => [
    random.multivariateNormal(k, mean, cov),
    random.multivariateNormal(k, mean, cov, [4]),
    random.multivariateNormal(k, mean, stack([cov, mul(cov, 2)]) as lc.Tensor<"f64">, [3, 2])
  ],
  drawDerived: (k: Key, a: V, b: V) => [
    random.weibullMin(k, a, b, [2, 3]),
    random.wald(k, a, [2, 3]),
    random.triangular(k, lc.neg(a), lc.sub(b, 1), b, [2, 3])
  ],
  drawSigned: (k: Key) => [
    random.maxwell(k, [4]),
    random.doubleSidedMaxwell(k, 0.5, 2, [2, 3]),
    random.generalizedNormal(k, 3, [4]),
    random.ball(k, 3, 1.5, [2]),
    random.f(k, 2, 5, [3]),
    random.categorical(k, logits(), { shape: [4, 2] }),
    random.categorical(k, logits(), { axis: 0, shape: [2, 2, 3] }),
    random.categorical(k, logits(), 0)
  ],
  drawSigns: (k: Key) => [
    random.rademacher(k, [9]),
    random.rademacher(k, [2, 3], "f32"),
    random.rademacher(k, [4], "i8")
  ],
  drawKeys: (k: Key) => {
    const keys = random.split(k, 3)
    const [a, b, c] = keys
    return [a, b, c, lc.vmap((one: Key) => random.uniform(one, [2]))(keys)]
  },
  drawCounts: (k: Key, rate: Rates) => [
    random.poisson(k, rate, [4, 6]),
    random.poisson(k, 3.5, [5], "u8"),
    random.geometric(k, f64(0.3), [6]),
    random.geometric(k, f64(1e-3), [6])
  ],
  drawBinomial: (k: Key, n: Rates) => [
    random.binomial(k, n, 0.3, [2, 6]),
    random.binomial(k, n, 0.75),
    random.binomial(k, 30, lc.constant([0, 0.2, 0.5, 0.9, 1, Number.NaN, -0.5, 1.5], "f64")),
    random.binomial(k, lc.constant([Number.NaN, -1, Number.POSITIVE_INFINITY, 4], "f32"), 0.6)
  ],
  drawMultinomial: (k: Key, n: Rates, p: lc.Tensor<"f32", readonly [4, 3]>) => [
    random.multinomial(k, 20, p),
    random.multinomial(k, n, p, [2, 4]),
    random.multinomial(k, 400, lc.convert(lc.take(p, 2), "f64"))
  ],
  drawChoices: (k: Key) => [
    random.choice(k, 7, [5]),
    random.choice(k, 7, [2, 3], { replace: false }),
    random.choice(k, tens(), [4]),
    random.choice(k, tens()),
    random.choice(k, tens(), [6], { replace: false }),
    random.choice(k, tens(), [9], { p: weights() }),
    random.choice(k, 7, [2, 2], { replace: false, p: weights() }),
    random.choice(k, rows(), [2]),
    random.choice(k, rows(), [3], { replace: false }),
    random.choice(k, rows(), [2, 2], { axis: 1 }),
    random.choice(k, rows(), [2], { axis: 1, p: lc.add(lc.slice(weights(), [0], [3]), 0.1) })
  ],
  drawGamma: (k: Key, a: V) => random.gamma(k, a, [2, 6]),
  drawLoggamma: (k: Key, a: V) => random.loggamma(k, a, [2, 6]),
  drawGammaSingle: (k: Key) => [random.gamma(k, 2.5, [40]), random.loggamma(k, 0.01, [10])],
  drawGammaFamily: (k: Key, a: V, b: V) => [
    random.beta(k, a, b, [2, 3]),
    random.dirichlet(k, a, [2]),
    random.chisquare(k, a, [2, 3]),
    random.t(k, b)
  ]
}
