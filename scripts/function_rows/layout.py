"""Arrays rearranged, joined and taken in part."""

import jax.numpy as jnp
import numpy as np
from jax import lax

from .table import FLOATS, row

M = np.round(np.sin(np.arange(12) * 2.3), 3).reshape(3, 4)
T = np.round(np.sin(np.arange(24) * 2.3), 3).reshape(2, 3, 4)
MOVED = ["f32", "f64", "bf16", "i32", "bool", "c64"]
i32 = lambda *x: jnp.array(x, jnp.int32)

row("repeats", lambda x: (jnp.repeat(x, 2), jnp.repeat(x, 3, 1), jnp.repeat(x, np.array([2, 0, 1]), 0),
                          jnp.repeat(x, np.array([0, 0, 0]), 0), jnp.repeat(x, 0, 1)), M, dtypes=MOVED)
row("unstacks", lambda x: (*jnp.unstack(x), *jnp.unstack(x, axis=-1)), M)
row("turns", lambda x: (jnp.swapaxes(x, 0, 2), jnp.swapaxes(x, -1, 1), jnp.swapaxes(x, 1, 1), jnp.ravel(x), jnp.rot90(x),
                        jnp.rot90(x, 2), jnp.rot90(x, -1), jnp.rot90(x, 4)), T, dtypes=MOVED)
row("stackings", lambda v, m, s: (jnp.hstack([v, v]), jnp.hstack([m, m]), jnp.hstack([s, s]), jnp.vstack([v, v]), jnp.vstack([m, m]),
                                  jnp.vstack([s, s]), jnp.dstack([v, v]), jnp.dstack([m, m]), jnp.dstack([s, s]),
                                  jnp.atleast_1d(s), jnp.atleast_2d(s), jnp.atleast_2d(v), jnp.atleast_2d(m)),
    [1.0, 2.0, 3.0], M, 5.0)
row("broadcasts", lambda v, m, s: tuple(jnp.broadcast_arrays(v, m, s)), [1.0, 2.0, 3.0, 4.0], M, 5.0)
row("diffs", lambda x: (jnp.diff(x), jnp.diff(x, 2, 0), jnp.diff(x, 0), jnp.diff(x, 9), jnp.diff(x, axis=0)), M,
    dtypes=FLOATS + ["i32", "u8", "bool"])
row("inDims", lambda x: (lax.slice_in_dim(x, 1, 3), lax.slice_in_dim(x, None, -1, 2, 1), x[-2:], x[:, ::-2], x[5:], x[:, -9:9]), M, dtypes=MOVED)
row("dynamicInDims", lambda x, k: (lax.dynamic_slice_in_dim(x, k, 2), lax.dynamic_slice_in_dim(x, 1, 2, 1), lax.dynamic_index_in_dim(x, k),
                                   lax.dynamic_index_in_dim(x, k, 1, keepdims=False)), M, jnp.int32(1), args2=[M * 2, jnp.int32(7)])
row("dynamicUpdatesInDim", lambda x, u, k: (lax.dynamic_update_slice_in_dim(x, u, k, 0), lax.dynamic_update_index_in_dim(x, u[0], k, 0),
                                            lax.dynamic_update_index_in_dim(x, u[:1], k, 0)),
    M, M[:2] * 3, jnp.int32(1), args2=[M * 2, M[1:], jnp.int32(7)])
row("atSlices", lambda x: (x[1:3], x[:, 1:-1], x[1, ::2], x[:, 3], x[::-1, 1:1], x[-1:0:-1, 3::-2]), M, dtypes=MOVED)
row("atSlicesSet", lambda x, v: (x.at[1:3].set(v), x.at[:, 1:3].set(x[:, 2:]), x.at[1, ::2].set(v[0, :2]), x.at[:, 3].set(7),
                                 x.at[::-1, ::-1].set(x * 2), x.at[5:].set(1), x.at[-1:0:-1, 3::-2].set(v[:, :2])), M, M[:2] * 3, dtypes=MOVED[:4])
row("atSlicesCombine", lambda x, v: (x.at[1:3].add(v), x.at[:, ::3].multiply(v[0, 0]), x.at[0, 1:].min(v[0, 1:]), x.at[::2, ::-1].max(v)),
    M, M[:2] * 3, hvp=True)
row("atMixed", lambda x, r, c: (x[:, r], x[r, 1:], x[1:, r, ::2], x[r, :, c], x[:, r, c], x[1:, 0, c], x[r, 0, 1:3]), T, i32(1, 0), i32(2, -1))
row("atMixedUpdate", lambda x, r, c, v: (x.at[:, r].set(v), x.at[r, 1:].add(2), x.at[r, :, c].add(v[:, 0, :3]), x.at[:, 1, c].set(v[:, 0, :2]),
                                         x.at[1:, r, ::2].multiply(3), x.at[:, r, 1:].set(9)), T, i32(1, 0), i32(2, -1), T[:, :2] * 3)
