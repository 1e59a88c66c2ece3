"""examples/lorenz-sensitivity.ts in JAX. Needs 64 bits."""

import jax
import jax.numpy as jnp
from jax import lax, random

from example_rows.cells import numbers


def velocity(point, constants):
    (x, y, z), (sigma, rho, beta) = point, constants
    return jnp.stack([sigma * (y - x), x * (rho - z) - y, x * y - beta * z])


def runge_kutta(point, constants, dt=0.01):
    a = velocity(point, constants)
    b = velocity(point + dt / 2 * a, constants)
    c = velocity(point + dt / 2 * b, constants)
    d = velocity(point + dt * c, constants)
    return point + dt / 6 * (a + 2 * b + 2 * c + d)


def lorenz(seed, steps, constants):
    def exponent(start):
        def step(carry, _):
            point, moved = jax.jvp(lambda each: runge_kutta(each, constants), carry[:1], carry[1:])
            length = jnp.linalg.norm(moved)
            return (point, moved / length), jnp.log(length)

        return lax.scan(step, (start, start / jnp.linalg.norm(start)), None, length=steps)[1].mean() / 0.01

    end = lambda start, by: lax.scan(lambda point, _: (runge_kutta(point, by), None), start, None, length=200)[0]
    starts = random.normal(random.key(seed), (4, 3)) + 1
    each = lambda fn: numbers(jax.vmap(fn, (0, None))(starts, constants))
    return {"starts": numbers(starts), "end": each(end), "byStart": each(jax.jacrev(end)),
            "byConstants": each(jax.jacrev(end, 1)), "exponent": numbers(jax.vmap(exponent)(starts))}
