"""Writes test/fixtures/examples.json: what JAX 0.10.2 gives for programs and cells of examples/.

Needs a virtual environment with jax==0.10.2 and optax==0.2.8; the tests need only the file.

    python scripts/make-example-fixtures.py test/fixtures   # in the clone's folder
"""

import json
import sys

import jax
import jax.numpy as jnp
import jax.scipy as jsp
import numpy as np
from jax import lax, nn, random

from example_rows.cells import gate, gru, gru_cell, numbers, weighed
from example_rows.char_rnn import char_rnn
from example_rows.kalman_co2 import kalman
from example_rows.lorenz_sensitivity import lorenz

found = {"jax": jax.__version__}


# ---- gaussian-process
NOISE = 0.05


def alikeness(a, b, length):
    return jnp.exp(-0.5 * jnp.square((a[:, None] - b[None, :]) / length))


def factor(xs, length):
    return jnp.linalg.cholesky(alikeness(xs, xs, length) + NOISE**2 * jnp.eye(len(xs)))


def surprise(xs, ys, length):
    l = factor(xs, length)
    half = jsp.linalg.solve_triangular(l, ys, lower=True)
    return 0.5 * half @ half + jnp.log(jnp.diag(l)).sum()


@jax.jit
def gaussian_process(xs, ys, places, start):
    def step(l, _):
        value, slope = jax.value_and_grad(lambda each: surprise(xs, ys, jnp.exp(each)))(l)
        return l - 0.01 * slope, value

    l, values = lax.scan(step, jnp.log(start), None, length=60)
    length = jnp.exp(l)
    chol, across = factor(xs, length), alikeness(xs, places, length)
    weights = jsp.linalg.cho_solve((chol, True), ys)
    explained = jnp.square(jsp.linalg.solve_triangular(chol, across, lower=True)).sum(0)
    return length, values[::12], across.T @ weights, jnp.sqrt(1 + NOISE**2 - explained)


xs = jnp.arange(12, dtype=jnp.float32) * 6 / 11
names = ["length", "surprises", "expected", "deviation"]
made = gaussian_process(xs, jnp.sin(xs), jnp.arange(7, dtype=jnp.float32) + 0.25, jnp.float32(0.5))
found["gaussian-process"] = {name: numbers(x) for name, x in zip(names, made)}

# ---- gru-classifier
EXAMPLES, LENGTH, SIZE, STEPS, RATE = 256, 12, 8, 120, 0.03


def logits_of(weights, rows):
    last, _ = lax.scan(lambda h, x: (gru_cell(weights["cell"], h, x), None), jnp.zeros((len(rows), SIZE)),
                       rows.swapaxes(0, 1))
    return last @ weights["out"]


def loss_of(weights, rows, labels):
    logs = nn.log_softmax(logits_of(weights, rows))
    return -jnp.take_along_axis(logs, labels[:, None], 1).mean()


def drawn(key):
    rows = random.normal(key, (EXAMPLES, LENGTH, 1))
    return rows, (rows.sum((1, 2)) > 0).astype(jnp.int32)


@jax.jit
def classifier(seed):
    key = random.key(seed)
    seen, unseen = drawn(random.fold_in(key, 1)), drawn(random.fold_in(key, 2))
    weights = {"cell": gru(random.fold_in(key, 3), 1, SIZE),
               "out": nn.initializers.glorot_uniform()(random.fold_in(key, 4), (SIZE, 2))}
    nothing = jax.tree.map(jnp.zeros_like, weights)

    def step(state, i):
        weights, means, squares = state
        loss, gradient = jax.value_and_grad(loss_of)(weights, *seen)
        means = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, means, gradient)
        squares = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, squares, gradient)
        first, second = 1 - 0.9 ** (i + 1.0), 1 - 0.999 ** (i + 1.0)
        weights = jax.tree.map(lambda w, m, v: w - RATE * (m / first) / (jnp.sqrt(v / second) + 1e-8), weights, means, squares)
        return (weights, means, squares), loss

    (weights, _, _), losses = lax.scan(step, (weights, nothing, nothing), jnp.arange(STEPS))
    accuracy = lambda rows, labels: (logits_of(weights, rows).argmax(1) == labels).mean()
    return losses[::20], accuracy(*seen), accuracy(*unseen)


found["gru-classifier"] = dict(zip(["losses", "seen", "unseen"], map(numbers, classifier(0))))

# ---- principal-components
key = random.key(0)
a, b, c = (random.fold_in(key, i) for i in range(3))
seen = random.normal(a, (200, 2)) @ random.normal(b, (2, 5)) + 0.1 * random.normal(c, (200, 5))
_, singular, directions = jnp.linalg.svd(seen - seen.mean(0), full_matrices=False)
directions *= jnp.sign(jnp.take_along_axis(directions, jnp.abs(directions).argmax(1)[:, None], 1))
spread = jnp.square(singular)
found["principal-components"] = {"share": numbers(spread / spread.sum()), "first": numbers(directions[0]),
                                 "second": numbers(directions[1])}

# ---- cells
KEY = random.key(5)
XS = random.normal(random.fold_in(KEY, 9), (6, 3))


def lstm_cell(w, state, x):
    h, c = state
    c = nn.sigmoid(weighed(w["forget"], x, h)) * c + nn.sigmoid(weighed(w["input"], x, h)) * jnp.tanh(weighed(w["fresh"], x, h))
    h = nn.sigmoid(weighed(w["output"], x, h)) * jnp.tanh(c)
    return h, c


def lstm(key, inputs, size):
    return {name: gate(random.fold_in(key, i), inputs, size) for i, name in enumerate(["input", "forget", "output", "fresh"])}


def space(key, inputs, size, outputs):
    a, b, c = (random.fold_in(key, i) for i in range(3))
    return {"decay": random.uniform(a, (size,)), "b": nn.initializers.lecun_normal()(b, (inputs, size)),
            "c": nn.initializers.lecun_normal()(c, (size, outputs))}


def space_cell(w, h, x):
    h = w["decay"] * h + x @ w["b"]
    return h, h @ w["c"]


found["gru"] = numbers(lax.scan(lambda h, x: (gru_cell(gru(KEY, 3, 4), h, x),) * 2, jnp.zeros(4), XS)[1])
found["lstm"] = numbers(lax.scan(lambda s, x: (lambda n: (n, n[0]))(lstm_cell(lstm(KEY, 3, 4), s, x)), (jnp.zeros(4), jnp.zeros(4)), XS)[1])
found["stateSpace"] = numbers(lax.scan(lambda h, x: space_cell(space(KEY, 3, 4, 2), h, x), jnp.ones(4), XS)[1])

# ---- training and simulations
found["char-rnn"] = char_rnn(2, 30, 0.7)
with jax.enable_x64(True):
    months = np.genfromtxt("examples/data/mauna-loa-co2.csv", delimiter=",", skip_header=1)[:, 2]
    found["kalman-co2"] = kalman(jnp.asarray(months), 15, 24)
    found["kalman-co2 of four years"] = kalman(jnp.asarray(months[:48]), 2, 6)
    found["lorenz-sensitivity"] = lorenz(1, 1500, jnp.array([10, 28, 8 / 3]))

with open(f"{sys.argv[1]}/examples.json", "w") as out:
    out.write(json.dumps(found).replace('], "', '],\n"').replace('}, "', '},\n"') + "\n")
