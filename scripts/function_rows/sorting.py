"""Sorts by several keys, sets, and the indices of elements."""

from functools import partial

import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.scipy.linalg import block_diag

from .table import COMPLEX, FLOATS, HALVES, INF, NAN, row as each_row

row = partial(each_row, whole=True)

i32 = lambda *xs: jnp.array(xs, jnp.int32)
M = np.round(np.sin(np.arange(12) * 2.3), 3).reshape(3, 4)
TIED = [[2.0, 1.0, 2.0, -3.0], [0.0, 5.0, -1.0, 0.0], [7.0, 7.0, 7.0, 1.0]]
ODD = [[NAN, 0.0, -0.0, INF], [-0.0, NAN, 0.0, -INF], [1.0, -INF, NAN, NAN]]

lexsorts = lambda a, b: (jnp.lexsort((a, b)), jnp.lexsort((b, a), axis=0), jnp.lexsort((a,)), jnp.lexsort((a, b, jnp.zeros_like(a))))
row("lexsorts", lexsorts, M, TIED, dtypes=["f32", "f64", "bf16", "i8", "i64"])
row("lexsorts", lexsorts, np.abs(TIED), np.flip(np.abs(TIED)), dtypes=["u64"])
row("lexsorts", lexsorts, ODD, TIED, dtypes=["f32"])
row("argsorts", lambda x: (jnp.argsort(x), jnp.argsort(x, descending=True), jnp.argsort(x, 0, descending=True)), TIED,
    args2=[ODD], dtypes=FLOATS + HALVES)
by_keys = lambda a, b, v: (*lax.sort_key_val(a, v), *lax.sort_key_val(b, v, 0), *lax.sort((b, a, v), num_keys=2),
                           *lax.sort((b, v, a), dimension=0, num_keys=1))
row("sortsByKeys", by_keys, M, TIED, M[::-1] * 2, dtypes=FLOATS + HALVES + ["i32"])
row("sortsByKeys", by_keys, M, ODD, M[::-1] * 2, dtypes=["f32"], derivatives=False)
row("sortsByKeys", by_keys, np.zeros((0, 4)), np.zeros((0, 4)), np.zeros((0, 4)), dtypes=["f32"])
row("sortsComplex", lambda a, v: lax.sort_key_val(a, v), i32(3, 1, 2), [1 + 2j, 3.0, -1j], dtypes=COMPLEX)

everything = dict(return_index=True, return_inverse=True, return_counts=True)
uniques = lambda x: (jnp.unique(x, size=3), *jnp.unique(x, size=20, fill_value=9, **everything), *jnp.unique(x, size=7, **everything),
                     *jnp.unique(x, size=5, return_counts=True), *jnp.unique(x[0], size=0, return_inverse=True))
row("uniques", uniques, TIED, dtypes=["f32", "f64", "bf16", "i8", "i64"])
row("uniques", uniques, np.abs(TIED), dtypes=["u32"])
row("uniques", uniques, [[True, False, True]], dtypes=["bool"])
row("uniques", uniques, ODD, dtypes=FLOATS, derivatives=False)
row("uniques", uniques, [[1 + 1j, 1 - 1j, 1 + 1j, complex(NAN, 1), complex(0, NAN), -2.0]], dtypes=COMPLEX, derivatives=False)
row("uniques", uniques, [[5.0]], dtypes=["f32"])
row("uniquesOfNan", lambda x: jnp.unique(x, size=12, equal_nan=False, fill_value=0, return_counts=True), ODD, dtypes=FLOATS, derivatives=False)
row("uniquesOfNone", lambda x: (jnp.unique(x, size=2, fill_value=7), jnp.unique(x, size=0)), [], dtypes=["f32", "i32"])
among = lambda x, v: (jnp.isin(x, v), jnp.isin(x, v, invert=True), jnp.isin(x, v[:0]), jnp.isin(x[0, 0], v))
row("among", among, TIED, [[2.0, 0.0], [7.0, 3.0]], dtypes=["f32", "f16", "i64"])
row("among", among, ODD, [NAN, -0.0, INF], dtypes=["f32"])
row("among", among, [[1 + 1j, 1 - 1j]], [1 + 1j, 2.0], dtypes=COMPLEX)
differences = lambda a, b: (jnp.setdiff1d(a, b, size=8), jnp.setdiff1d(a, b, size=2, fill_value=7), jnp.setdiff1d(a, b[:0], size=3), jnp.setdiff1d(a[:0], b, size=2))
row("setDifferences", differences, TIED, [2.0, 0.0, 9.0], dtypes=["f32", "bf16", "i8"])
row("setDifferences", differences, ODD, [-0.0, 9.0, NAN], dtypes=["f64"], derivatives=False)
SPARSE = np.where(np.arange(12) % 3 == 1, 0.0, np.arange(12) - 4.0).reshape(3, 4)
row("placesOfNonzero", lambda x: (jnp.flatnonzero(x, size=5), jnp.flatnonzero(x, size=10, fill_value=-1), jnp.argwhere(x, size=4),
                                  jnp.argwhere(x, size=9, fill_value=7), jnp.argwhere(x[0, 0], size=1)), SPARSE, dtypes=["f32", "i32", "bool"],
    derivatives=False)

