"""Writes test/fixtures/distributions.json: what JAX 0.10.2 gives for random distributions, special functions and
densities, in the form of language.json. test/support/language/distributions.ts has the same functions in TypeScript.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-distributions-fixtures.py test/fixtures
"""

import jax
import jax.numpy as jnp
import jax.scipy as jsp
from language_cases import ALL, PLAIN, case, f, i, m, t, write

R = jax.random
f32, f64, i32 = jnp.float32, jnp.float64, jnp.int32
KEY, KEY2 = R.key_data(R.key(42)), R.key_data(R.key(7))
single = lambda *arrays: tuple(a.astype(f32) for a in arrays)
NAN, INF = jnp.nan, jnp.inf


def draw(name, fn, *args, kinds=ALL, args2=None):
    """A function of a key, which has no derivatives, and other arguments."""
    args2 = [a * 1.125 for a in args] if args2 is None else args2
    case(name, lambda k, *xs: fn(R.wrap_key_data(k), *xs), KEY, *args, args2=[KEY2, *args2], kinds=kinds)


# ---- random numbers
draw("drawContinuous", lambda k: (
    R.exponential(k, (5,), f32), R.exponential(k, (2, 3), f64), R.gumbel(k, (5,), f32), R.gumbel(k, (3,), f64),
    R.laplace(k, (5,), f32), R.laplace(k, (3,), f64), R.logistic(k, (5,), f32), R.logistic(k, (3,), f64),
    R.cauchy(k, (5,), f32), R.cauchy(k, (3,), f64), R.truncated_normal(k, -0.5, 2.0, (7,), f32)), kinds=PLAIN)
draw("drawHalves", lambda k: tuple(x for d in (jnp.float16, jnp.bfloat16) for x in single(
    R.exponential(k, (4,), d), R.gumbel(k, (4,), d), R.laplace(k, (4,), d), R.logistic(k, (4,), d),
    R.truncated_normal(k, -1.0, 1.0, (4,), d))), kinds=PLAIN)
draw("drawScaled", lambda k, s: (R.rayleigh(k, s, (2, 3), f64), R.pareto(k, s, (3,), f64), R.lognormal(k, s, (2, 3), f64)),
     f(0.5, 1.0, 3.0))
draw("drawTruncated", lambda k, a, b: R.truncated_normal(k, a, b, (2, 3), f64), f(-1.0, 0.5, 3.0), jnp.float64(4.0))
COV = jnp.array([[2.0, 0.5, 0.1], [0.5, 1.0, -0.3], [0.1, -0.3, 0.7]])
draw("drawVectors", lambda k, mean, cov: (R.multivariate_normal(k, mean, cov), R.multivariate_normal(k, mean, cov, (4,)),
                                          R.multivariate_normal(k, mean, jnp.stack([cov, 2 * cov]), (3, 2))),
     f(1.0, -2.0, 0.5), COV)
def signs(k):
    # Half a chance is f32 here, and with 64 bits f64 in JAX.
    with jax.enable_x64(False):
        return R.rademacher(k, (9,), i32), R.rademacher(k, (2, 3), f32), R.rademacher(k, (4,), jnp.int8)


case("drawSigns", lambda k: signs(R.wrap_key_data(k)), KEY, args2=[KEY2], kinds=["value"])
draw("drawKeys", lambda k: (*R.key_data(R.split(k, 3)), jax.vmap(lambda one: R.uniform(one, (2,), f32))(R.split(k, 3))), kinds=PLAIN)
draw("drawCounts", lambda k, rate: (
    R.poisson(k, rate, (4, 6), i32), R.poisson(k, 3.5, (5,), jnp.uint8), R.geometric(k, 0.3, (6,), i32).astype(i32),
    R.geometric(k, jnp.float64(1e-3), (6,), i32)), jnp.array([0.0, 0.5, 9.5, 10.5, 400.0, NAN], f32), kinds=PLAIN)

TRIALS = jnp.array([0.0, 3.0, 12.5, 40.0, 2e3, 1e6], f32)
draw("drawBinomial", lambda k, n: (
    R.binomial(k, n, f32(0.3), (2, 6), f32), R.binomial(k, n, f32(0.75), dtype=f32), R.binomial(k, f64(30), f(0.0, 0.2, 0.5, 0.9, 1.0, NAN, -0.5, 1.5), dtype=f64),
    R.binomial(k, jnp.array([NAN, -1.0, INF, 4.0], f32), f32(0.6), dtype=f32)), TRIALS, kinds=["value"])
