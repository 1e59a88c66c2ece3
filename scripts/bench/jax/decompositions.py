"""Linear algebra of small and large matrices, and of many."""

import jax.numpy as jnp

from rows import row

SIZES = ("32 x 32", "256 x 256", "256 of 8 x 8")


def named(operation):
    return [f"{operation} {size}" for size in SIZES]


def dominant(x):
    return x + 4 * jnp.eye(x.shape[-1], dtype=jnp.float32)


@row(*named("cholesky"))
def cholesky(x):
    return jnp.linalg.cholesky(dominant(x))


@row(*named("qr"))
def qr(x):
    return tuple(jnp.linalg.qr(dominant(x)))


@row(*named("eigh"))
def eigh(x):
    values, vectors = jnp.linalg.eigh(x)
    return values, jnp.sum(vectors**2, axis=-2)


@row(*named("solve"))
def solve(x, b):
    return jnp.linalg.solve(dominant(x), b)
