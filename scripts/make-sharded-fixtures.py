"""Writes test/fixtures/sharded.json: what jax.shard_map gives for the programs of test/support/sharded.ts, on as many
virtual devices, in the order of the leaves.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-sharded-fixtures.py test/fixtures
"""

import json
import os
import sys

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=8"

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import Mesh, PartitionSpec as P

line = Mesh(np.array(jax.devices()[:4]), ("x",))
grid = Mesh(np.array(jax.devices()).reshape(2, 4), ("x", "y"))
rows, whole = P("x"), P()


def on(mesh, ins, outs):
    """shard_map as a decorator. What is the same everywhere is not proven to be, as our shardMap does not either."""
    return lambda fn: jax.shard_map(fn, mesh=mesh, in_specs=ins, out_specs=outs, check_vma=False)


def shift(by):
    return [(i, (i + by) % 4) for i in range(4)]


def scatter(a):
    return lax.psum_scatter(a, "x", tiled=True)


@on(line, rows, whole)
def total(a):
    return lax.psum(a.sum(0), "x")


@on(line, rows, (whole, whole, whole))
def extremes(a):
    return lax.pmax(a.max(), "x"), lax.pmin(a, "x"), lax.pmean(a.mean(), "x")


@on(line, rows, (rows, rows))
def a_ring(a):
    return lax.ppermute(a, "x", shift(1)), lax.ppermute(a, "x", [(0, 2)])


@on(line, rows, (rows, whole))
def gathered(a):
    tiled = lax.all_gather(a, "x", tiled=True)
    stacked = lax.all_gather(a, "x")
    return scatter(tiled * (lax.axis_index("x").astype(jnp.float32) + 1)), stacked.sum(1)


@on(line, rows, P(None, "x"))
def all_to_all(a):
    return lax.all_to_all(a, "x", split_axis=1, concat_axis=0, tiled=True)


@on(grid, P(("x", "y")), P(("x", "y")))
def places(a):
    return a * 100 + lax.axis_index("x") * 10 + lax.axis_index("y")


@on(grid, P("x", "y"), (P("x", None), P(None, "y"), whole, whole))
def two_axes(a):
    return lax.psum(a, "y"), lax.psum(a, "x"), lax.psum(a, ("x", "y")), lax.psum(lax.psum(a.sum(), "y"), "x")


@on(grid, P(None, ("y", "x")), P(None, "x"))
def two_at_once(a):
    return lax.psum(a * 2, "y")


@on(line, rows, rows)
def constants_sum(a):
    return a * lax.psum(jnp.arange(2, dtype=jnp.float32), "x")


@on(line, (rows, whole), (rows, whole))
def scan_of_collectives(a, steps):
    def body(carry, step):
        moved = lax.ppermute(carry, "x", shift(-1))
        following = moved * step + lax.psum(carry.mean(), "x")
        return following, following.sum()

    return lax.scan(body, a, steps)


@on(line, rows, rows)
def less_its_sum(a):
    return a - lax.psum(a.sum(), "x")


def scan_around(a):
    return lax.fori_loop(0, 3, lambda _, carry: less_its_sum(carry), a)


@on(line, rows, (whole, rows))
def while_loop(a):
    return lax.while_loop(
        lambda carry: carry[0] < 100,
        lambda carry: (carry[0] + lax.psum(carry[1].sum(), "x"), carry[1] * 2),
        (lax.psum(jnp.abs(a).sum(), "x"), jnp.abs(a)),
    )


@on(line, (rows, whole), whole)
def captured(a, w):
    return lax.psum((a * jnp.sin(w)).sum(0), "x")


@on(line, (rows, whole), whole)
def gradient_within(a, w):
    return lax.pmean(jax.grad(lambda each: jnp.sin(a @ each).mean())(w), "x")


@on(line, (rows, whole), (whole, rows))
def losses(a, w):
    local = jnp.sin(a * w)
    return lax.psum(local.sum(), "x"), local * lax.pmean(a.sum(), "x")


def gradient_through(a, w):
    return jax.grad(lambda data, weights: losses(data, weights)[1].sum(), argnums=(0, 1))(a, w)


@on(line, rows, P(None, "x"))
def moves(a):
    tiled = lax.all_gather(jnp.cos(a), "x", tiled=True)
    turned = lax.all_to_all(scatter(tiled * tiled), "x", split_axis=1, concat_axis=0, tiled=True)
    return lax.ppermute(turned, "x", [(0, 1), (1, 0), (3, 2)]) * turned


def gradients_of_moves(a):
    return jax.grad(lambda data: (moves(data) ** 2).sum())(a)


@on(line, rows, whole)
def product_of_sums(a):
    return lax.psum((jnp.sin(a) * a * lax.psum(a.sum(), "x")).sum(), "x")


def second_derivative(a):
    return jax.jvp(jax.grad(product_of_sums), (a,), (a,))[1]


@on(line, rows, (rows, whole))
def less_and_whole(a):
    return a - lax.psum(a.sum(), "x"), lax.all_gather(a, "x", tiled=True)


def no_shard_map(a, b):
    return jnp.sin(a @ b), (a @ b).T


def floats(*shape, seed=0):
    i = np.arange(int(np.prod(shape)), dtype=np.float64)
    return np.sin(seed + 1.7 * i).astype(np.float32).reshape(shape)


programs = {
    "total": (total, [floats(8, 3)]),
    "greatest, least, mean": (extremes, [floats(8)]),
    "a ring": (a_ring, [floats(8, 2)]),
    "gathered and scattered": (gathered, [floats(8, 4)]),
    "all to all": (all_to_all, [floats(8, 4)]),
    "places": (places, [np.arange(8, dtype=np.int32)]),
    "two axes": (two_axes, [floats(4, 8)]),
    "divided by two axes at once": (two_at_once, [floats(2, 16)]),
    "a constant's sum": (constants_sum, [floats(8)]),
    "a scan of collectives": (lambda a, s: scan_of_collectives(a, s)[0], [floats(8), floats(3, seed=1)]),
    "a scan around": (scan_around, [floats(8)]),
    "a while loop": (while_loop, [floats(8)]),
    "a captured tensor": (captured, [floats(8, 3), floats(3, seed=1)]),
    "a gradient within": (gradient_within, [floats(8, 3), floats(3, seed=1)]),
    "a gradient through": (gradient_through, [floats(8, 3), floats(3, seed=1)]),
    "gradients of moves": (gradients_of_moves, [floats(8, 4)]),
    "a second derivative": (second_derivative, [floats(8)]),
    "a batch": (jax.vmap(less_and_whole), [floats(3, 8)]),
    "no shardMap": (no_shard_map, [floats(8, 4), floats(4, 6, seed=1)]),
}

fixtures = {
    name: [np.asarray(leaf).astype(np.float64).ravel().tolist() for leaf in jax.tree.leaves(jax.jit(fn)(*args))]
    for name, (fn, args) in programs.items()
}
with open(os.path.join(sys.argv[1], "sharded.json"), "w") as file:
    json.dump({"jax": jax.__version__, "programs": fixtures}, file)
    file.write("\n")
print(f"{len(fixtures)} programs")