ODDS = jnp.array([[0.1, 0.2, 0.7], [0.0, 1.0, 0.0], [2.0, 1.0, 1.0], [0.0, 0.0, 0.0]], f32)
draw("drawMultinomial", lambda k, n, p: (
    R.multinomial(k, 20.0, p, dtype=f32), R.multinomial(k, n, p, shape=(2, 4, 3), dtype=f32), R.multinomial(k, 400.0, p[2].astype(f64), dtype=f64)),
     jnp.array([0.0, 7.0, 100.0, 3.0], f32), ODDS, kinds=["value"])


def choices(k):
    # The words for a count are those of 32 bits.
    with jax.enable_x64(False):
        x, p = jnp.arange(7, dtype=f32) * 10, jnp.array([0.1, 0.0, 0.3, 0.2, 0.0, 0.25, 0.15], f32)
        rows = jnp.arange(12, dtype=f32).reshape(4, 3)
        return (R.choice(k, 7, (5,)), R.choice(k, 7, (2, 3), replace=False), R.choice(k, x, (4,)), R.choice(k, x, ()),
                R.choice(k, x, (6,), replace=False), R.choice(k, x, (9,), p=p), R.choice(k, 7, (2, 2), replace=False, p=p),
                R.choice(k, rows, (2,)), R.choice(k, rows, (3,), replace=False), R.choice(k, rows, (2, 2), axis=1),
                R.choice(k, rows, (2,), p=p[:3] + 0.1, axis=1))


case("drawChoices", lambda k: choices(R.wrap_key_data(k)), KEY, args2=[KEY2], kinds=["value"])
A = f(1e-3, 0.2, 0.9, 1.0, 3.5, 40.0)
# The second derivative goes through loops that JAX does not differentiate in this mode.
ONCE = ["value", "vjp", "jvp", "vmap"]
draw("drawGamma", lambda k, a: R.gamma(k, a, (2, 6), f64), A, kinds=ONCE)
draw("drawLoggamma", lambda k, a: R.loggamma(k, a, (2, 6), f64), A, kinds=ONCE)
draw("drawGammaSingle", lambda k: (R.gamma(k, 2.5, (40,), f32), R.loggamma(k, 0.01, (10,), f32)), kinds=PLAIN)
draw("drawGammaFamily", lambda k, a, b: (R.beta(k, a, b, (2, 3), f64), R.dirichlet(k, a, (2,), f64),
                                         R.chisquare(k, a, (2, 3), dtype=f64), R.t(k, b, (3,), f64)),
     f(0.3, 1.0, 5.0), f(2.0, 0.7, 8.0), kinds=ONCE)

# ---- distributions that are made of these
draw("drawDerived", lambda k, a, b: (R.weibull_min(k, a, b, (2, 3), f64), R.wald(k, a, (2, 3), f64), R.triangular(k, -a, b - 1, b, (2, 3), f64)),
     f(0.3, 1.0, 5.0), f(2.0, 0.7, 8.0), kinds=ONCE)
LOGITS = jnp.array([[0.1, 2.0, -1.0], [0.5, -0.3, 0.2]], f32)


def signed(k):
    # The words of signs are those of 32 bits.
    with jax.enable_x64(False):
        return (R.maxwell(k, (4,)), R.double_sided_maxwell(k, 0.5, 2.0, (2, 3)), R.generalized_normal(k, 3.0, (4,)), R.ball(k, 3, 1.5, (2,)), R.f(k, 2.0, 5.0, (3,)),
                R.categorical(k, LOGITS, shape=(4, 2)), R.categorical(k, LOGITS, 0, shape=(2, 2, 3)), R.categorical(k, LOGITS, axis=0))


case("drawSigned", lambda k: signed(R.wrap_key_data(k)), KEY, args2=[KEY2], kinds=["value"])

# ---- special functions
sp, st = jsp.special, jsp.stats
PARAMETER = f(0.1, 0.7, 1.0, 2.5, 9.0, 60.0)
POINT = f(0.05, 1.5, 1.0, 2.0, 14.0, 55.0)
case("gammainc", lambda a, x: (sp.gammainc(a, x), sp.gammaincc(a, x)), PARAMETER, POINT, kinds=ONCE)
EDGES = f(0.0, 1.0, 0.0, 2.0, -1.0, 3.0, NAN, 1e-30, 1e4, 1e4), f(0.0, 0.0, 2.0, INF, 1.0, -1.0, 1.0, 1e-30, 1e4, 1.2e4)
case("gammaincEdges", lambda a, x: (sp.gammainc(a, x), sp.gammaincc(a, x), *(
    y.astype(f32) for d in (f32, jnp.float16) for y in (sp.gammainc(a[:8].astype(d), x[:8].astype(d)), sp.gammaincc(a[:8].astype(d), x[:8].astype(d))))),
    *EDGES, kinds=["value"])
