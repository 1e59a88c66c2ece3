"""Integrals, slopes and polynomials of sampled functions."""

from functools import partial

import jax.numpy as jnp
import numpy as np
from jax import lax

from .table import COMPLEX, FLOATS, HALVES, INF, NAN, row as each_row

row = partial(each_row, whole=True)

M = np.round(np.sin(np.arange(12) * 2.3), 3).reshape(3, 4)
PLACES = [0.0, 0.5, 1.75, 2.0]
row("trapezoids", lambda y, x: (jnp.trapezoid(y), jnp.trapezoid(y, axis=0), jnp.trapezoid(y, dx=0.25, axis=0), jnp.trapezoid(y, x), jnp.trapezoid(y, x[:3], axis=0),
                                jnp.trapezoid(y, y * y, axis=0), jnp.trapezoid(y[0], dx=x[1]), jnp.trapezoid(y[:, :1]), jnp.trapezoid(y[:2], x[:2], axis=0)),
    M, PLACES, dtypes=FLOATS + HALVES)
row("trapezoids", lambda y, x: (jnp.trapezoid(y), jnp.trapezoid(y, axis=0), jnp.trapezoid(y, dx=0.25, axis=0), jnp.trapezoid(y, x), jnp.trapezoid(y, x[:3], axis=0),
                                jnp.trapezoid(y, y * y, axis=0), jnp.trapezoid(y[0], dx=x[1]), jnp.trapezoid(y[:, :1]), jnp.trapezoid(y[:2], x[:2], axis=0)),
    [[1.0, NAN, 2.0, 3.0], [0.0, -0.0, 1.0, 3.5], [-1.0, 2.0, 1.0, -2.0]], PLACES, dtypes=["f64"], derivatives=False)
row("gradients", lambda y, x, h: (*jnp.gradient(y), jnp.gradient(y, axis=0), jnp.gradient(y, 0.5, axis=-1), jnp.gradient(y, x, axis=1), *jnp.gradient(y, 2.0, x),
                                  jnp.gradient(y[0]), jnp.gradient(y[:2], axis=0), *jnp.gradient(y, h, axis=(1, 0)), jnp.gradient(y[:2], x[:2], axis=0)),
    M, PLACES, 0.75, dtypes=FLOATS + HALVES)
differences = lambda x, e: (jnp.ediff1d(x), jnp.ediff1d(x, to_end=e, to_begin=e * 2), jnp.ediff1d(x[:0]), jnp.ediff1d(x[:1, :1], to_end=e[0]))
row("differences", differences, M, [1.0, -2.0], dtypes=FLOATS + HALVES + ["i8", "i32"])
row("differences", differences, [[1 + 2j, 3.0, -1j]], [1j, 2.0], dtypes=COMPLEX)
ANGLES = [[0.1, 3.0, -3.1, -0.5], [6.0, 0.0, -7.0, 20.0], [1.0, 1.0 + np.pi, 1.0, -9.0]]
row("unwraps", lambda x: (jnp.unwrap(x), jnp.unwrap(x, axis=0), jnp.unwrap(x, period=5.0), jnp.unwrap(x, discont=4.0, axis=0), jnp.unwrap(x[:, :1]), jnp.unwrap(x[:, :0])),
    ANGLES, dtypes=FLOATS)
row("unwraps", lambda x: (jnp.unwrap(x), jnp.unwrap(x, axis=0), jnp.unwrap(x, period=5.0), jnp.unwrap(x, discont=4.0, axis=0), jnp.unwrap(x[:, :1]), jnp.unwrap(x[:, :0])),
    [[0.0, NAN, 9.0], [0.0, INF, 9.0]], dtypes=["f32"], derivatives=False)

polynomials = lambda p, x: (jnp.polyval(p, x), jnp.polyval(p[:1], x), jnp.polyval(p[:0], x), jnp.polyval(jnp.stack([p, p * 2], 1), x[:, None]), jnp.polyval(p, x[0]))
row("polynomials", polynomials, [2.0, -1.0, 0.5, 3.0], [0.5, -2.0, 0.0], dtypes=FLOATS + HALVES, hvp=True)
row("polynomials", polynomials, [2, -1, 5, 3], [7, -2, 0], dtypes=["i8", "i32"])
row("polynomials", polynomials, [1 + 1j, 2.0, -1j], [0.5j, 1 - 1j], dtypes=COMPLEX)
row("polynomials", polynomials, [2.0, -1.0], [INF, NAN, -0.0], dtypes=FLOATS, derivatives=False)
powers = lambda x: (jnp.vander(x), jnp.vander(x, 2), jnp.vander(x, 5, increasing=True), jnp.vander(x, 0))
row("powers", powers, [0.5, -2.0, 3.0], dtypes=FLOATS + HALVES)
row("powers", powers, [0.0, 1.0, -0.0, NAN, INF], dtypes=FLOATS, derivatives=False)
row("powers", powers, [2, -3, 0], dtypes=["i8", "i32"])
row("powers", powers, [1 + 1j, -0.5j, 2.0], dtypes=COMPLEX)

A, B = [1.0, -2.0, 0.5, 3.0, 0.25], [2.0, 0.5, -1.0]
MODES = ("full", "same", "valid")
same = lambda f: lambda a, b, m: f(a, b, m, preferred_element_type=a.dtype)
convolve, correlate = same(jnp.convolve), same(jnp.correlate)
sliding = lambda a, b: tuple(f(*p, m) for f in (convolve, correlate) for p in ((a, b), (b, a), (a, b[:2])) for m in MODES)
row("sliding", sliding, A, B, dtypes=FLOATS + HALVES)
row("sliding", sliding, [1, -2, 100, 3, 7], [2, 5, -1], dtypes=["i32"])
row("sliding", sliding, [1 + 2j, -0.5 + 0.25j, 0.3 - 1.5j, 2.0], [0.5j, 2 - 1j], dtypes=COMPLEX)
row("slidingDefaults", lambda a, b: (jnp.convolve(a, b), jnp.correlate(a, b)), A, B, dtypes=["f32"])

sums = lambda x: (lax.cumlogsumexp(x), lax.cumlogsumexp(x, 1), lax.cumlogsumexp(x, 1, reverse=True), lax.cumlogsumexp(x[0]), lax.cumlogsumexp(x[:, :0], 1))
row("cumlogsumexps", sums, M * 4, dtypes=FLOATS + HALVES)
# JAX's derivatives in f32 lose digits there.
row("cumlogsumexps", sums, [[1000.0, 1000.0, -1000.0, 5.0, 5.0]], dtypes=["f64"], hvp=True)
row("cumlogsumexps", sums, [[1000.0, 1000.0, -1000.0, 5.0, 5.0]], dtypes=["f32"], derivatives=False)
row("cumlogsumexps", sums, [[-INF, -INF, 1.0, INF, 2.0], [0.0, -INF, NAN, 1.0, 1.0]], derivatives=False)
DATA = np.round(np.sin(np.arange(12) * 2.3), 3).reshape(3, 4)
row("correlations", lambda x: jnp.corrcoef(x), DATA, hvp=True)
row("correlations", lambda x: jnp.corrcoef(x), [[1.0, 1.0, 1.0], [1.0, 2.0, 4.0]], dtypes=["f32"], derivatives=False)
