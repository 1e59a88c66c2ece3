"""Writes test/fixtures/special-values.json: what JAX 0.10.2 gives for elementwise functions, and for their derivatives,
at zeros of both signs, infinities, NaN, subnormal and large numbers, and poles.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-special-values-fixtures.py test/fixtures

A function of two operands is given all pairs: the first operand of all its rows, one after another.
"""

import itertools
import json
import sys

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
from jax import lax

NAN, INF = float("nan"), float("inf")
REAL = {"f32": np.float32, "f64": np.float64}
COMPLEX = {"c64": np.complex64, "c128": np.complex128}
PARTS = {"c64": np.float32, "c128": np.float64}


def ends(dtype):
    info = np.finfo(dtype)
    return [float(info.max), float(info.tiny), float(info.smallest_subnormal)]


def singles(dtype):
    most, tiny, subnormal = ends(dtype)
    sizes = [0, subnormal, tiny, 1e-3, 0.5, 0.999, 1, 1.5, 2, 2.5, 3, 10, 88.5, 171.5, 1000, 1e10, most, INF]
    return [float(dtype(sign * size)) for size in sizes for sign in (1, -1)] + [NAN]


def operands(dtype):
    most, tiny, _ = ends(dtype)
    return [sign * size for size in [0, tiny, 0.5, 1, 2, 2.5, 3, most, INF] for sign in (1, -1)] + [NAN]


def series(dtype):
    """Without the places between poles below -9, where XLA's polygamma is wrong: it has no reflection."""
    return [x for x in singles(dtype) if not (-1000 < x < -9 and x % 1 != 0)]


def moderate():
    """Where a derivative is worked out, what is beside the ends goes beyond them on the way, here or there."""
    return [sign * size for size in [0, 0.5, 1, 2, 2.5, 3, INF] for sign in (1, -1)] + [NAN]


def complexes(dtype):
    most, _, _ = ends(dtype)
    sizes = [0.0, -0.0, 1, -1, 2.5, -0.3, most, -most, INF, -INF, NAN]
    return list(itertools.product(sizes, sizes))


def complex_operands():
    return [(0.0, 0.0), (-0.0, 0.0), (0.0, -0.0), (1, 0.0), (-1, -0.0), (0.0, 2), (1.5, -2), (-3, 0.25), (INF, 0.0),
            (0.0, -INF), (INF, -INF), (1, INF), (NAN, 1), (2, NAN), (20, 4), (0.05, 0.15)]


UNARY = {
    "neg": jnp.negative, "abs": jnp.abs, "sign": jnp.sign, "floor": jnp.floor, "ceil": jnp.ceil, "round": jnp.round,
    "exp": jnp.exp, "expm1": jnp.expm1, "log": jnp.log, "log1p": jnp.log1p, "sqrt": jnp.sqrt, "rsqrt": lax.rsqrt,
    "cbrt": jnp.cbrt, "sin": jnp.sin, "cos": jnp.cos, "tan": jnp.tan, "tanh": jnp.tanh, "logistic": lax.logistic,
    "asin": jnp.arcsin, "acos": jnp.arccos, "atan": jnp.arctan, "sinh": jnp.sinh, "cosh": jnp.cosh,
    "asinh": jnp.arcsinh, "acosh": jnp.arccosh, "atanh": jnp.arctanh, "erf": lax.erf, "erfc": lax.erfc,
    "erfInv": lax.erf_inv, "lgamma": lax.lgamma, "digamma": lax.digamma, "isFinite": jnp.isfinite,
    "toI8": lambda x: x.astype(jnp.int8), "toU8": lambda x: x.astype(jnp.uint8),
    "toI32": lambda x: x.astype(jnp.int32), "toU32": lambda x: x.astype(jnp.uint32),
    "toI64": lambda x: x.astype(jnp.int64), "toU64": lambda x: x.astype(jnp.uint64),
    "toBool": lambda x: x.astype(bool),
}
OF_COMPLEX = {name: UNARY[name] for name in
              "neg abs exp expm1 log log1p sqrt rsqrt sin cos tan tanh logistic".split()} | {"conj": jnp.conj}
