"""Writes test/fixtures/nn.json: what JAX 0.10.2 gives for the functions of `loopcarry/nn`, in the form of
functions.json. test/support/nn.ts has those of the same names that take options. Of what JAX itself lacks, optax 0.2.8
gives the losses, and the norms are written out here.

Needs a virtual environment with jax==0.10.2 and optax==0.2.8; the tests need only the file.

    python scripts/make-nn-fixtures.py test/fixtures
"""

import json
import sys
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
import optax
from jax import lax, nn

sys.path.insert(0, str(Path(__file__).parent / "function_rows"))
from table import FLOATS, HALVES, INF, NAN, row, rows

ALL = FLOATS + HALVES
X = [-8.0, -2.5, -1.25, -0.5, 0.75, 1.5, 3.25, 7.0]
# Where pieces meet, and where numbers end.
EDGES = [0.0, -0.0, 1.0, -1.0, 3.0, -3.0, 6.0, 30.0, -30.0, 1e4, -1e4, INF, -INF, NAN]
m = lambda *shape, seed=0.0: np.round(np.sin(np.arange(int(np.prod(shape))) * 2.3 + seed), 3).reshape(shape)

# ---- activations
for name, fn in {"relu": nn.relu, "relu6": nn.relu6, "leakyRelu": nn.leaky_relu, "elu": nn.elu, "celu": nn.celu,
                 "selu": nn.selu, "hardTanh": nn.hard_tanh, "hardSigmoid": nn.hard_sigmoid, "hardSilu": nn.hard_silu,
                 "sparsePlus": nn.sparse_plus, "sparseSigmoid": nn.sparse_sigmoid, "softSign": nn.soft_sign,
                 "softplus": nn.softplus, "sigmoid": nn.sigmoid, "logSigmoid": nn.log_sigmoid, "silu": nn.silu,
                 "mish": nn.mish, "squareplus": nn.squareplus, "gelu": nn.gelu, "identity": nn.identity,
                 "geluExact": lambda x: nn.gelu(x, approximate=False)}.items():
    row(name, fn, X, dtypes=ALL, hvp=name in ["celu", "silu", "mish", "gelu", "logSigmoid"])
    row(name, fn, EDGES, hvp=name in ["relu", "relu6", "softplus", "elu"])
row("relu", nn.relu, [-3, 0, 5], dtypes=["i8", "i32"])
row("leakyRelu", nn.leaky_relu, m(2, 3), [0.1, 0.0, -0.5])
row("eluAlpha", lambda x: nn.elu(x, 0.3), X)
row("elu", nn.elu, m(2, 3), m(2, 1, seed=1))
row("celu", nn.celu, m(2, 3), 0.7)
row("squareplus", nn.squareplus, m(2, 3), [0.5, 1.0, 9.0])
row("glu", nn.glu, m(3, 4), dtypes=ALL)
row("gluFirst", lambda x: nn.glu(x, 0), m(4, 3))
row("relu", nn.relu, np.zeros((0, 3)))

row("log1mexp", nn.log1mexp, [1e-3, 0.3, 0.7, 1.0, 5.0, 40.0], dtypes=ALL, hvp=True)
row("log1mexp", nn.log1mexp, [0.0, INF, NAN, -1.0])

# ---- norms
stable = lambda x, axis=-1, **more: nn.standardize(x, axis, algorithm="stable", **more)


def layer_norm(x, scale=None, bias=None, axis=-1, epsilon=1e-5):
    wide = x.astype(jnp.promote_types(x.dtype, jnp.float32))
    y = stable(wide, axis, epsilon=epsilon)
    y = y if scale is None else y * scale.astype(y.dtype)
    y = y if bias is None else y + bias.astype(y.dtype)
    return y.astype(x.dtype)


def rms_norm(x, scale=None, axis=-1, epsilon=1e-5):
    wide = x.astype(jnp.promote_types(x.dtype, jnp.float32))
    y = wide * lax.rsqrt(jnp.mean(wide * wide, axis, keepdims=True) + epsilon)
    y = y if scale is None else y * scale.astype(y.dtype)
    return y.astype(x.dtype)


