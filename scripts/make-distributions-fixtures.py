"""Writes test/fixtures/distributions.json: what JAX 0.10.2 gives for random distributions, in the form of language.json. test/support/language/distributions.ts has the same functions in TypeScript.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-distributions-fixtures.py test/fixtures
"""

import json
import pathlib
import sys

# How a case is made is said there, above its first group of cases.
head = pathlib.Path(__file__).with_name("make-language-fixtures.py").read_text().split("# ---- elementwise")[0]
exec(head)

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

with open(f"{sys.argv[1]}/distributions.json", "w") as out:
    rows = ",\n".join(json.dumps(row) for row in cases)
    out.write('{\n"jax": "%s",\n"cases": [\n%s\n]}\n' % (jax.__version__, rows))
print(len(cases), "functions,", sum(len(c["kinds"]) for c in cases), "cases")
