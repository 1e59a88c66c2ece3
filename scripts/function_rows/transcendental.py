"""Functions of complex numbers that have branch cuts, and rounding to fewer bits."""

import jax.numpy as jnp
import numpy as np
from jax import lax

from .table import COMPLEX, FLOATS, HALVES, INF, NAN, row

Z = [0.3 + 0.2j, -0.5 + 0.25j, 1.5 - 0.75j, -2 - 1j, 0.9 + 3j, 4 + 1e-3j]
# On both sides of the cuts, at their ends, and where numbers end.
EDGES = [0j, 1, -1, 1j, -1j, 2, complex(2, -0.0), -2, complex(-2, -0.0), 2j, complex(-0.0, 2), -2j, complex(-0.0, -2), complex(0.5, -0.0),
         1e20 + 1e20j, 1e-20 + 1e-20j, 1 + 1e-10j, complex(INF, 1), complex(-INF, 1), complex(1, INF), complex(1, -INF),
         complex(INF, INF), complex(NAN, 1), complex(1, NAN), complex(NAN, NAN)]

inverses = {"asin": jnp.arcsin, "acos": jnp.arccos, "atan": jnp.arctan, "asinh": jnp.arcsinh, "acosh": jnp.arccosh, "atanh": jnp.arctanh}
for name, fn in inverses.items():
    row(name, fn, Z, dtypes=COMPLEX, hvp=True)
    row(name, fn, EDGES, dtypes=COMPLEX, derivatives=False, vmap=False)
for name, fn in {"sinh": jnp.sinh, "cosh": jnp.cosh}.items():
    row(name, fn, Z, dtypes=COMPLEX, hvp=True)
    row(name, fn, [0j, 1j, 100, -1000, complex(INF, 0), complex(NAN, NAN)], dtypes=COMPLEX, derivatives=False, vmap=False)

X = [1.001, -3.14159, 0.1, 1e-3, 65504.0, 5.0, 5.5, 6.5, 1.0 + 2**-9, 1.0 + 3 * 2**-9]
row("reducedPrecisions", lambda x: [lax.reduce_precision(x, e, m) for e, m in ((8, 7), (5, 2), (5, 10), (4, 3), (8, 0), (11, 52), (1, 3))], X, dtypes=FLOATS + HALVES)
row("reducedPrecisions", lambda x: [lax.reduce_precision(x, e, m) for e, m in ((8, 7), (5, 2), (5, 10), (4, 3), (8, 0), (11, 52), (1, 3))],
    [0.0, -0.0, INF, -INF, NAN, 3e38, -1e-38, 240.0, 248.0, 61440.0, 2.0**-14, 2.0**-15], derivatives=False)