row("standardize", stable, m(3, 5), hvp=True)
row("standardize", stable, [[2.0, 2.0, 2.0], [1e4, 1e4 + 1, 1e4 + 2]])
row("standardizeAxes", lambda x: stable(x, (0, 1), epsilon=0.1), m(3, 5))
row("standardizeGiven", lambda x, a, b: nn.standardize(x, mean=a, variance=b), m(2, 3), m(3), np.abs(m(2, 1, seed=1)))
row("layerNorm", layer_norm, m(3, 5), m(5, seed=1), m(5, seed=2), dtypes=ALL, hvp=True)
row("layerNorm", layer_norm, [[1.0, INF, 2.0], [NAN, 1.0, 0.0]], derivatives=False)
row("layerNormAxes", lambda x, s, b: layer_norm(x, s, b, (1, 2), 1e-3), m(2, 3, 4), m(3, 4, seed=1), m(3, 1, seed=2))
row("layerNorm", layer_norm, m(3, 5))
row("rmsNorm", rms_norm, m(3, 5), m(5, seed=1), dtypes=ALL, hvp=True)
row("rmsNorm", rms_norm, [[0.0, 0.0], [1e4, -1e4]])
row("rmsNormAxis", lambda x: rms_norm(x, None, 0, 1e-3), m(3, 5))

# ---- the softmax family
row("softmaxFamily", lambda x: (nn.softmax(x), nn.log_softmax(x), nn.logsumexp(x, -1)), m(2, 4), dtypes=ALL)
row("softmaxFamily", lambda x: (nn.softmax(x), nn.log_softmax(x), nn.logsumexp(x, -1)), [[1e4, 0.0, -INF], [-INF, -INF, -INF]],
    derivatives=False)

row("logmeanexp", lambda x: nn.logmeanexp(x), m(2, 4))
row("logmeanexpAxis", lambda x: nn.logmeanexp(x, 1, keepdims=True), [[1e3, 0.0], [-INF, -INF]], dtypes=ALL)

# ---- dropout
KEY = jnp.array([3, 7], jnp.uint32)


def dropout(key, x, rate):
    kept = jax.random.bernoulli(jax.random.wrap_key_data(key), np.float32(1 - rate), x.shape)
    return jnp.where(kept, x / jnp.asarray(1 - rate, x.dtype) if rate < 1 else 0 * x, jnp.zeros_like(x))


for name, rate in {"dropoutFew": 0.1, "dropoutNone": 0.0, "dropoutAll": 1.0}.items():
    row(name, lambda key, x: dropout(key, x, rate), KEY, m(4, 6), dtypes=ALL if rate == 0.1 else FLOATS)

# ---- losses
LOGITS = m(4, 5) * 3
LABELS = jnp.array([0, 4, 2, 2], jnp.int32)
SHARES = np.abs(m(4, 5, seed=1)) / np.abs(m(4, 5, seed=1)).sum(-1, keepdims=True)
by_index = optax.losses.softmax_cross_entropy_with_integer_labels
by_share = optax.losses.softmax_cross_entropy
smooth = optax.losses.smooth_labels
row("crossEntropy", by_index, LOGITS, LABELS, hvp=True)
row("crossEntropy", lambda x, y: by_index(x.astype(jnp.float32), y).astype(x.dtype), LOGITS, LABELS, dtypes=HALVES)
row("crossEntropy", by_index, [[1e4, 0.0, -1e4], [-INF, 0.0, 1.0], [0.0, -INF, 0.0]], jnp.array([0, 2, 0], jnp.uint8))
row("crossEntropy", by_share, LOGITS, SHARES, hvp=True)
row("crossEntropySmooth", lambda x, y: by_share(x, smooth(jax.nn.one_hot(y, 5, dtype=x.dtype), 0.2)), LOGITS, LABELS)
row("crossEntropySmooth", lambda x, y: by_share(x, smooth(y, 0.2)), LOGITS, SHARES)
row("crossEntropyFirst", lambda x, y: by_index(x.T, y), LOGITS.T, LABELS)
row("sigmoidBinaryCrossEntropy", optax.losses.sigmoid_binary_cross_entropy, LOGITS, SHARES, dtypes=ALL, hvp=True)
row("sigmoidBinaryCrossEntropy", optax.losses.sigmoid_binary_cross_entropy, [1e4, -1e4, 0.0], [1.0, 0.0, 0.5])
row("mse", lambda a, b: jnp.mean(optax.losses.squared_error(a, b)), m(3, 4), m(3, 4, seed=1), dtypes=ALL, hvp=True)
row("mae", lambda a, b: jnp.mean(jnp.abs(a - b)), [1.0, 2.0, 3.0], [1.5, 3.0, -1.0], dtypes=ALL)
row("huber", optax.losses.huber_loss, [0.5, 1.0, -3.0, 0.0, INF, NAN], [0.0] * 6, dtypes=ALL)
row("huberDelta", lambda a, b: optax.losses.huber_loss(a, b, delta=0.3), m(6), m(6, seed=1))
row("cosineSimilarity", optax.losses.cosine_similarity, m(3, 4), m(3, 4, seed=1), dtypes=ALL)
row("cosineSimilarityFirst", lambda a, b: optax.losses.cosine_similarity(a.T, b.T), m(3, 4), m(3, 4, seed=1))

