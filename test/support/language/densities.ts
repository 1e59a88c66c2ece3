import * as special from "../../../dsl/special/index.ts"
import * as stats from "../../../dsl/stats/index.ts"
import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, S, T, V } from "./functions.ts"

const { constant, convert, slice } = lc
const {
  bernoulli,
  beta,
  binom,
  cauchy,
  chi2,
  dirichlet,
  expon,
  gamma,
  geom,
  gumbelL,
  gumbelR,
  laplace,
  logistic,
  multivariateNormal,
  norm,
  pareto,
  poisson,
  t,
  truncnorm,
  uniform,
  vonMises
} = stats
const s = special

const f64 = (...values: ReadonlyArray<number>) => constant(values, "f64") as V
const whole = (...values: ReadonlyArray<number>) => f64(...values)
const f32 = (x: V): lc.Tensor<"f32"> => convert(x, "f32")
const few = (x: V): lc.Tensor<"f64"> => slice(x as lc.Tensor<"f64", readonly [10]>, [0], [8])

type Row = Readonly<Record<string, (...args: ReadonlyArray<never>) => T>>

/** The named functions of a distribution, each of the same arguments. */
const all = (namespace: object, names: string, ...args: ReadonlyArray<unknown>) =>
  names.split(" ").map((name) => (namespace as Row)[name]!(...(args as ReadonlyArray<never>)))

const log = "logpdf pdf cdf logcdf sf logsf"
const located =
  (namespace: object, names = log) =>
  (x: V, loc: V, scale: S) =>
    all(namespace, names, x, loc, scale)

