"""Writes test/fixtures/matrices.json: what JAX 0.10.2 gives for linear algebra in each dtype, and of matrices that are
hard: with NaN and infinities, singular, with equal eigenvalues, ill-conditioned, tall, wide, empty. It has the form of
functions.json. test/support/matrices.ts has functions of the same names.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-matrices-fixtures.py test/fixtures

Complex matrices are given as their parts, and complex results too. Of decompositions that are not unique a row has
what is: values, and products of the factors.
"""

import json
import sys
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import jax.scipy as jsp
import numpy as np
from jax import lax

sys.path.insert(0, str(Path(__file__).parent / "function_rows"))
from table import FLOATS, INF, NAN, row, rows

la = jnp.linalg
m = lambda *shape, seed=0.0: np.round(np.sin(np.arange(int(np.prod(shape))) * 2.3 + seed), 3).reshape(shape)
t = lambda x: jnp.swapaxes(x, -1, -2)
h = lambda x: jnp.conj(t(x))
diagonal = lambda w, like: w[..., None, :].astype(like.dtype)


def parts(tree):
    return [p for x in jax.tree.leaves(tree) for p in ((x.real, x.imag) if jnp.iscomplexobj(x) else (x,))]


def qr(a):
    q, r = la.qr(a)
    return r, q @ r, h(q) @ q


def eigh(a):
    w, v = la.eigh(a)
    return w, (v * diagonal(w, v)) @ h(v), h(v) @ v


def svd(a):
    u, s, vh = la.svd(a, full_matrices=False)
    return s, (u * diagonal(s, u)) @ vh, h(u) @ u, vh @ h(vh)


def columns(a):
    """A right-hand side for each matrix."""
    return jnp.broadcast_to(jnp.arange(1.0, a.shape[-2] + 1).astype(a.dtype)[:, None], (*a.shape[:-1], 1))


def lstsq(a):
    x, left, rank, s = jax.vmap(la.lstsq)(a, columns(a))
    return x, rank.astype(jnp.int32), s


def cholesky(a):
    factor = la.cholesky(a @ h(a))
    return factor, jsp.linalg.cho_solve((factor, True), columns(a))


def lu(a):
    return [x.astype(a.dtype) for x in jax.vmap(jsp.linalg.lu)(a)]


def lu_product(a):
    p, l, u = lu(a)
    return p @ l @ u


ANY = {
    "lu": lu,
    "luProduct": lu_product,
    "luFactor": lambda a: jsp.linalg.lu_factor(a),
    "qr": qr,
    "svd": svd,
    "svdvals": lambda a: la.svdvals(a),
    "pinv": lambda a: la.pinv(a),
    "lstsq": lstsq,
    "matrixRank": lambda a: la.matrix_rank(a).astype(jnp.int32),
    "norms": lambda a: [la.norm(a, p, axis=(-2, -1)) for p in (None, "nuc", 2, -2, 1, -1, jnp.inf, -jnp.inf)],
    "cond": lambda a: [la.cond(a, p) for p in (2, -2)],
    "trace": lambda a: jnp.trace(a, axis1=-2, axis2=-1),
}
SQUARE = {
    "det": la.det,
    "slogdet": lambda a: la.slogdet(a),
    "inv": la.inv,
    "solve": lambda a: la.solve(a, columns(a)),
    "luSolve": lambda a: [jsp.linalg.lu_solve(jsp.linalg.lu_factor(a), columns(a), trans) for trans in (0, 1, 2)],
    "eigh": eigh,
    "eigvalsh": lambda a: la.eigvalsh(a),
    "conds": lambda a: [la.cond(a, p) for p in (1, -1, jnp.inf, -jnp.inf, "fro")],
    "powers": lambda a: [la.matrix_power(a, n) for n in (0, 1, 2, 3, -1)],
    "expm": jsp.linalg.expm,
    "cholesky": cholesky,
}


def each(group, functions, given, names=None, imaginary=None, dtypes=["f32"], derivatives=False):
    """Rows of functions of a batch of matrices: real, and complex ones of the same real parts, in c64."""
    for name in names or functions:
        real = jax.jit(lambda a: parts(functions[name](a)))
        row(f"{name} of {group}", real, given, dtypes=dtypes, vmap=False, derivatives=derivatives)
        if imaginary is not None:
            both = jax.jit(lambda a, b: parts(functions[name](lax.complex(a, b))))
            row(f"{name} of complex {group}", both, given, imaginary, dtypes=["f32"], vmap=False, derivatives=derivatives)
    print(group, len(rows), flush=True)


def put(a, i, j, value):
    a = a.copy()
    a[i, j] = value
    return a