# ---- attention
Q, K, V = m(2, 3, 4, 5), m(2, 6, 4, 5, seed=1), m(2, 6, 4, 5, seed=2)
MASK = jnp.asarray(m(2, 1, 3, 6, seed=4) > -0.3).at[1, 0, 2].set(False)
BIAS = m(4, 3, 6, seed=3)


def attention(q, k, v, bias=None, mask=None, causal=False, scale=None):
    if q.dtype != jnp.float64:
        return nn.dot_product_attention(q, k, v, bias, mask, is_causal=causal, scale=scale)
    # JAX takes the softmax of f64 in f32.
    heads = q.shape[-2] // k.shape[-2]
    k, v = jnp.repeat(k, heads, -2), jnp.repeat(v, heads, -2)
    logits = jnp.einsum("...tnh,...snh->...nts", q, k) * (q.shape[-1] ** -0.5 if scale is None else scale)
    logits = logits if bias is None else logits + bias
    seen = jnp.ones(logits.shape, bool) if mask is None else jnp.broadcast_to(mask, logits.shape)
    seen = seen & jnp.tril(jnp.ones(logits.shape[-2:], bool)) if causal else seen
    logits = jnp.where(seen, logits, -0.7 * float(jnp.finfo(jnp.float32).max))
    return jnp.einsum("...nts,...snh->...tnh", jax.nn.softmax(logits), v)


row("attention", attention, Q, K, V, dtypes=ALL, hvp=True)
row("attention", attention, Q[0], K[0], V[0])
row("attention", attention, Q, K[:, :, :2], V[:, :, :2])
row("attention", attention, Q[0], K[0, :, :1], V[0, :, :1])
row("attentionMask", lambda q, k, v, mask: attention(q, k, v, None, mask), Q, K, V, MASK, dtypes=ALL)
row("attentionMask", lambda q, k, v, mask: attention(q, k, v, None, mask), Q[0], K[0], V[0], MASK[0])
row("attentionBias", lambda q, k, v, bias: attention(q, k, v, bias, None, True, 0.3), Q, K, V, BIAS, dtypes=ALL)
row("attentionBias", lambda q, k, v, bias: attention(q, k, v, bias, None, True, 0.3), Q[:, :, :, :2], K[:, :, :2, :2],
    V[:, :, :2, :2], BIAS)

# ---- initializers
INIT = nn.initializers


def init(name, made, shape, dtypes=ALL):
    """An initializer is called with f32 of a scalar, which says the dtype."""
    row(name, lambda key, like: made(jax.random.wrap_key_data(key), shape, like.dtype), KEY, 0.0, dtypes=dtypes,
        derivatives=False)


