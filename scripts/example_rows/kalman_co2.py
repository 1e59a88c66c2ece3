"""examples/kalman-co2.ts in JAX and optax. Needs 64 bits."""

import jax.numpy as jnp
import jax.scipy as jsp
import numpy as np
import optax
from jax import lax

from example_rows.cells import numbers


def kalman(ppm, iterations, ahead):
    known = ppm.at[len(ppm) - ahead:].set(jnp.nan)
    c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    wave = np.array([[c, s], [-s, c]])
    move = jsp.linalg.block_diag(jnp.array([[1.0, 1], [0, 1]]), wave, wave @ wave)
    look = jnp.array([1.0, 0, 1, 0, 1, 0])

    def run(noise):
        drift = jnp.diag(jnp.exp(2 * jnp.stack([noise["level"], noise["slope"]] + [noise["season"]] * 4)))

        def month(carry, value):
            state, covariance = carry
            missing = jnp.isnan(value)
            expected, across = look @ state, covariance @ look
            variance = look @ across + jnp.exp(2 * noise["measured"])
            surprise = jnp.where(missing, 0, value - expected)
            gain = jnp.where(missing, 0, across / variance)
            likelihood = jnp.where(missing, 0, jsp.stats.norm.logpdf(surprise, 0, jnp.sqrt(variance)))
            state, covariance = state + gain * surprise, covariance - jnp.outer(gain, across)
            return (move @ state, move @ covariance @ move.T + drift), (expected, jnp.sqrt(variance), likelihood)

        return lax.scan(month, (jnp.zeros(6), 1e6 * jnp.eye(6)), known)

    loss = lambda noise: -run(noise)[1][2].mean()
    optimizer = optax.lbfgs()
    noise = {name: jnp.float64(x) for name, x in [("measured", -1), ("level", -1), ("slope", -4), ("season", -4)]}

    def step(carry, _):
        noise, state = carry
        value, grads = optax.value_and_grad_from_state(loss)(noise, state=state)
        updates, state = optimizer.update(grads, state, noise, value=value, grad=grads, value_fn=loss)
        return (optax.apply_updates(noise, updates), state), value

    (noise, _), losses = lax.scan(step, (noise, optimizer.init(noise)), None, length=iterations)
    (state, _), (expected, deviation, likelihood) = run(noise)
    return {"losses": numbers(losses), "likelihood": numbers(likelihood.sum()), "growth": numbers(12 * state[1]),
            "expected": numbers(expected[-ahead:]), "deviation": numbers(deviation[-ahead:]),
            **{f"deviations.{name}": numbers(jnp.exp(x)) for name, x in noise.items()}}
