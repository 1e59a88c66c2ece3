"""Hidden Markov models and Kalman filters."""

import jax
import jax.numpy as jnp
from jax import lax
from jax.nn import logsumexp

from rows import row


@row("HMM forward 1000 x 16")
def hmm_forward(start, transition, observed):
    """All in logarithms: start [16], transition [16,16], and the likelihood of each observation by state [1000,16]."""

    def step(alpha, seen):
        alpha = logsumexp(alpha[:, None] + transition, axis=0) + seen
        return alpha, None

    return logsumexp(lax.scan(step, start, observed)[0])


@row("Viterbi 1000 x 16")
def viterbi(start, transition, observed):
    def step(best, seen):
        scores = best[:, None] + transition
        return jnp.max(scores, axis=0) + seen, jnp.argmax(scores, axis=0).astype(jnp.int32)

    best, pointers = lax.scan(step, start, observed)
    last = jnp.argmax(best).astype(jnp.int32)

    def back(state, pointer):
        return pointer[state], state

    first, path = lax.scan(back, last, pointers, reverse=True)
    return jnp.max(best), first, path


def scalar_kalman(a, q, r, seen):
    """The log-likelihood of the observations, without its constant, and the filtered means."""

    def step(carry, y):
        mean, var, fit = carry
        mean = a * mean
        var = a * a * var + q
        s = var + r
        gain = var / s
        off = y - mean
        mean = mean + gain * off
        return (mean, (1 - gain) * var, fit - 0.5 * (jnp.log(s) + off * off / s)), mean

    (_, _, fit), means = lax.scan(step, (jnp.float32(0), jnp.float32(1), jnp.float32(0)), seen)
    return fit, means


row("Kalman scalar 1e4")(scalar_kalman)
row("Kalman scalar gradient 1e4")(
    jax.grad(lambda a, q, r, seen: scalar_kalman(a, q, r, seen)[0], argnums=(0, 1, 2))
)


def kalman(f, h, q, r, seen):
    """Four states, one observation a step: f and q [4,4], h [4], r a scalar."""

    def step(carry, y):
        mean, cov, fit = carry
        mean = f @ mean
        cov = f @ cov @ f.T + q
        ch = cov @ h
        s = h @ ch + r
        off = y - h @ mean
        gain = ch / s
        mean = mean + gain * off
        cov = cov - jnp.outer(gain, ch)
        return (mean, cov, fit - 0.5 * (jnp.log(s) + off * off / s)), mean

    start = (jnp.zeros(4, jnp.float32), jnp.eye(4, dtype=jnp.float32), jnp.float32(0))
    (_, _, fit), means = lax.scan(step, start, seen)
    return fit, means


row("Kalman 4 states 1e3")(kalman)
row("Kalman 4 states gradient 1e3")(
    jax.grad(lambda f, h, q, r, seen: kalman(f, h, q, r, seen)[0], argnums=(0, 1, 2, 3))
)