BINARY = {
    "add": lax.add, "sub": lax.sub, "mul": lax.mul, "div": lax.div, "rem": lax.rem, "pow": lax.pow, "atan2": lax.atan2,
    "maximum": lax.max, "minimum": lax.min, "nextAfter": lax.nextafter, "eq": lax.eq, "ne": lax.ne, "lt": lax.lt,
    "le": lax.le, "gt": lax.gt, "ge": lax.ge,
}
OF_COMPLEXES = {name: BINARY[name] for name in "add sub mul div pow eq ne".split()}
# What is not smooth, or has no derivative in both libraries.
ROUGH = ["isFinite"] + [name for name in UNARY if name.startswith("to")]


def number(x):
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x) if abs(int(x)) < 2**53 else str(int(x))
    if np.isnan(x):
        return "NaN"
    if np.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    if x == 0 and np.signbit(x):
        return "-0"
    # The shortest decimal of a single or double that is not subnormal, of which NumPy writes too few digits.
    return float(str(x)) if abs(x) >= np.finfo(x.dtype).tiny else float(x)


def flat(x):
    """Elements in order; of complex ones both parts."""
    x = np.asarray(x).reshape(-1)
    if np.iscomplexobj(x):
        return [number(part) for z in x for part in (z.real, z.imag)]
    return [number(v) for v in x]


def pairs(values):
    rows = list(itertools.product(values, values))
    return [a for a, _ in rows], [b for _, b in rows]


def made(values, dtype):
    """Parts are put together here: arithmetic would spoil infinities and signs."""
    if not np.issubdtype(dtype, np.complexfloating):
        return jnp.asarray(np.array(values, dtype))
    out = np.empty(len(values), dtype)
    out.real, out.imag = [re for re, _ in values], [im for _, im in values]
    return jnp.asarray(out)


groups = []


def group(kind, dtype, numpy_dtype, columns, functions):
    args = [made(column, numpy_dtype) for column in columns]
    groups.append({"kind": kind, "dtype": dtype, "args": [flat(a) for a in args],
                   "results": {name: flat(jax.jit(fn)(*args)) for name, fn in functions.items()}})


def slopes(fn, position):
    """The derivative for each element by itself, forward; reverse mode gives the same."""
    def one(*args):
        ts = tuple(jnp.ones_like(a) if i == position else jnp.zeros_like(a) for i, a in enumerate(args))
        return jax.jvp(lambda x: fn(*args[:position], x, *args[position + 1:]), (args[position],), (ts[position],))[1]
    return one


for name, dtype in REAL.items():
    group("unary", name, dtype, [singles(dtype)], UNARY)
    group("binary", name, dtype, pairs(operands(dtype)), BINARY)
    orders = [0, 1, 2, 3, 5]
    columns = list(zip(*itertools.product(orders, series(dtype))))
    group("binary", name, dtype, columns, {"polygamma": lax.polygamma})
group("slope", "f64", np.float64, [series(np.float64)],
      {name: slopes(fn, 0) for name, fn in UNARY.items() if name not in ROUGH})
for position in (0, 1):
    group(f"slope{position}", "f64", np.float64, pairs(moderate()),
          {name: slopes(BINARY[name], position) for name in
           "add sub mul div rem pow atan2 maximum minimum".split()})
for name, dtype in COMPLEX.items():
    group("unary", name, dtype, [complexes(PARTS[name])], OF_COMPLEX)
    group("binary", name, dtype, pairs(complex_operands()), OF_COMPLEXES)

with open(f"{sys.argv[1]}/special-values.json", "w") as out:
    rows = []
    for one in groups:
        results = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in one["results"].items())
        head = json.dumps({k: v for k, v in one.items() if k != "results"}, separators=(",", ":"))
        rows.append(f'{head[:-1]},"results": {{\n{results}\n}}}}')
    out.write('{\n"jax": "%s",\n"groups": [\n%s\n]}\n' % (jax.__version__, ",\n".join(rows)))
print(len(groups), "groups,", sum(len(g["results"]) for g in groups), "functions")
