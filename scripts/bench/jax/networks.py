"""Recurrent networks, forward and by gradient, for one sequence and for a batch of 32."""

import jax
import jax.numpy as jnp
from jax import lax

from rows import row


def rnn(w, u, b, xs):
    def step(h, x):
        h = jnp.tanh(h @ w + x @ u + b)
        return h, h

    return lax.scan(step, jnp.zeros(xs.shape[1:], jnp.float32), xs)[1]


def gru(w, u, b, xs):
    """w and u hold the weights of the gates r, z and n side by side."""

    def step(h, x):
        hr, hz, hn = jnp.split(h @ w, 3, axis=-1)
        xr, xz, xn = jnp.split(x @ u + b, 3, axis=-1)
        r = jax.nn.sigmoid(hr + xr)
        z = jax.nn.sigmoid(hz + xz)
        n = jnp.tanh(xn + r * hn)
        h = (1 - z) * n + z * h
        return h, h

    return lax.scan(step, jnp.zeros(xs.shape[1:], jnp.float32), xs)[1]


def lstm(w, u, b, xs):
    """w and u hold the weights of the gates i, f, g and o side by side."""

    def step(carry, x):
        h, c = carry
        i, f, g, o = jnp.split(h @ w + x @ u + b, 4, axis=-1)
        c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
        h = jax.nn.sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    zero = jnp.zeros(xs.shape[1:], jnp.float32)
    return lax.scan(step, (zero, zero), xs)[1]


def gradient_of(network):
    def loss(w, u, b, xs):
        return jnp.sum(jnp.square(network(w, u, b, xs)))

    return jax.grad(loss, argnums=(0, 1, 2))


for name, network in (("RNN", rnn), ("GRU", gru), ("LSTM", lstm)):
    row(f"{name} forward 1000 x 64", f"{name} forward 200 x 32 x 64")(network)
    row(f"{name} gradient 1000 x 64", f"{name} gradient 200 x 32 x 64")(gradient_of(network))