# JAX has no derivative by a and b.
case("betaincX", lambda x: sp.betainc(f(0.5, 2.0, 8.0, 30.0), f(1.5, 0.3, 8.0, 4.0), x), f(0.1, 0.4, 0.5, 0.95))
case("betaincEdges", lambda a, b, x: (sp.betainc(a, b, x), sp.betainc(*single(a[:8], b[:8], x[:8]))),
     f(0.0, 1.0, INF, 2.0, 2.0, -1.0, 2.0, 2.0, 1e-30, 500.0, 0.0), f(1.0, 0.0, 1.0, INF, 3.0, 1.0, 3.0, NAN, 2.0, 700.0, 0.0),
     f(0.5, 0.5, 0.5, 0.5, 0.0, 0.5, 1.0, 0.5, 0.5, 0.4, 0.5), kinds=["value"])
case("gammaKin", lambda a, b: (sp.betaln(a, b), sp.beta(a, b), sp.gamma(a), sp.factorial(a), sp.multigammaln(a + 2, 3)),
     f(0.3, 1.0, 4.5, 12.0), f(20.0, 1.0, 6.0, 0.2))
case("gammaEdges", lambda x: (sp.gamma(x), sp.gammasgn(x), sp.factorial(x), sp.betaln(jnp.abs(x) + 1e6, jnp.abs(x) + 3e7)),
     f(0.0, -0.0, -1.0, -1.5, -2.5, 171.0, 172.0, INF, NAN), kinds=["value"])
case("zetas", lambda x, q: (sp.zeta(x, q), sp.poch(q, x)), f(1.5, 2.0, 3.25, 10.0, 1.01), f(0.3, 1.0, 2.5, 7.0, 40.0), kinds=PLAIN)
case("zetaSlopes", lambda q: (sp.zeta(f(1.5, 2.0, 3.25, 10.0), q), sp.poch(q, f(0.5, -0.25, 2.0, 0.0))), f(0.3, 1.0, 2.5, 7.0), kinds=ONCE)
case("zetaEdges", lambda x, q: (sp.zeta(x, q), sp.zeta(*single(x, q)), sp.poch(q, x)), f(1.0, 0.5, 2.0, 3.0, 2.5, 2.0, NAN, 2.0, INF, 60.0), f(2.0, 2.0, 0.0, -1.0, -0.5, -0.5, 1.0, NAN, 2.0, 1.5), kinds=["value"])
# JAX has NaN for the second derivative of exp1, NaN for expi(inf), 1 for hyp1f1(nan, 1, 1), and 1 / n in place of 1 / (n - 1) for expn(n, 0).
case("expi", lambda x: (sp.expi(x), sp.expi(-x)), f(0.1, 1.0, 2.0, 3.0, 7.5, 12.0, 20.0, 50.0, 80.0))
case("expn", lambda x: (sp.exp1(x), *(sp.expn(n, x) for n in (1, 2, 3, 10, 6000))), f(0.01, 0.3, 1.0, 1.5, 4.0, 30.0), kinds=ONCE)
case("expintEdges", lambda x, n: (sp.expi(x), sp.exp1(x), sp.expn(n, x), *single(sp.expi(x.astype(f32)), sp.exp1(x.astype(f32)), sp.expn(n, x.astype(f32)))),
     f(-1.0, 0.05, -0.1, 300.0, NAN, 0.5, 0.5, 2.5, 2.5, -3.0), i(2, 1, 0, 3, 2, -1, 0, 1, 40, 0), kinds=["value"])
case("kummer", sp.hyp1f1, f(0.5, 1.0, 2.5, 3.0, 10.0, 1.5, 0.7), f(1.5, 2.0, 1.2, 3.0, 4.0, 0.7, 2.0), f(0.5, 1.0, 10.0, 2.0, 50.0, 3.0, -3.0), kinds=ONCE)
case("kummerEdges", lambda a, b, x: (sp.hyp1f1(a, b, x), *single(sp.hyp1f1(*single(a, b, x)))),
     f(0.0, 0.0, 2.0, 2.0, -3.0, 1.5, 1.0), f(0.0, 2.0, 0.0, 2.0, 1.5, 2.5, 3.0), f(1.0, 2.0, 3.0, -4.0, 2.0, 150.0, 0.0),
     kinds=["value"])
