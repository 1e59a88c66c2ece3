"""The five seed programs at several lengths, and the running results of other dtypes and operations."""

import jax
import jax.numpy as jnp
from jax import lax

from rows import alternative, row


def length(n):
    return {10: "10", 1000: "1e3", 1_000_000: "1e6"}[n]


def cumulative_sum(n, dtype):
    def program(start):
        def step(c, x):
            total = c + x
            return total, total

        return lax.scan(step, start, jnp.arange(n, dtype=dtype))

    return program


def cumsum(n, dtype):
    def program(start):
        sums = jnp.cumsum(jnp.arange(n, dtype=dtype)) + start
        return sums[-1], sums

    return program


def associative_sum(n, dtype):
    def program(start):
        sums = lax.associative_scan(jnp.add, jnp.arange(n, dtype=dtype)) + start
        return sums[-1], sums

    return program


def recursive_update(n):
    def program(start):
        return lax.scan(lambda c, x: (c + x, None), start, jnp.arange(n, dtype=jnp.float32))[0]

    return program


def sequential_transform(n):
    def program():
        return lax.scan(lambda c, x: (c, 2 * x + 1), None, jnp.arange(n))[1]

    return program


def nested_scan(n):
    """The inner loop runs over arange(x). JAX has no scan of a traced length, so rows of fixed length are filled."""

    def program(start):
        def outer(c, x):
            def inner(y, state):
                total, values = state
                total = total + y
                return total, values.at[y].set(total)

            total, values = lax.fori_loop(0, x, inner, (c, jnp.zeros(n, jnp.int32)))
            return total, (values, x)

        total, (values, lengths) = lax.scan(outer, start, jnp.arange(1, n + 1))
        return total, values, lengths

    return program


def masked_scan(n):
    def program(start):
        def outer(c, x):
            def inner(c, y):
                total = jnp.where(y < x, c + y, c)
                return total, jnp.where(y < x, total, 0)

            total, values = lax.scan(inner, c, jnp.arange(n))
            return total, (values, x)

        total, (values, lengths) = lax.scan(outer, start, jnp.arange(1, n + 1))
        return total, values, lengths

    return program


def masked_cumsum(n):
    def program(start):
        def outer(c, x):
            y = jnp.arange(n)
            sums = c + jnp.cumsum(jnp.where(y < x, y, 0))
            return sums[-1], (jnp.where(y < x, sums, 0), x)

        total, (values, lengths) = lax.scan(outer, start, jnp.arange(1, n + 1))
        return total, values, lengths

    return program


def running_moments(xs):
    """Welford's running mean and variance."""

    def step(carry, x):
        count, mean, m2 = carry
        count = count + 1
        change = x - mean
        mean = mean + change / count
        m2 = m2 + change * (x - mean)
        return (count, mean, m2), (mean, m2 / count)

    zero = jnp.float32(0)
    return lax.scan(step, (zero, zero, zero), xs)


def associative_moments(xs):
    """Chan's rule for joining the moments of two groups."""

    def join(a, b):
        count_a, mean_a, m2_a = a
        count_b, mean_b, m2_b = b
        count = count_a + count_b
        change = mean_b - mean_a
        mean = mean_a + change * count_b / count
        return count, mean, m2_a + m2_b + change * change * count_a * count_b / count

    count, mean, m2 = lax.associative_scan(join, (jnp.ones_like(xs), xs, jnp.zeros_like(xs)))
    return (count[-1], mean[-1], m2[-1]), (mean, m2 / count)


for n in (10, 1000, 1_000_000):
    size = length(n)
    asked = f"cumulative sum {size}", f"cumulative sum {size}, reassociate"
    row(*asked)(cumulative_sum(n, jnp.float32))
    alternative("cumsum", *asked)(cumsum(n, jnp.float32))
    alternative("associative_scan", *asked)(associative_sum(n, jnp.float32))
    asked = f"recursive update {size}", f"recursive update {size}, reassociate"
    row(*asked)(recursive_update(n))
    alternative("sum", *asked)(lambda start, n=n: start + jnp.sum(jnp.arange(n, dtype=jnp.float32)))
    asked = f"sequential transform {size}"
    row(asked)(sequential_transform(n))
    alternative("vmap", asked)(lambda n=n: jax.vmap(lambda x: 2 * x + 1)(jnp.arange(n)))
    asked = f"running moments {size}"
    row(asked)(running_moments)
    alternative("associative_scan", asked)(associative_moments)

for n, size in ((4, "10"), (44, "1e3"), (1413, "1e6")):
    asked = f"nested scan {size}"
    row(asked)(nested_scan(n))
    alternative("masked scan", asked)(masked_scan(n))
    alternative("cumsum", asked)(masked_cumsum(n))

row("integer cumulative sum 1e6")(cumulative_sum(1_000_000, jnp.int32))
alternative("cumsum", "integer cumulative sum 1e6")(cumsum(1_000_000, jnp.int32))
alternative("associative_scan", "integer cumulative sum 1e6")(associative_sum(1_000_000, jnp.int32))


@row("running maximum 1e6")
def running_maximum(xs):
    def step(c, x):
        most = jnp.maximum(c, x)
        return most, most

    return lax.scan(step, jnp.float32(-jnp.inf), xs)


@alternative("cummax", "running maximum 1e6")
def cummax(xs):
    most = lax.cummax(xs)
    return most[-1], most


@alternative("associative_scan", "running maximum 1e6")
def associative_maximum(xs):
    most = lax.associative_scan(jnp.maximum, xs)
    return most[-1], most
