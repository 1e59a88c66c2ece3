"""Arrays made of nothing, of other arrays' shapes, and of diagonals."""

import jax.numpy as jnp
import numpy as np
from jax import lax

from .table import COMPLEX, FLOATS, HALVES, SIGNED, row

M = np.round(np.sin(np.arange(12) * 2.3), 3).reshape(3, 4)
T = np.round(np.sin(np.arange(24) * 2.3), 3).reshape(2, 3, 4)

row("likes", lambda x: (jnp.zeros_like(x), jnp.ones_like(x), jnp.full_like(x, 3), jnp.zeros_like(x, dtype=bool),
                        jnp.ones_like(x, dtype=bool), jnp.full_like(x, 2, dtype=jnp.int8)), M,
    dtypes=["f32", "bf16", "i32", "u8", "c64"], derivatives=False)
row("eyes", lambda x: tuple(jnp.eye(3, m, k, dtype=x.dtype) * x for m, k in ((3, 0), (4, 1), (2, -1), (3, 9), (3, -9))),
    2, dtypes=["f32", "i32"], derivatives=False)
row("tris", lambda x: tuple(jnp.tri(3, m, k, dtype=x.dtype) * x for m, k in ((3, 0), (4, 1), (2, -1), (3, 9), (3, -9))),
    2, dtypes=["f32", "i32"], derivatives=False)
row("triangles", lambda x: (jnp.tril(x, 9), jnp.tril(x, -9), jnp.triu(x, 9), jnp.triu(x, -9)), M)
row("spaces", lambda x: (jnp.logspace(-1, 2, 5, dtype=x.dtype), jnp.logspace(0, 3, 4, base=2, dtype=x.dtype),
                         jnp.geomspace(1, 1000, 4, dtype=x.dtype), jnp.geomspace(-2, -0.5, 3, dtype=x.dtype),
                         jnp.geomspace(3, 4, 1, dtype=x.dtype), jnp.logspace(0, 1, 0, dtype=x.dtype)),
    0.0, dtypes=FLOATS, derivatives=False, vmap=False)
row("meshgrids", lambda x, y, z: (*jnp.meshgrid(x, y, z), *jnp.meshgrid(x, y, indexing="ij"), *jnp.meshgrid(x),
                                  *jnp.meshgrid(x, y, z, sparse=True), *jnp.meshgrid(y, x, indexing="ij", sparse=True)),
    [1.0, 2.0], [3.0, 4.0, 5.0], [6.0])
row("broadcastedIotas", lambda x: (lax.broadcasted_iota(jnp.int32, (2, 3), 1), lax.broadcasted_iota(jnp.uint32, (2, 3), 0)), 0.0,
    dtypes=["f32"], derivatives=False, vmap=False)
row("diag", jnp.diag, [1.5, -0.0, 3.0], dtypes=FLOATS + HALVES + COMPLEX + ["i8", "i32"])
row("diag", jnp.diag, M, dtypes=["f32", "f64", "i64"])
row("diags", lambda v, m: (jnp.diag(v, 1), jnp.diag(v, -2), jnp.diag(m, 1), jnp.diag(m, -1), jnp.diag(m, 9), jnp.diag(m, -9),
                           jnp.diag(m, 3), jnp.diag(m[:, :0])), [1.5, -2.0, 3.0], M)
row("diagEmpty", lambda v: (jnp.diag(v), jnp.diag(v, 2)), np.zeros(0), dtypes=["f32"])
row("diagonals", lambda x: (jnp.diagonal(x), jnp.diagonal(x, 1), jnp.diagonal(x, -1, 0, 2), jnp.diagonal(x, 0, 2, 1),
                            jnp.diagonal(x, 0, -1, -2)), T, dtypes=["f32", "f64", "i16"])
row("matrixTraces", lambda x: (jnp.trace(x), jnp.trace(x, 1, 2, 1)), T)
