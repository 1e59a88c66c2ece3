"""Counts of elements in parts of a range, and tables."""

from functools import partial

import jax.numpy as jnp
import numpy as np

from .table import COMPLEX, FLOATS, HALVES, INF, NAN, row as each_row

row = partial(each_row, whole=True)

i32 = lambda *xs: jnp.array(xs, jnp.int32)
counts = lambda x: tuple(jnp.bincount(x, length=n) for n in (6, 3, 0))
row("bincounts", counts, [0, 2, 2, 5, -1, 9], dtypes=["i8", "i64"])
row("bincounts", counts, [0, 2, 2, 5, 255, 9], dtypes=["u8", "u32"])
row("bincounts", counts, [True, False, True], dtypes=["bool"])
row("bincounts", counts, [], dtypes=["i32"])
weighed = lambda x, w: (jnp.bincount(x, w, length=6), jnp.bincount(x, w, length=2))
row("weighedBincounts", weighed, i32(0, 2, 2, 5, -1, 9), [1.5, 2.0, -0.5, 3.0, 0.25, 1.0], args2=[i32(3, 3, 3, 0, 7, 1), [1.0, 2.0, NAN, 4.0, INF, 6.0]],
    dtypes=FLOATS + HALVES)
row("weighedBincounts", weighed, i32(0, 2, 2), [1 + 2j, 3.0, -1j], dtypes=COMPLEX)
row("weighedBincounts", weighed, i32(0, 2, 2), [100, 100, 100], dtypes=["i8", "i32"])

EDGES = [-1.0, 0.0, 2.0, 2.0, 5.0]
digits = lambda x, e: (jnp.digitize(x, e), jnp.digitize(x, e, right=True), jnp.digitize(x, e[::-1]), jnp.digitize(x, e[::-1], right=True),
                       jnp.digitize(x, e[:1]), jnp.digitize(x[0, 0], e))
row("digits", digits, [[-3.0, -1.0, 1.0], [2.0, 5.0, 9.0]], EDGES, args2=[[[0.0, 3.0, 4.0], [5.0, -9.0, 1.0]], [5.0, 4.0, 3.0, 0.0, -1.0]],
    dtypes=["f32", "f64", "bf16", "i64"])
row("digits", digits, [[NAN, -0.0, INF], [-INF, 0.0, 1.0]], EDGES, dtypes=["f32"])

DATA = np.round(np.sin(np.arange(20) * 2.3) * 3 + 0.0123, 3).reshape(4, 5)
WEIGHTS = np.round(np.cos(np.arange(20) * 1.1) + 1.2, 3).reshape(4, 5)
histograms = lambda x, w, e: (*jnp.histogram(x, 4), *jnp.histogram(x, 3, range=(-1.0, 2.0)), *jnp.histogram(x, 4, weights=w),
                              *jnp.histogram(x, e, weights=w, density=True), jnp.histogram_bin_edges(x, 5),
                              jnp.histogram_bin_edges(x, 2, range=(1.0, 1.0)), jnp.histogram_bin_edges(x, e))
row("histograms", histograms, DATA, WEIGHTS, [-2.0, -1.0, 0.5, 3.5], args2=[DATA * 0.9, WEIGHTS * 2, [-1.0, -0.5, 0.5, 1.5]], dtypes=FLOATS)
row("histogramsOfOdd", lambda x: (*jnp.histogram(x, 4, range=(0.0, 4.0)), *jnp.histogram(x[:1]), *jnp.histogram(x[:0], 2, range=(0.0, 1.0))),
    [2.0, NAN, INF, -INF, 4.0, 0.0, -0.0, 1.0, 3.999], dtypes=FLOATS + HALVES, derivatives=False)

XS, YS = [-1.0, 0.0, 0.5, 2.0, 4.0], [3.0, -1.0, 2.0, 2.5, 0.0]
ASKED = [[-2.0, -1.0, -0.25], [0.5, 1.3, 3.9], [4.0, 7.0, 0.1]]
interps = lambda x, xs, ys: (jnp.interp(x, xs, ys), jnp.interp(x, xs, ys, left=9.0, right=-7.0), jnp.interp(x, xs, ys, left="extrapolate", right="extrapolate"),
                             jnp.interp(x, xs, ys, left=ys[2], right="extrapolate"), jnp.interp(x[0, 0], xs, ys))
row("interps", interps, ASKED, XS, YS, args2=[np.array(ASKED) * 0.7, np.array(XS) + 0.3, YS[::-1]], dtypes=["f32", "f16"])
row("interps", interps, ASKED, XS, YS, args2=[np.array(ASKED) * 0.7, np.array(XS) + 0.3, YS[::-1]], dtypes=["f64"], hvp=True)
row("interps", interps, ASKED, [-1.0, 0.0, 0.0, 2.0, 2.0], YS, args2=[ASKED, [1.0] * 5, YS], dtypes=["f64"])
row("interps", lambda x, xs, ys: (jnp.interp(x, xs, ys), jnp.interp(x, xs, ys, left=9.0, right=-7.0)), [[1.0, 2.0], [3.0, NAN]], [2.0], [5.0],
    dtypes=["f32"], derivatives=False)
row("interps", interps, [[NAN, INF, -INF], [0.0, -0.0, 1.0]], XS, YS, dtypes=["f32"], derivatives=False)
row("periodicInterps", lambda x, xs, ys: (jnp.interp(x, xs, ys, period=3.0), jnp.interp(x, xs, ys, period=-7.5), jnp.interp(x[0], xs[:1], ys[:1], period=2.0)),
    ASKED, [2.1, -1.3, 0.6, 4.4, 0.1], YS, dtypes=["f64"])
row("periodicInterps", lambda x, xs, ys: (jnp.interp(x, xs, ys, period=3.0), jnp.interp(x, xs, ys, period=-7.5), jnp.interp(x[0], xs[:1], ys[:1], period=2.0)),
    ASKED, [2.1, -1.3, 0.6, 4.4, 0.1], YS, dtypes=["f32"], derivatives=False)