OWN = m(4, 4, seed=1) + 2 * np.diag([1, -1, 1, -1])
HILBERT = lambda n: 1 / (np.arange(n)[:, None] + np.arange(n) + 1.0)
PAIRS = lambda n: np.kron([[2.0, 1], [1, 2]], np.eye(n // 2))
ALL = {**ANY, **SQUARE}

# Matrices whose factors are exact.
EXACT = np.stack([np.zeros((4, 4)), np.ones((4, 4)), np.eye(4), -np.eye(4), PAIRS(4), np.eye(4, k=1), np.diag([1.0, 0, 2, 0]), OWN])
each("exact", ALL, EXACT, imaginary=EXACT[::-1] * np.array([0, 1, 0, 0, 0, 1, 0, 1.0])[:, None, None], dtypes=FLOATS)
NANS = np.stack([put(OWN, 1, 2, NAN), put(OWN, 3, 3, NAN), OWN, put(np.eye(4), 0, 3, NAN)])
# Of which row is the greatest where one is NaN, LAPACK has another idea.
PIVOTS = ["lu", "luFactor"]
each("NaN", ALL, NANS, names=[name for name in ALL if name not in PIVOTS], imaginary=np.where(np.arange(4)[:, None, None] == 2, m(4, 4), 0))
# LAPACK's singular values of some infinite matrices never end.
BY_VALUES = ["svd", "svdvals", "pinv", "lstsq", "matrixRank", "norms", "cond"]
INFINITE = np.stack([put(OWN, 2, 1, INF), put(OWN, 0, 0, -INF), OWN, np.full((4, 4), INF)])
each("infinite", ALL, INFINITE, names=[name for name in ALL if name not in BY_VALUES + PIVOTS], imaginary=np.zeros_like(INFINITE))
RANKS = np.stack([m(4, 2) @ m(2, 4, seed=2), OWN[:, :3] @ OWN[1:], m(4, 1) @ m(1, 4, seed=2), OWN])
each("low rank", ALL, RANKS, names=["qr", "svd", "pinv", "lstsq", "matrixRank", "norms", "eigh", "expm"], imaginary=np.zeros_like(RANKS), dtypes=FLOATS)
each("tall", ANY, np.stack([m(9, 2), put(m(9, 2), 7, 1, NAN), np.zeros((9, 2)), np.ones((9, 2))]), names=[name for name in ANY if name not in PIVOTS])
each("wide", ANY, np.stack([m(2, 9), put(m(2, 9), 1, 7, NAN), np.zeros((2, 9)), np.ones((2, 9))]), names=[name for name in ANY if name not in PIVOTS])
each("one by one", ALL, np.array([-2.0, 0.0, NAN, 3e-5])[:, None, None], imaginary=np.array([1.0, 0, NAN, -2])[:, None, None])
# What JAX refuses of empty matrices.
NOT_EMPTY = ["norms", "cond", "conds", "matrixRank"]
without = lambda functions: [name for name in functions if name not in NOT_EMPTY]
each("no batch", ALL, np.zeros((0, 3, 3)), names=[n for n in ALL if n != "lstsq"])
each("no rows", ALL, np.zeros((2, 0, 0)), names=without(ALL))
each("no columns", ANY, np.zeros((2, 3, 0)), names=without(ANY))
each("columns without rows", ANY, np.zeros((2, 0, 3)), names=without(ANY))
WIDE = 18
MIXED = m(WIDE, WIDE) + 2 * np.diag((-1.0) ** np.arange(WIDE))
LARGE = np.stack([put(MIXED, 4, 17, NAN), np.zeros((WIDE, WIDE)), np.eye(WIDE), np.ones((WIDE, WIDE)), PAIRS(WIDE), MIXED])
each("large", ALL, LARGE, names=["luProduct", "qr", "svd", "eigh", "det", "inv", "expm", "cholesky", "matrixRank"])
each("Hilbert", ALL, np.stack([HILBERT(6), HILBERT(6)[::-1]]), names=["svd", "eigh", "qr"], dtypes=FLOATS)

PLAIN = np.stack([OWN, m(4, 4, seed=5) - 2 * np.diag([1, -1, 1, -1])])
each("plain", ALL, PLAIN, imaginary=m(2, 4, 4, seed=7), derivatives=True)

if __name__ == "__main__":
    with open(f"{sys.argv[1]}/matrices.json", "w") as out:
        body = ",\n".join(json.dumps(r) for r in rows)
        out.write('{\n"jax": "%s",\n"rows": [\n%s\n]}\n' % (jax.__version__, body))
    print(len(rows), "rows")