W = f(-3.0, -0.9, -0.2, 0.4, 1.1, 4.0)
case("normalKin", lambda x: (sp.ndtr(x), sp.log_ndtr(x), sp.ndtri(jnp.where(x > 1, 0.999, sp.expit(3 * x)))), W)
case("normalEdges", lambda x: (sp.ndtr(x), sp.log_ndtr(x), sp.ndtri(sp.ndtr(x)), *(g(x.astype(f32)) for g in (sp.ndtr, sp.log_ndtr)), sp.ndtri(x)),
     f(-INF, -200.0, -30.0, -12.0, 0.0, 0.5, 1e-12, 1.0, 6.0, 9.0, 40.0, INF, NAN), kinds=["value"])
case("bessels", lambda x: (sp.i0e(x), sp.i1e(x), sp.i0(x), sp.i1(x)), f(-12.0, -3.0, -0.5, 0.25, 7.5, 9.0))
case("besselEdges", lambda x: (sp.i0e(x), sp.i1e(x), sp.i0e(x.astype(f32)), sp.i1e(x.astype(f32))), f(0.0, 8.0, 1e-20, 1e8, NAN), kinds=["value"])
Q = f(0.1, 0.5, 0.3, 0.9)
case("entropies", lambda p, q: (sp.logit(p), sp.expit(q), sp.xlogy(p, q), sp.xlog1py(p, q), sp.entr(p), sp.rel_entr(p, q), sp.kl_div(p, q)), Q, Q[::-1] + 0.05)
case("entropyEdges", lambda p, q: (sp.xlogy(p, q), sp.xlog1py(p, -q), sp.entr(p), sp.rel_entr(p, q), sp.kl_div(p, q), sp.logit(p)),
     f(0.0, 0.0, 1.0, -1.0, 0.0, NAN, 0.0, 2.0), f(0.0, 1.0, 0.0, 1.0, -1.0, 1.0, NAN, INF), kinds=["value"])
case("zeroSlopes", lambda x, y: (sp.xlogy(x, y), sp.xlog1py(x, y), sp.rel_entr(x, y)), f(0.0, 0.0), f(0.5, 2.0), kinds=ONCE)

# ---- distributions
PLACED = f(-0.5, 0.3, 1.25, 2.0)
locations = {"norm": "logpdf pdf cdf logcdf sf logsf", "expon": "logpdf pdf cdf logcdf sf logsf", "laplace": "logpdf pdf cdf",
             "logistic": "logpdf pdf cdf sf", "cauchy": "logpdf pdf cdf logcdf sf logsf",
             "gumbel_l": "cdf logcdf sf logsf", "gumbel_r": "cdf logcdf sf logsf"}
for name, names in locations.items():
    case(f"{name}Location", lambda x, loc, scale, name=name, names=names: tuple(getattr(getattr(st, name), fn)(x, loc, scale) for fn in names.split()),
         PLACED, f(-1.0, -0.2, 0.5, 0.75), jnp.float64(1.5))
quantiles = {"norm": "ppf isf", "uniform": "ppf", "expon": "ppf", "logistic": "ppf isf", "cauchy": "ppf isf"}
case("quantiles", lambda q, loc, scale: tuple(getattr(getattr(st, name), fn)(q, loc, scale) for name, fns in quantiles.items() for fn in fns.split())
     + (st.pareto.ppf(q, 3.0, loc, scale),), f(0.05, 0.4, 0.85), jnp.float64(0.5), jnp.float64(2.0))
# JAX does not differentiate these: a number in them is an integer.
case("gumbels", lambda x, q, loc, scale: tuple(fn(v, loc, scale) for d in (st.gumbel_l, st.gumbel_r) for fn, v in ((d.logpdf, x), (d.pdf, x), (d.ppf, q))),
     PLACED, f(0.05, 0.4, 0.85, 1.0), jnp.float64(0.5), jnp.float64(2.0), kinds=PLAIN)
shaped = {"gamma": ("logpdf pdf cdf logcdf sf logsf", [2.5]), "chi2": ("logpdf pdf cdf logcdf sf logsf", [3.0]), "t": ("logpdf pdf", [4.0]),
          "pareto": ("logpdf pdf cdf logcdf sf logsf", [1.5]), "truncnorm": ("logpdf pdf cdf logcdf sf logsf", [-0.7, 1.9])}
