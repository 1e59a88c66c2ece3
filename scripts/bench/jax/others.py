"""What is measured beside the rows: the memory of a gradient, and tracing as a program grows."""

import time

import jax
import jax.numpy as jnp
from jax import lax


def step(w, u):
    def one(h, x):
        return jnp.tanh(h @ w + x @ u), None

    return one


def keep_all(w, u, xs):
    return lax.scan(step(w, u), jnp.zeros(64, jnp.float32), xs)[0]


def keep_every(k):
    """Carries are kept every k steps: a scan of checkpointed scans."""

    def run(w, u, xs):
        @jax.checkpoint
        def block(h, xs):
            return lax.scan(step(w, u), h, xs)

        blocks = xs.reshape(-1, k, 64)
        return lax.scan(block, jnp.zeros(64, jnp.float32), blocks)[0]

    return run


def gradient_memory(w, u, xs, every):
    """The compiled gradient's temporary bytes, and the gradients."""
    run = keep_all if every is None else keep_every(every)
    gradient = jax.grad(lambda w, u, xs: jnp.sum(jnp.square(run(w, u, xs))), argnums=(0, 1))
    compiled = jax.jit(gradient).lower(w, u, xs).compile()
    return compiled.memory_analysis().temp_size_in_bytes, compiled(w, u, xs)


def growth(operations):
    """Seconds that tracing and lowering a chain of additions takes."""

    def chain(x):
        y = x
        for _ in range(operations):
            y = y + x
        return y

    began = time.perf_counter()
    jax.jit(chain).lower(jnp.zeros(8, jnp.float32)).as_text()
    return time.perf_counter() - began
