"""Recurrent cells, as examples/cells.ts has them."""

import jax.numpy as jnp
import numpy as np
from jax import nn, random


def numbers(x):
    return np.asarray(x, np.float64).round(7).reshape(-1).tolist()


def gate(key, inputs, size):
    a, b = random.split(key)
    return {"w": nn.initializers.glorot_uniform()(a, (inputs, size)),
            "u": nn.initializers.glorot_uniform()(b, (size, size)), "b": jnp.zeros(size)}


def gru(key, inputs, size):
    return {name: gate(random.fold_in(key, i), inputs, size) for i, name in enumerate(["reset", "keep", "fresh"])}


def weighed(g, x, h):
    return x @ g["w"] + h @ g["u"] + g["b"]


def gru_cell(w, h, x):
    kept = nn.sigmoid(weighed(w["keep"], x, h))
    fresh = jnp.tanh(weighed(w["fresh"], x, nn.sigmoid(weighed(w["reset"], x, h)) * h))
    return kept * h + (1 - kept) * fresh
