"""What users reach for beside loops, or inside them."""

import jax
import jax.numpy as jnp
from jax import lax

from rows import row


@row("take in a loop 10000 x 64")
def take_in_loop(table, indices):
    def step(total, i):
        return total + jnp.take(table, i, axis=0), None

    return lax.scan(step, jnp.zeros(64, jnp.float32), indices)[0]


@row("at().set in a loop 10000 x 1000")
def at_in_loop(values, indices):
    def step(state, row):
        value, i = row
        return state.at[i].set(value), None

    return lax.scan(step, jnp.zeros(1000, jnp.float32), (values, indices))[0]


@row("sort 1e6")
def sort(x):
    return jnp.sort(x)


@row("topK 16 of [256,10000]")
def top_k(x):
    return lax.top_k(x, 16)[0]


@row("scatter-add 1e6 into 1000")
def scatter_add(values, indices):
    return jnp.zeros(1000, jnp.float32).at[indices].add(values)


@row("conv [8,32,64,64] by [64,32,3,3]")
def conv(x, kernel):
    return lax.conv_general_dilated(x, kernel, (1, 1), "SAME")


@row("einsum bthd,bshd->bhts [4,256,8,64]")
def scores(q, k):
    return jnp.einsum("bthd,bshd->bhts", q, k)


@row("softmax [4096,512]")
def softmax(x):
    return jax.nn.softmax(x)


@row("layerNorm [4096,512]")
def layer_norm(x, scale, bias):
    mean = jnp.mean(x, axis=-1, keepdims=True)
    variance = jnp.var(x, axis=-1, keepdims=True)
    return (x - mean) * lax.rsqrt(variance + 1e-5) * scale + bias


@row("causal attention [4,256,8,64]")
def attention(q, k, v):
    return jax.nn.dot_product_attention(q, k, v, is_causal=True)


@row("sum [4096,512]")
def total(x):
    return jnp.sum(x) + jnp.float32(0)
