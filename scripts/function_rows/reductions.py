"""Sums and other reductions: their dtypes, which elements count, and what they begin with."""

import jax.numpy as jnp
import numpy as np

from .table import DTYPES, FLOATS, HALVES, INF, NAN, row

M = np.round(np.sin(np.arange(12) * 2.3) + 0.05, 3).reshape(3, 4)
N = np.where(np.arange(12).reshape(3, 4) % 5 == 1, NAN, M)
N[2] = NAN
HOLDS = jnp.array(np.arange(12).reshape(3, 4) % 3 != 1)
SMALL = [[100, 100, -3, 7], [90, 50, 2, -128], [127, 1, 0, 5]]
WIDE = {"i8": jnp.int32, "i16": jnp.int32, "u8": jnp.uint32, "u16": jnp.uint32, "bool": jnp.int32}

for dtype in ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "bool"]:
    to = WIDE.get(dtype, DTYPES[dtype])
    given = SMALL if dtype.startswith("i") else np.abs(SMALL)
    row("wideSums", lambda x, to=to: (jnp.sum(x, dtype=to), jnp.sum(x, 0, dtype=to), jnp.sum(x, 1, keepdims=True, dtype=to),
                                      jnp.prod(x, 0, dtype=to), jnp.cumsum(x, 1, dtype=to), jnp.cumprod(x, 1, dtype=to),
                                      jnp.count_nonzero(x), jnp.count_nonzero(x, 0)), given, dtypes=[dtype])
row("sumDTypes", lambda x: (jnp.sum(x, dtype=jnp.int8), jnp.sum(x, 0, dtype=jnp.float32), jnp.prod(x, 0, dtype=jnp.int16),
                            jnp.cumsum(x, 0, dtype=jnp.uint8)), SMALL, dtypes=["i8", "i32"])
row("sumWhere", lambda x, h: (jnp.sum(x, where=h), jnp.sum(x, 0, where=h, initial=2), jnp.prod(x, 1, where=h, initial=3),
                              jnp.max(x, where=h, initial=-9), jnp.min(x, 1, where=h, initial=9, keepdims=True), jnp.max(x, 0, initial=0),
                              jnp.sum(x, where=h[:, :1])), M, HOLDS, dtypes=FLOATS + HALVES + ["i32"], hvp=True)
row("boolWhere", lambda x, h: (jnp.all(x, where=h), jnp.any(x, 0, where=h), jnp.all(x, 1, where=h), jnp.max(x, where=h, initial=False)),
    np.arange(12).reshape(3, 4) % 4 != 0, HOLDS, dtypes=["bool"])
row("emptyInitial", lambda x: (jnp.max(x, initial=-1), jnp.min(x, 1, initial=5), jnp.sum(x, 1), jnp.prod(x, 1), jnp.max(x, 0)),
    np.zeros((2, 0)), dtypes=["f32", "i32"], derivatives=False)
row("means", lambda x, h: (jnp.mean(x), jnp.mean(x, 1, where=h), jnp.mean(x, (0, 1), keepdims=True), jnp.mean(x, 0, where=h, keepdims=True)), M, HOLDS,
    dtypes=FLOATS + HALVES)
row("variances", lambda x, h: (jnp.var(x, ddof=1), jnp.var(x, 1, where=h), jnp.var(x, 0, keepdims=True), jnp.var(x, 0, ddof=1, where=h, keepdims=True),
                               jnp.std(x), jnp.std(x, 1, ddof=1), jnp.std(x, 0, where=h)), M, HOLDS, dtypes=FLOATS + HALVES, hvp=True)
row("nanReductions", lambda x: tuple(f(x, a) for f in (jnp.nansum, jnp.nanprod, jnp.nanmean, jnp.nanmax, jnp.nanmin) for a in (None, 0, 1)), N,
    dtypes=FLOATS + HALVES)
row("nanVariances", lambda x: (jnp.nanvar(x), jnp.nanvar(x, 1), jnp.nanstd(x, 0), jnp.nanstd(x, 0, ddof=1), jnp.nanvar(x, 1, keepdims=True)), N,
    dtypes=FLOATS + HALVES, derivatives=False)
row("nanVarianceSlopes", lambda x: (jnp.nanvar(x[:2]), jnp.nanstd(x[:2], 1)), N)
row("averages", lambda x, w: (jnp.average(x), jnp.average(x, 1), jnp.average(x, 0, weights=w), jnp.average(x, weights=x * x + 1),
                              jnp.average(x, 0, weights=w, keepdims=True)), M, [1.0, 2.0, 0.5], dtypes=FLOATS + HALVES)
row("ptps", lambda x: (jnp.ptp(x), jnp.ptp(x, 0), jnp.ptp(x, 1, keepdims=True)), M, dtypes=FLOATS + ["i32"])
row("nothing", lambda x: (jnp.mean(x), jnp.std(x), jnp.nansum(x), jnp.nanmean(x), jnp.sum(x), jnp.count_nonzero(x)), np.zeros(0), dtypes=["f32"],
    derivatives=False, vmap=False)
Q = np.round(np.sin(np.arange(30) * 2.3), 3).reshape(2, 5, 3)
row("quantiles", lambda x: (jnp.quantile(x, 0.3), jnp.quantile(x, jnp.array([0.0, 0.25, 1.0]), 1), jnp.quantile(x, 0.6, (0, 2), keepdims=True),
                            jnp.percentile(x, 35.0, -1), jnp.median(x), jnp.median(x, 0), jnp.median(x, 1, keepdims=True)), Q, dtypes=FLOATS + HALVES)
row("quantileMethods", lambda x: tuple(jnp.quantile(x, q, 1, method=m) for m in ("lower", "higher", "midpoint", "nearest") for q in (0.3, 0.5, 0.9)), Q)
row("quantileNaN", lambda x: (jnp.median(x), jnp.quantile(x, 0.25, 0), jnp.median(x, 1)), [[1.0, NAN, 2.0], [3.0, 4.0, 5.0], [0.0, 1.0, 7.0]], derivatives=False)
