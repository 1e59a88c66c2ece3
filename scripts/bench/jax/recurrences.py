"""Linear recurrences, and loops whose body is more than that."""

import jax
import jax.numpy as jnp
from jax import lax

from rows import alternative, row


def joined(first, second):
    """The composition of two steps c' = a c + b."""
    a, b = first
    a2, b2 = second
    return a * a2, a2 * b + b2


linear = "linear recurrence 1e6", "linear recurrence 1e6, reassociate"


@row(*linear)
def linear_recurrence(a, b):
    def step(c, row):
        a, b = row
        c = a * c + b
        return c, c

    return lax.scan(step, jnp.float32(0), (a, b))


@alternative("associative_scan", *linear)
def associative_recurrence(a, b):
    states = lax.associative_scan(joined, (a, b))[1]
    return states[-1], states


average = "moving average [1000,1000]", "moving average [1000,1000], reassociate"


@row(*average)
def moving_average(xs):
    def step(c, x):
        c = 0.9 * c + 0.1 * x
        return c, c

    return lax.scan(step, jnp.zeros(1000, jnp.float32), xs)


@alternative("associative_scan", *average)
def associative_average(xs):
    averages = lax.associative_scan(joined, (jnp.full_like(xs, 0.9), 0.1 * xs))[1]
    return averages[-1], averages


def layer(a, b, c, d, u):
    def step(h, x):
        h = a * h + b * x
        return h, c * h + d * x

    return lax.scan(step, jnp.zeros_like(a), u)[1]


def associative_layer(a, b, c, d, u):
    h = lax.associative_scan(joined, (jnp.broadcast_to(a, u.shape), b * u))[1]
    return c * h + d * u


def gradient_of(layer):
    def loss(a, b, c, d, u):
        return jnp.mean(jnp.square(layer(a, b, c, d, u)))

    return jax.grad(loss, argnums=(0, 1, 2, 3))


space = "state-space layer [4096,64]", "state-space layer [4096,64], reassociate"
row(*space)(layer)
alternative("associative_scan", *space)(associative_layer)
space = "state-space gradient [4096,64]", "state-space gradient [4096,64], reassociate"
row(*space)(gradient_of(layer))
alternative("associative_scan", *space)(gradient_of(associative_layer))


@row("costly input 1e5")
def costly_input(xs):
    def step(c, x):
        c = 0.9 * c + jnp.tanh(jnp.exp(-x * x) * x)
        return c, c

    return lax.scan(step, jnp.float32(0), xs)


@alternative("vmap before", "costly input 1e5")
def costly_before(xs):
    def step(c, x):
        c = 0.9 * c + x
        return c, c

    return lax.scan(step, jnp.float32(0), jnp.tanh(jnp.exp(-xs * xs) * xs))


@row("logistic map 1e6")
def logistic_map(rate, start):
    def step(c, _):
        c = rate * c * (1 - c)
        return c, c

    return lax.scan(step, start, None, length=1_000_000)[1]


@row("Lorenz RK4 1e4")
def lorenz(start):
    def slope(at):
        x, y, z = at
        return jnp.stack([10 * (y - x), x * (28 - z) - y, x * y - (8 / 3) * z])

    def step(at, _):
        h = 0.005
        k1 = slope(at)
        k2 = slope(at + (h / 2) * k1)
        k3 = slope(at + (h / 2) * k2)
        k4 = slope(at + h * k3)
        at = at + (h / 6) * (k1 + 2 * k2 + 2 * k3 + k4)
        return at, at

    return lax.scan(step, start, None, length=10_000)[1]


@row("nested loop 100 x up to 100")
def nested_loop(start):
    def outer(c, x):
        total = lax.fori_loop(0, x, lambda y, c: c + y, c)
        return total, total

    return lax.scan(outer, start, jnp.arange(1, 101))


@alternative("masked scan", "nested loop 100 x up to 100")
def masked_loop(start):
    def outer(c, x):
        total = lax.scan(lambda c, y: (jnp.where(y < x, c + y, c), None), c, jnp.arange(100))[0]
        return total, total

    return lax.scan(outer, start, jnp.arange(1, 101))


@row("20 scalar carries gradient 1e3")
def scalar_carries(*flat):
    xs = flat[40]

    def loss(start, rates):
        def step(carry, x):
            n = len(carry)
            return [rates[i] * carry[i] + 0.01 * jnp.sin(carry[(i + 1) % n]) * x for i in range(n)], None

        return sum(c * c for c in lax.scan(step, list(start), xs)[0])

    return jax.grad(loss, argnums=(0, 1))(list(flat[:20]), list(flat[20:40]))


@row("vmapped scan 64 x 1e3")
def vmapped_scan(xs):
    def one(xs):
        def step(c, x):
            c = jnp.tanh(0.9 * c + x)
            return c, c

        return lax.scan(step, jnp.float32(0), xs)

    return jax.vmap(one)(xs)
