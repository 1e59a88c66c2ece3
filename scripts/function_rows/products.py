"""Products of vectors, matrices and arrays of more axes."""

import jax.numpy as jnp
import numpy as np

from .table import COMPLEX, FLOATS, HALVES, row

M = np.round(np.sin(np.arange(12) * 2.3), 3).reshape(3, 4)
T = np.round(np.sin(np.arange(24) * 2.3), 3).reshape(2, 3, 4)
V, W = [1.5, -2.0, 0.25], [0.5, 3.0, -1.0]
I, J = [7, -3, 100], [2, 5, -9]
Z, Y = [1 + 2j, -0.5 + 0.25j, 0.3 - 1.5j], [0.5j, 2 - 1j, 1.0]

for name in ("outer", "inner", "dot", "vdot", "kron", "cross"):
    fn = getattr(jnp, name)
    row(name, fn, V, W, dtypes=FLOATS + HALVES)
    row(name, fn, Z, Y, dtypes=COMPLEX)
    row(name, fn, I, J, dtypes=["i8", "i32", "i64"])
row("moreProducts", lambda a, t, v, s: (jnp.outer(a, v), jnp.inner(t, a), jnp.inner(s, a), jnp.inner(v, t), jnp.dot(t, a.T),
                                        jnp.dot(a, v), jnp.dot(a, s), jnp.vdot(a, a * 2), jnp.kron(a, a[:2]), jnp.kron(v, a), jnp.kron(s, v)),
    M, T, [1.0, -2.0, 0.5, 3.0], 2.5, dtypes=FLOATS)
row("tensordots", lambda a, t: (jnp.tensordot(a, a), jnp.tensordot(t, a.T, 1), jnp.tensordot(a, a + 2, 0), jnp.tensordot(t, t, [[0, -1], [0, 2]]),
                                jnp.tensordot(a, t, [[0], [1]])), M, T)
row("crosses", lambda a, b: (jnp.cross(a, b), jnp.cross(a.T, b.T, axis=0), jnp.cross(a, b[:1]), jnp.cross(a, b[1])),
    np.reshape(np.sin(np.arange(12)), (4, 3)), np.reshape(np.cos(np.arange(12)), (4, 3)))
row("emptyProducts", lambda a: (jnp.outer(a, a), jnp.inner(a, a), jnp.dot(a, a), jnp.kron(a, a)), np.zeros(0), dtypes=["f32"])
