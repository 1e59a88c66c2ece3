"""Writes test/fixtures/differences.json: what JAX 0.10.2 gives where docs/coming-from-jax.md says that loopcarry differs.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-differences-fixtures.py test/fixtures

Each result is a list of arrays: the shape of each, and its elements in row-major order.
"""

import json
import sys

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

matrix = jnp.array([[1.0, 2.0], [3.0, 4.0]])
triangles = jnp.array([[2.0, 5.0], [1.0, 1.0]])
column = jnp.array([[4.0], [5.0]])
places = jnp.array([5, -1, -5])

RESULTS = {
    "jax.Array.at.get": matrix.ravel().at[places].get(),
    "jax.lax.linalg.triangular_solve": lax.linalg.triangular_solve(triangles, column.T),
    "jax.lax.round": lax.round(jnp.array([0.5, 1.5, 2.5])),
    "jax.numpy.cumprod": jnp.cumprod(matrix),
    "jax.numpy.cumsum": jnp.cumsum(matrix),
    "jax.numpy.divide": jnp.divide(jnp.array([7, -7]), 2),
    "jax.numpy.logical_not": jnp.logical_not(jnp.array([0, 5])),
    "jax.numpy.logical_and": jnp.logical_and(jnp.array([6]), jnp.array([1])),
    "jax.numpy.roll": jnp.roll(matrix, 1),
    "jax.numpy.sort": 1 / jnp.sort(jnp.array([0.0, -0.0]), descending=True),
    "jax.numpy.split": jnp.split(jnp.arange(4), [1, 3]),
    "jax.numpy.take": jnp.take(matrix, jnp.array([1])),
    "jax.scipy.linalg.cholesky": jax.scipy.linalg.cholesky(jnp.array([[4.0, 2.0], [2.0, 5.0]])),
    "jax.scipy.linalg.solve_triangular": jax.scipy.linalg.solve_triangular(triangles, column),
    "jax.tree.leaves": jax.tree.leaves({"b": 1, "a": 2}),
}


def flat(array):
    array = np.asarray(array)
    values = [x if abs(x) < float("inf") else str(x).replace("inf", "Infinity") for x in array.ravel().tolist()]
    return {"shape": list(array.shape), "values": values}


results = {
    name: [flat(array) for array in (given if isinstance(given, list) else [given])] for name, given in RESULTS.items()
}
with open(f"{sys.argv[1]}/differences.json", "w") as out:
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(given)}" for name, given in results.items())
    out.write('{\n"jax": "%s",\n"results": {\n%s\n}}\n' % (jax.__version__, rows))
print(len(results), "differences")
