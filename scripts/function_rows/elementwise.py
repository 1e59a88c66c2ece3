"""Functions that work element by element."""

import jax.numpy as jnp
import numpy as np
from jax import lax

from .table import COMPLEX, FLOATS, HALVES, INF, NAN, SIGNED, UNSIGNED, row

ALL_FLOATS = FLOATS + HALVES
A = [7, -7, 7, -7, 6, -6, 0, 5, 1, -1, 100, -128]
B = [3, 3, -3, -3, 3, 3, 5, 5, -7, 7, -1, 2]
OVER_ZERO = [[7, -7, 0, 1], [0, 0, 0, 0]]
X = [-2.5, -1.25, -0.5, 0.75, 1.5, 3.25]
Y = [1.5, -1.25, 0.7, 2.0, 1.5, -0.8]
P = [0.25, 0.5, 1.25, 2.5, 6.0]
SPECIAL = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN]
LEFT = [a for a in SPECIAL for _ in SPECIAL]
RIGHT = SPECIAL * len(SPECIAL)
Z = [1 + 2j, -0.5 + 0.25j, 0.3 - 1.5j, -2 - 1j]

for name, fn in {"floorDivide": jnp.floor_divide, "mod": jnp.mod}.items():
    row(name, fn, A, B, dtypes=["i8", "i16", "i32", "i64"])
    row(name, fn, np.abs(A), np.abs(B), dtypes=UNSIGNED)
    row(name, fn, *OVER_ZERO, dtypes=["i32"])
    row(name, fn, *np.abs(OVER_ZERO), dtypes=["u8"])
    row(name, fn, X, Y, dtypes=ALL_FLOATS)
    row(name, fn, LEFT, RIGHT, dtypes=FLOATS, derivatives=False)
row("divmod", jnp.divmod, X, Y)
row("divmod", jnp.divmod, A, B, dtypes=["i32"])

for name, fn in {"isNan": jnp.isnan, "isInf": jnp.isinf}.items():
    row(name, fn, SPECIAL, dtypes=ALL_FLOATS)
    row(name, fn, [complex(a, b) for a in SPECIAL for b in SPECIAL], dtypes=COMPLEX)
row("isPosInf", jnp.isposinf, SPECIAL, dtypes=ALL_FLOATS)
row("isNegInf", jnp.isneginf, SPECIAL, dtypes=ALL_FLOATS)
row("signbit", jnp.signbit, SPECIAL, dtypes=ALL_FLOATS)
row("signbit", jnp.signbit, A, dtypes=SIGNED)
row("signbit", jnp.signbit, np.abs(A), dtypes=["u8"])
row("isClose", jnp.isclose, LEFT, RIGHT, dtypes=FLOATS)
row("isClose", jnp.isclose, [1.0, 2.0, 1e-9, 1e5], [1.000009, 2.1, 0.0, 1e5 + 2])
row("isClose", jnp.isclose, [1 + 1j, 2.0, complex(INF, 1)], [1.000009 + 1j, 2.1, complex(INF, 1)], dtypes=COMPLEX)
row("isCloseOptions", lambda a, b: jnp.isclose(a, b, rtol=0.1, atol=0.5, equal_nan=True), [1.0, 10.0, NAN, 3.0], [1.55, 11.4, NAN, NAN])
row("allClose", jnp.allclose, [1.0, 2.0], [1.000009, 2.0])
row("allClose", jnp.allclose, [1.0, NAN], [1.0, NAN])
row("nanToNum", jnp.nan_to_num, SPECIAL, dtypes=ALL_FLOATS)
row("nanToNum", jnp.nan_to_num, [complex(a, b) for a in SPECIAL for b in SPECIAL], dtypes=COMPLEX, derivatives=False)
row("nanToNumOptions", lambda x: jnp.nan_to_num(x, nan=1.5, posinf=7.0, neginf=-8.0), SPECIAL)

for name, fn in {"log2": jnp.log2, "log10": jnp.log10}.items():
    row(name, fn, P, dtypes=ALL_FLOATS, hvp=True)
    row(name, fn, SPECIAL, derivatives=False)
    row(name, fn, Z, dtypes=COMPLEX)
row("exp2", jnp.exp2, X, dtypes=ALL_FLOATS, hvp=True)
row("exp2", jnp.exp2, SPECIAL, derivatives=False)
row("exp2", jnp.exp2, Z, dtypes=COMPLEX)
for name, fn in {"logaddexp": jnp.logaddexp, "logaddexp2": jnp.logaddexp2}.items():
    row(name, fn, X + [1.0, 0.0, 10.0, 3.0], Y + [1.0, -80.0, 10.0, 1.0], dtypes=FLOATS, hvp=True)
    row(name, fn, [1000.0, -1000.0], [1001.0, -1000.0], derivatives=False)
    row(name, fn, X, Y, dtypes=HALVES)
    row(name, fn, LEFT, RIGHT, derivatives=False)
    # At infinity and NaN JAX has exp(b) for the derivative by b, where 0 is right.
    row(name, fn, [1.0, -INF], [-INF, 2.0])

