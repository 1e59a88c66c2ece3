"""Places of elements, and comparisons of whole arrays."""

import jax.numpy as jnp
import numpy as np

from .table import FLOATS, HALVES, INF, NAN, row

SORTED = [-3.0, -1.0, -1.0, 0.0, 2.0, 5.0, 5.0]
ASKED = [[-9.0, -3.0, -1.0], [1.0, 5.0, 7.0]]
both = lambda s, x: (jnp.searchsorted(s, x), jnp.searchsorted(s, x, side="right"))
row("searches", both, SORTED, ASKED, args2=[np.array(SORTED) + 1, -np.array(ASKED)], dtypes=FLOATS + HALVES + ["i8", "i32", "i64"])
row("searches", both, [-INF, -1.0, 0.0, INF, NAN, NAN], [-INF, 0.0, -0.0, INF, NAN, 3.0],
    args2=[[-INF, -1.0, 0.0, 1.0, INF, NAN], [NAN, 0.5, -2.0, INF, -INF, 0.0]], dtypes=FLOATS)
row("searches", both, [], [1.0, 2.0], args2=[[], [3.0, 4.0]], dtypes=["f32"])
row("searches", both, [4.0], 4.0, args2=[[5.0], 4.0], dtypes=["f32"])
SPARSE = np.where(np.arange(12) % 3 == 1, 0.0, np.arange(12) - 4.0).reshape(3, 4)
row("nonzeros", lambda x: (*jnp.nonzero(x, size=5), *jnp.nonzero(x, size=10, fill_value=-1), *jnp.nonzero(x.ravel(), size=3)), SPARSE,
    dtypes=FLOATS + ["i32", "bool"], derivatives=False)
row("nonzeros", lambda x: (*jnp.nonzero(x, size=5), *jnp.nonzero(x, size=10, fill_value=-1), *jnp.nonzero(x.ravel(), size=3)),
    np.zeros((2, 2)), args2=[[[NAN, 0.0], [-0.0, 1.0]]], dtypes=["f32"], derivatives=False)
row("arraysEqual", lambda x, y: (jnp.array_equal(x, y), jnp.array_equal(x, x), jnp.array_equal(x, y[:2])), [1.0, 2.0, 3.0], [1.0, 2.0, 4.0],
    args2=[[1.0, NAN, 3.0], [1.0, NAN, 3.0]], dtypes=["f32", "f64"])
row("arraysEqual", lambda x, y: (jnp.array_equal(x, y), jnp.array_equal(x, x), jnp.array_equal(x, y[:2])), [1, 2, 3], [1, 2, 3], dtypes=["i32"])
DATA = np.round(np.sin(np.arange(12) * 2.3), 3).reshape(3, 4)
row("covariances", lambda x: (jnp.cov(x), jnp.cov(x, ddof=0)), DATA, hvp=True)
