"""examples/char-rnn.ts in JAX and optax."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
from jax import lax, nn, random

from example_rows.cells import gru, gru_cell, numbers

PIECE, BATCH, HELD, WIDTH = 33, 16, 16, 64


def shuffled(seed, epoch, count):
    """The order of an epoch: sfc32 of PractRand, and Fisher and Yates."""
    mask, (a, b, c), counter = 2**32 - 1, (seed, 0, epoch), 1

    def word():
        nonlocal a, b, c, counter
        total, counter = (a + b + counter) & mask, (counter + 1) & mask
        a, b = b ^ b >> 9, (c + (c << 3)) & mask
        c = ((c << 21 | c >> 11) + total) & mask
        return total

    for _ in range(20):
        word()
    order = list(range(count))
    for i in range(count - 1, 0, -1):
        found = word()
        while found >= 2**32 - 2**32 % (i + 1):
            found = word()
        j = found % (i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def read_byte(params, h, byte):
    h = gru_cell(params["cell"], h, params["embedding"][byte])
    return h, h @ params["out"]


def piece_loss(params, piece):
    _, logits = lax.scan(lambda h, byte: read_byte(params, h, byte), jnp.zeros(WIDTH), piece[:-1])
    return optax.softmax_cross_entropy_with_integer_labels(logits, piece[1:]).mean()


@jax.jit
def pieces_loss(params, pieces):
    return jax.vmap(piece_loss, (None, 0))(params, pieces).mean()


def char_rnn(seed, steps, temperature):
    text = np.frombuffer(open("examples/data/sonnets.txt", "rb").read(), np.uint8).astype(np.int32)
    seen = text[:-HELD * PIECE]
    seen = seen[:len(seen) // PIECE * PIECE].reshape(-1, PIECE)
    a, b, c = random.split(random.key(seed), 3)
    uniform = nn.initializers.glorot_uniform()
    params = {"embedding": uniform(a, (256, WIDTH)), "cell": gru(b, WIDTH, WIDTH), "out": uniform(c, (WIDTH, 256))}
    optimizer = optax.chain(optax.clip_by_global_norm(1), optax.adam(0.01))
    state = optimizer.init(params)

    @jax.jit
    def step(params, state, pieces):
        loss, grads = jax.value_and_grad(pieces_loss)(params, pieces)
        updates, state = optimizer.update(grads, state, params)
        return optax.apply_updates(params, updates), state, loss

    for i in range(steps):
        epoch, at = divmod(i, len(seen) // BATCH)
        params, state, loss = step(params, state, seen[shuffled(seed, epoch, len(seen))[at * BATCH:(at + 1) * BATCH]])

    def write(carry, _):
        h, byte, key = carry
        h, logits = read_byte(params, h, byte)
        later, now = random.split(key)
        drawn = random.categorical(now, logits / temperature).astype(jnp.int32)
        return (h, drawn, later), drawn

    _, written = lax.scan(write, (jnp.zeros(WIDTH), jnp.int32(10), random.key(seed)), None, length=240)
    return {"seen": numbers(loss), "unseen": numbers(pieces_loss(params, text[-HELD * PIECE:].reshape(-1, PIECE))),
            "written": np.asarray(written).tolist()}