export const densities: Readonly<Record<string, Fn>> = {
  gammainc: (a: V, x: V) => [s.gammainc(a, x), s.gammaincc(a, x)],
  gammaincEdges: (a: V, x: V) => [
    s.gammainc(a, x),
    s.gammaincc(a, x),
    ...(["f32", "f16"] as const).flatMap((dtype) => {
      const [b, y] = [convert(few(a), dtype), convert(few(x), dtype)]
      return [convert(s.gammainc(b, y), "f32"), convert(s.gammaincc(b, y), "f32")]
    })
  ],
  betaincX: (x: V) => s.betainc(f64(0.5, 2, 8, 30), f64(1.5, 0.3, 8, 4), x),
  betaincEdges: (a: V, b: V, x: V) => [
    s.betainc(a, b, x),
    s.betainc(f32(few(a) as V), f32(few(b) as V), f32(few(x) as V))
  ],
  gammaKin: (a: V, b: V) => [
    s.betaln(a, b),
    s.beta(a, b),
    s.gamma(a),
    s.factorial(a),
    s.multigammaln(lc.add(a, 2), 3)
  ],
  expi: (x: V) => [s.expi(x), s.expi(lc.neg(x))],
  expn: (x: V) => [s.exp1(x), ...[1, 2, 3, 10, 6000].map((n) => s.expn(n, x))],
  expintEdges: (x: V, n: lc.Tensor<"i32", readonly [number]>) => {
    const of = (y: lc.Tensor<"f32", readonly [number]> | V) => [s.expi(y), s.exp1(y), s.expn(n, y)]
    return [...of(x), ...of(lc.convert(x, "f32"))]
  },
  kummer: (a: V, b: V, x: V) => s.hyp1f1(a, b, x),
  kummerEdges: (a: V, b: V, x: V) => [
    s.hyp1f1(a, b, x),
    s.hyp1f1(lc.convert(a, "f32"), lc.convert(b, "f32"), lc.convert(x, "f32"))
  ],
  zetas: (x: V, q: V) => [s.zeta(x, q), s.poch(q, x)],
  zetaSlopes: (q: V) => [
    s.zeta(lc.constant([1.5, 2, 3.25, 10], "f64"), q),
    s.poch(q, lc.constant([0.5, -0.25, 2, 0], "f64"))
  ],
  zetaEdges: (x: V, q: V) => [s.zeta(x, q), s.zeta(lc.convert(x, "f32"), lc.convert(q, "f32")), s.poch(q, x)],
  gammaEdges: (x: V) => [
    s.gamma(x),
    s.gammasgn(x),
    s.factorial(x),
    s.betaln(lc.add(lc.abs(x), 1e6), lc.add(lc.abs(x), 3e7))
  ],
  normalKin: (x: V) => [
    s.ndtr(x),
    s.logNdtr(x),
    s.ndtri(lc.select(lc.gt(x, 1), 0.999, s.expit(lc.mul(3, x))))
  ],
  normalEdges: (x: V) => [
    s.ndtr(x),
    s.logNdtr(x),
    s.ndtri(s.ndtr(x)),
    s.ndtr(f32(x)),
    s.logNdtr(f32(x)),
    s.ndtri(x)
  ],
  bessels: (x: V) => [s.i0e(x), s.i1e(x), s.i0(x), s.i1(x)],
  besselEdges: (x: V) => [s.i0e(x), s.i1e(x), s.i0e(f32(x)), s.i1e(f32(x))],
  entropies: (p: V, q: V) => [
    s.logit(p),
    s.expit(q),
    s.xlogy(p, q),
    s.xlog1py(p, q),
    s.entr(p),
    s.relEntr(p, q),
    s.klDiv(p, q)
  ],
  entropyEdges: (p: V, q: V) => [
    s.xlogy(p, q),
    s.xlog1py(p, lc.neg(q)),
    s.entr(p),
    s.relEntr(p, q),
    s.klDiv(p, q),
    s.logit(p)
  ],
  zeroSlopes: (x: V, y: V) => [s.xlogy(x, y), s.xlog1py(x, y), s.relEntr(x, y)],
  normLocation: located(norm),
  exponLocation: located(expon),
  laplaceLocation: located(laplace, "logpdf pdf cdf"),
  logisticLocation: located(logistic, "logpdf pdf cdf sf"),
  cauchyLocation: located(cauchy),
  gumbel_lLocation: located(gumbelL, "cdf logcdf sf logsf"),
  gumbel_rLocation: located(gumbelR, "cdf logcdf sf logsf"),
  gumbels: (x: V, q: V, loc: S, scale: S) =>
    [gumbelL, gumbelR].flatMap((of) => [
      of.logpdf(x, loc, scale),
      of.pdf(x, loc, scale),
      of.ppf(q, loc, scale)
    ]),
  uniformLocation: (x: V, loc: S, scale: S) => all(uniform, "logpdf pdf cdf", x, loc, scale),
  quantiles: (q: V, loc: S, scale: S) => [
    norm.ppf(q, loc, scale),
    norm.isf(q, loc, scale),
    uniform.ppf(q, loc, scale),
    expon.ppf(q, loc, scale),
    logistic.ppf(q, loc, scale),
    logistic.isf(q, loc, scale),
    cauchy.ppf(q, loc, scale),
    cauchy.isf(q, loc, scale),
    pareto.ppf(q, 3, loc, scale)
  ],
  gammaShaped: (x: V, a: S) => all(gamma, log, x, a, 0.5, 1.25),
  chi2Shaped: (x: V, df: S) => all(chi2, log, x, df, 0.5, 1.25),
  tShaped: (x: V, df: S) => all(t, "logpdf pdf", x, df, 0.5, 1.25),
  paretoShaped: (x: V, b: S) => all(pareto, log, x, b, 0.5, 1.25),
  truncnormShaped: (x: V, a: S, b: S) => all(truncnorm, log, x, a, b, 0.5, 1.25),
  betaShaped: (x: V, a: V, b: S) => all(beta, "logpdf pdf", x, a, b, -0.5, 2),
  betaShares: (x: V) => all(beta, "cdf logcdf sf logsf", x, 2, 3, -0.5, 2),
  vonMisesShaped: (x: V, k: V) => all(vonMises, "logpdf pdf", x, k),
  masses: (k: V, mu: V, p: V, n: V) => [
    poisson.logpmf(k, mu),
    poisson.pmf(k, mu, 1),
    poisson.cdf(k, mu),
    geom.logpmf(k, p),
    geom.pmf(k, p, 1),
    binom.logpmf(k, n, p),
    binom.pmf(k, n, p, 1),
    bernoulli.logpmf(lc.sub(k, 2), p),
    bernoulli.pmf(lc.sub(k, 1), p)
  ],
  massSlopes: (mu: V, p: V) => [
    poisson.logpmf(whole(0, 2, 5), mu),
    geom.logpmf(whole(1, 2, 5), p),
    binom.logpmf(whole(0, 2, 5), 5, p),
    bernoulli.logpmf(whole(0, 1, 1), p),
    poisson.cdf(whole(0, 2, 5), mu)
  ],
  densityEdges: (x: V) => [
    norm.logpdf(x),
    uniform.logpdf(x),
    expon.logpdf(x),
    laplace.logpdf(x),
    cauchy.logpdf(x),
    gumbelL.logpdf(x),
    gumbelR.logpdf(x),
    pareto.logpdf(x, 2),
    gamma.logpdf(x, 2),
    gamma.logpdf(x, 1),
    beta.logpdf(x, 1, 1),
    beta.logpdf(x, 2, 0.5),
    beta.logpdf(x, -1, 2),
    truncnorm.logpdf(x, -1, 1),
    truncnorm.logpdf(x, 10, 12),
    truncnorm.logpdf(x, 2, 1),
    norm.cdf(x),
    expon.cdf(x),
    laplace.cdf(x),
    logistic.cdf(x),
    gamma.cdf(x, 2),
    truncnorm.cdf(x, 0, 60)
  ],
  massEdges: (k: V) => [
    poisson.logpmf(k, 3),
    poisson.logpmf(k, 0),
    geom.logpmf(k, 0.25),
    binom.logpmf(k, 4, 0.25),
    binom.logpmf(k, 4, 1),
    binom.logpmf(k, 4, 0),
    bernoulli.logpmf(k, 0.25),
    bernoulli.logpmf(k, 0)
  ],
  vectors: (x: T, mean: V, cov: T, alpha: V) => {
    const shares = lc.transpose(lc.softmax(x, 1))
    return [
      multivariateNormal.logpdf(x, mean, cov),
      multivariateNormal.pdf(x, mean, lc.stack([cov, lc.mul(cov, 2)]) as T),
      dirichlet.logpdf(shares, alpha),
      dirichlet.pdf(slice(shares, [0, 0], [2, 2]), alpha)
    ]
  }
}