for name, made in {"glorotUniform": INIT.glorot_uniform, "glorotNormal": INIT.glorot_normal,
                   "heUniform": INIT.he_uniform, "heNormal": INIT.he_normal, "lecunUniform": INIT.lecun_uniform,
                   "lecunNormal": INIT.lecun_normal}.items():
    init(name, made(), (3, 4))
init("conv", INIT.he_normal(), (2, 2, 3, 4), FLOATS)
init("axes", INIT.lecun_uniform(in_axis=(0, 1), out_axis=3, batch_axis=2), (2, 2, 3, 4), FLOATS)
init("scalingOut", INIT.variance_scaling(0.5, "fan_out", "normal"), (3, 4))
init("scalingGeometric", INIT.variance_scaling(3.0, "fan_geo_avg", "uniform"), (3, 4), FLOATS)
init("normal", INIT.normal(0.5), (3, 4))
init("uniform", INIT.uniform(0.5), (3, 4))
init("truncatedNormal", INIT.truncated_normal(0.5, lower=-1.0, upper=0.25), (3, 10))
init("orthogonal", INIT.orthogonal(2.0), (4, 2), FLOATS)
init("orthogonalWide", INIT.orthogonal(column_axis=0), (2, 3, 4), FLOATS)
init("deltaOrthogonal", INIT.delta_orthogonal(), (3, 2, 2, 3), FLOATS)
init("plain", lambda *asked: (INIT.zeros(*asked), INIT.ones(*asked), INIT.constant(0.1)(*asked)), (2, 3))

# ---- pools, as flax has them
def pool(x, init, combine, window, strides=None, padding="VALID", features="last"):
    before, after = (x.ndim - len(window) - 1, 1) if features == "last" else (x.ndim - len(window), 0)
    whole = lambda own, other: (other,) * before + tuple(own) + (other,) * after
    padding = padding if isinstance(padding, str) else whole(padding, (0, 0))
    return lax.reduce_window(x, jnp.asarray(init, x.dtype), combine, whole(window, 1), whole(strides or [1] * len(window), 1), padding)


max_pool = lambda x, *args, **more: pool(x, -jnp.inf, lax.max, *args, **more)
min_pool = lambda x, *args, **more: pool(x, jnp.inf, lax.min, *args, **more)


def avg_pool(x, window, *args, count_include_pad=True, **more):
    total = pool(x, 0, lax.add, window, *args, **more)
    return total / (np.prod(window) if count_include_pad else pool(jnp.ones_like(x), 0, lax.add, window, *args, **more))


POOLS = [([2, 2],), ([2, 2], [2, 2]), ([3, 2], [2, 1], "SAME"), ([2, 3], [1, 2], [(1, 0), (2, 1)])]
for name, fn in {"maxPools": max_pool, "minPools": min_pool}.items():
    call = lambda x, fn=fn: [*(fn(x, *args) for args in POOLS), fn(x[0], [2]), fn(x, [2], [1], "VALID", "first"), fn(x, [9, 9])]
    row(name, call, m(2, 4, 5, 3), dtypes=ALL if name == "maxPools" else FLOATS)
    row(name, call, np.round(m(2, 4, 5, 3)), dtypes=["f32"])
row("avgPools", lambda x: [*(avg_pool(x, *args) for args in POOLS), *(avg_pool(x, *args, count_include_pad=False) for args in POOLS),
                           avg_pool(x[0], [2]), avg_pool(x, [2], [1], "VALID", features="first"), avg_pool(x, [9, 9])], m(2, 4, 5, 3), dtypes=ALL)
row("poolEdges", lambda x: (max_pool(x, [3], padding="SAME"), min_pool(x, [3], padding="SAME"), avg_pool(x, [3], padding="SAME")),
    np.reshape([1.0, -INF, INF, NAN, -0.0, 0.0, 2.0], (7, 1)), derivatives=False)

with open(f"{sys.argv[1]}/nn.json", "w") as out:
    text = ",\n".join(json.dumps(each, separators=(",", ":")) for each in rows)
    out.write('{\n"jax": "%s",\n"rows": [\n%s\n]}\n' % (jax.__version__, text))
print(len(rows), "rows")