row("indexArrays", lambda x: (*jnp.diag_indices(3), *jnp.diag_indices(2, 3), *jnp.tril_indices(3), *jnp.tril_indices(3, 1), *jnp.tril_indices(3, -1, 2),
                              *jnp.tril_indices(2, 0, 4), *jnp.tril_indices(3, -9), *jnp.triu_indices(3), *jnp.triu_indices(3, 1), *jnp.triu_indices(3, -1, 2),
                              *jnp.triu_indices(4, 0, 2), *jnp.triu_indices(3, 9), *jnp.triu_indices(0)), 0.0, dtypes=["f32"], derivatives=False, vmap=False)
unravels = lambda i: (*jnp.unravel_index(i, (2, 3, 4)), *jnp.unravel_index(i, (24,)))
row("unravels", unravels, [[0, 5, 23], [24, 100, 12]], dtypes=["i8", "i32", "i64", "u8", "u64"])
row("unravels", unravels, [[-1, -24, -25], [-100, 3, 0]], dtypes=["i8", "i32", "i64"])
ravels = lambda i, j: (*(jnp.ravel_multi_index((i, j), (3, 4), mode=m) for m in ("clip", "wrap")), jnp.ravel_multi_index((i, j[0]), (3, 4), mode="clip"),
                       jnp.ravel_multi_index((j,), (4,), mode="wrap"))
row("ravels", lambda i, j: tuple(x.astype(i.dtype) for x in ravels(i, j)), [[0, 2, 1], [5, -1, -4]], [[3, 0, 2], [-5, 4, 9]], dtypes=["i8", "i32", "i64"])
row("ravels", lambda i, j: tuple(x.astype(i.dtype) for x in ravels(i, j)), [[0, 2, 1]], [[3, 0, 7]], dtypes=["u8", "u32"])

row("flips", lambda x: (jnp.fliplr(x), jnp.flipud(x), jnp.flipud(x[0])), M, dtypes=["f32", "f64", "bf16", "i8", "bool", "c64"])
V = [1.0, -2.0, 0.5]
row("columnStacks", lambda v, m, s: (jnp.column_stack([v, v * 2]), jnp.column_stack([m, v, m]), jnp.column_stack([s, s])), V, M, 5.0, dtypes=FLOATS + ["i32", "c64"])
blocks = lambda v, m, s: (jnp.block([[m, m], [m, m]]), jnp.block([v, v, s]), jnp.block([[s, v], [v, s]]), jnp.block(m), jnp.block([m, m]),
                          jnp.block([[[m, m]], [[m, m]]]), jnp.block([[m[:, :1], m[:, 1:]], [v[None], s]]))
row("blocks", blocks, V, M, 5.0, dtypes=FLOATS + HALVES + ["i32", "c64", "bool"])
row("blockDiags", lambda v, m, s: (block_diag(m), block_diag(v, m, s), block_diag(m, m[:, :1], m[:0], m[:, :0])), V, M, 5.0, dtypes=FLOATS + HALVES + ["i32", "c128", "bool"])