row("trunc", jnp.trunc, X + [0.2, -0.2], dtypes=ALL_FLOATS)
row("trunc", jnp.trunc, SPECIAL)
row("reciprocal", jnp.reciprocal, X, dtypes=ALL_FLOATS, hvp=True)
row("reciprocal", jnp.reciprocal, SPECIAL, derivatives=False)
row("reciprocal", jnp.reciprocal, Z, dtypes=COMPLEX)
row("deg2rad", jnp.deg2rad, X, dtypes=ALL_FLOATS)
row("rad2deg", jnp.rad2deg, X, dtypes=ALL_FLOATS)
row("sinc", jnp.sinc, X + [0.0], hvp=True)
# Near 0, JAX's derivatives in f32 cancel.
row("sinc", jnp.sinc, [0.01, -0.07], dtypes=["f64"], hvp=True)
row("sinc", jnp.sinc, [0.01, -0.07], derivatives=False)
row("sinc", jnp.sinc, X, dtypes=HALVES)
row("sinc", jnp.sinc, Z, dtypes=COMPLEX)
# Second derivatives of JAX are wrong where |a| = |b|, and squares overflow in its derivatives.
row("hypot", jnp.hypot, X, [1.4, -1.3, 0.7, 2.0, 1.6, -0.8], dtypes=ALL_FLOATS, hvp=True)
row("hypot", jnp.hypot, [0.0, 1.0, -1.0], [2.0, 1.0, -1.0])
row("hypot", jnp.hypot, [0.0, 3e30, 3e-30], [0.0, 4e30, 4e-30], derivatives=False)
row("hypot", jnp.hypot, LEFT, RIGHT, derivatives=False)
row("copysign", jnp.copysign, X, Y, dtypes=ALL_FLOATS, hvp=True)
row("copysign", jnp.copysign, LEFT, RIGHT, derivatives=False)
row("heaviside", jnp.heaviside, [-1.5, 0.0, 2.0, -0.0, INF, -INF], [0.5, 0.25, 0.1, 0.75, 0.0, 2.0], dtypes=ALL_FLOATS)
for name, fn in {"fmax": jnp.fmax, "fmin": jnp.fmin}.items():
    row(name, fn, X, Y, dtypes=ALL_FLOATS)
    row(name, fn, [1.0, NAN, 2.0, NAN, INF, 3.0], [NAN, 1.0, 3.0, NAN, -INF, 3.5])
row("modf", jnp.modf, X, dtypes=ALL_FLOATS)
row("angle", jnp.angle, Z, dtypes=COMPLEX)
row("angle", jnp.angle, SPECIAL, dtypes=FLOATS, derivatives=False)
row("clip", jnp.clip, X, -1.0, 1.5, dtypes=ALL_FLOATS)
row("clip", jnp.clip, SPECIAL, -1.0, 1.0, derivatives=False)
row("clip", jnp.clip, A, -3, 5, dtypes=["i8", "i32", "i64"])
row("clip", jnp.clip, np.abs(A), 2, 5, dtypes=["u8", "u64"])
row("clip", jnp.clip, np.reshape(X, (2, 3)), [-1.0, 0.0, 1.0], [[0.5], [2.0]])
row("clip", jnp.clip, X, 2.0, 1.0)
row("clipLow", lambda x: (jnp.clip(x, -1.0), jnp.clip(x, max=1.0), jnp.clip(x)), X)
row("selects", lambda x, y: [
    jnp.select([x < -1, x < 1], [x * y, y], 2), jnp.select([x > 0], [x]), jnp.select([x[:1] > 0, (x > 1)[:, None]], [y, x], x[:, None]),
    jnp.select([x > 3, jnp.bool_(True)], [x, y], 0)], X, Y, dtypes=ALL_FLOATS)
row("selects", lambda x, y: [
    jnp.select([x < -1, x < 1], [x * y, y], 2), jnp.select([x > 0], [x]), jnp.select([x[:1] > 0, (x > 1)[:, None]], [y, x], x[:, None]),
    jnp.select([x > 3, jnp.bool_(True)], [x, y], 0)], A, B, dtypes=["i8", "i32"])
row("pieces", lambda x: [
    jnp.piecewise(x, [x < 0, x > -1], [lambda x: -x, lambda x: x * x, 3]), jnp.piecewise(x, [x > 0], [lambda x: x + 1]),
    jnp.piecewise(x, [x == x, x > 100], [5, lambda x: -x])], X, dtypes=ALL_FLOATS)
row("pieces", lambda x: [
    jnp.piecewise(x, [x < 0, x > -1], [lambda x: -x, lambda x: x * x, 3]), jnp.piecewise(x, [x > 0], [lambda x: x + 1]),
    jnp.piecewise(x, [x == x, x > 100], [5, lambda x: -x])], SPECIAL, derivatives=False)
row("pieces", lambda x: [
    jnp.piecewise(x, [x < 0, x > -1], [lambda x: -x, lambda x: x * x, 3]), jnp.piecewise(x, [x > 0], [lambda x: x + 1]),
    jnp.piecewise(x, [x == x, x > 100], [5, lambda x: -x])], A, dtypes=["i32"])