for name, (names, parameters) in shaped.items():
    case(f"{name}Shaped", lambda x, *ps, name=name, names=names: tuple(getattr(getattr(st, name), fn)(x, *ps, 0.5, 1.25) for fn in names.split()),
         f(1.8, 2.0, 2.6), *map(jnp.float64, parameters), kinds=ONCE)
case("betaShaped", lambda x, a, b: tuple(getattr(st.beta, fn)(x, a, b, -0.5, 2.0) for fn in ("logpdf", "pdf")), f(-0.2, 0.5, 1.2), f(0.5, 2.0, 3.0), jnp.float64(1.5))
case("betaShares", lambda x: tuple(getattr(st.beta, fn)(x, 2.0, 3.0, -0.5, 2.0) for fn in ("cdf", "logcdf", "sf", "logsf")), f(-0.2, 0.5, 1.2), kinds=ONCE)
case("vonMisesShaped", lambda x, k: (st.vonmises.logpdf(x, k), st.vonmises.pdf(x, k)), PLACED, f(0.5, 1.0, 3.0, 20.0))
case("uniformLocation", lambda x, loc, scale: (st.uniform.logpdf(x, loc, scale), st.uniform.pdf(x, loc, scale), st.uniform.cdf(x, loc, scale)), PLACED, jnp.float64(-0.25), jnp.float64(1.75))
case("masses", lambda k, mu, p, n: (st.poisson.logpmf(k, mu), st.poisson.pmf(k, mu, 1.0), st.poisson.cdf(k, mu), st.geom.logpmf(k, p), st.geom.pmf(k, p, 1.0),
     st.binom.logpmf(k, n, p), st.binom.pmf(k, n, p, 1.0), st.bernoulli.logpmf(k - 2, p), st.bernoulli.pmf(k - 1, p)),
     f(1.0, 2.0, 3.0), f(0.5, 3.0, 20.0), f(0.2, 0.5, 0.9), f(5.0, 2.0, 9.0), kinds=["value"])
case("massSlopes", lambda mu, p: (st.poisson.logpmf(i(0, 2, 5), mu), st.geom.logpmf(i(1, 2, 5), p), st.binom.logpmf(i(0, 2, 5), 5, p),
     st.bernoulli.logpmf(i(0, 1, 1), p), st.poisson.cdf(i(0, 2, 5), mu)), f(0.5, 3.0, 20.0), f(0.2, 0.5, 0.9), kinds=ONCE)
VALUES = f(-INF, -1.0, 0.0, 0.5, 1.0, 2.5, 60.0, INF, NAN)
case("densityEdges", lambda x: tuple(getattr(st, n).logpdf(x, *ps) for n, ps in (("norm", ()), ("uniform", ()), ("expon", ()), ("laplace", ()),
     ("cauchy", ()), ("gumbel_l", ()), ("gumbel_r", ()), ("pareto", (2.0,)), ("gamma", (2.0,)), ("gamma", (1.0,)), ("beta", (1.0, 1.0)), ("beta", (2.0, 0.5)),
     ("beta", (-1.0, 2.0)), ("truncnorm", (-1.0, 1.0)), ("truncnorm", (10.0, 12.0)), ("truncnorm", (2.0, 1.0))))
     + tuple(getattr(st, n).cdf(x, *ps) for n, ps in (("norm", ()), ("expon", ()), ("laplace", ()), ("logistic", ()), ("gamma", (2.0,))))
     # Of NaN JAX has 1.
     + (jnp.where(jnp.isnan(x), NAN, st.truncnorm.cdf(x, 0.0, 60.0)),), VALUES, kinds=["value"])
case("massEdges", lambda k: (st.poisson.logpmf(k, 3.0), st.poisson.logpmf(k, 0.0), st.geom.logpmf(k, 0.25), st.binom.logpmf(k, 4, 0.25), st.binom.logpmf(k, 4, 1.0),
     st.binom.logpmf(k, 4, 0.0), st.bernoulli.logpmf(k, 0.25), st.bernoulli.logpmf(k, 0.0)), f(-1.0, 0.0, 1.0, 2.0, 4.0, 5.0), kinds=["value"])
case("vectors", lambda x, mean, cov, alpha: (st.multivariate_normal.logpdf(x, mean, cov), st.multivariate_normal.pdf(x, mean, jnp.stack([cov, 2 * cov])),
     st.dirichlet.logpdf(jax.nn.softmax(x, 1).T, alpha), st.dirichlet.pdf(jax.nn.softmax(x, 1).T[:-1], alpha)), m(2, 3), f(0.5, -0.25, 0.1), COV, f(0.5, 1.0, 3.0))

write("distributions")
