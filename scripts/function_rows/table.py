"""What is asked of each function, and how arrays are written."""

import sys
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

DTYPES = {"f16": jnp.float16, "bf16": jnp.bfloat16, "f32": jnp.float32, "f64": jnp.float64, "i8": jnp.int8,
          "i16": jnp.int16, "i32": jnp.int32, "i64": jnp.int64, "u8": jnp.uint8, "u16": jnp.uint16, "u32": jnp.uint32,
          "u64": jnp.uint64, "bool": jnp.bool_, "c64": jnp.complex64, "c128": jnp.complex128}
NAMES = {np.dtype(dtype): name for name, dtype in DTYPES.items()}
FLOATS = ["f32", "f64"]
HALVES = ["f16", "bf16"]
COMPLEX = ["c64", "c128"]
SIGNED = ["i8", "i16", "i32", "i64"]
UNSIGNED = ["u8", "u16", "u32", "u64"]
NAN, INF = float("nan"), float("inf")

rows = []


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
    return float(str(np.float32(x))) if x.dtype == np.float32 else float(x)


def array(x):
    """The elements in order; of complex ones both parts."""
    x = np.asarray(x)
    flat = x.reshape(-1)
    data = [number(p) for z in flat for p in (z.real, z.imag)] if np.iscomplexobj(x) else [number(v) for v in flat]
    return {"dtype": NAMES[x.dtype], "shape": list(x.shape), "data": data}


def is_smooth(x):
    return jnp.issubdtype(jnp.asarray(x).dtype, jnp.inexact)


def wave(like, seed):
    """Numbers without a pattern, the same in every run."""
    like = jnp.asarray(like)
    size = int(np.prod(like.shape))
    real = np.cos(np.arange(size) * 1.7 + 0.3 + seed).reshape(like.shape)
    if jnp.issubdtype(like.dtype, jnp.complexfloating):
        real = real + 1j * np.sin(np.arange(size) * 0.9 + seed).reshape(like.shape)
    return jnp.asarray(np.round(real, 3), like.dtype)


def typed(arg, dtype):
    """Lists and numbers take the dtype; what has one of its own keeps it."""
    if isinstance(arg, jax.Array):
        return arg
    arg = np.asarray(arg)
    if not np.iscomplexobj(arg) and jnp.issubdtype(DTYPES[dtype], jnp.integer):
        return jnp.asarray(arg.astype(DTYPES[dtype]))
    return jnp.asarray(arg.astype(DTYPES[dtype]))


def turned(arg):
    """The same elements in another order."""
    return jnp.roll(jnp.ravel(arg), 1).reshape(arg.shape)


def narrow(x, args):
    """Indices and counts are i32 here, where JAX with 64 bits has i64."""
    x = jnp.asarray(x)
    wide = any(jnp.asarray(a).dtype in (jnp.int64, jnp.uint64) for a in args)
    return x.astype(jnp.int32) if x.dtype == jnp.int64 and not wide else x


def row(name, fn, *given, dtypes=FLOATS, derivatives=True, args2=None, hvp=False, vmap=True, whole=False):
    """
    One function, in each of the dtypes. What it gives is computed when the row is asked for: operation by operation, or
    compiled as a whole, which takes a fraction of the time.
    """
    family = sys._getframe(1).f_globals["__name__"].rpartition(".")[2]
    for dtype in dtypes:
        asked = partial(made, name, fn, given, dtype, derivatives, args2, hvp, vmap, whole)
        rows.append((family, f"{name} {dtype}", asked))


def made(name, fn, given, dtype, derivatives, args2, hvp, vmap, whole):
    args = [typed(a, dtype) for a in given]
    second = [turned(a) for a in args] if args2 is None else [typed(a, dtype) for a in args2]
    flat = lambda *xs: [narrow(o, args) for o in jax.tree.leaves(fn(*xs))]
    active = [i for i, a in enumerate(args) if is_smooth(a)]

    def found(args, second):
        value = flat(*args)
        found = {"args": args, "value": value}
        if vmap:
            found["args2"] = second
            found["vmap"] = [jnp.stack(pair) for pair in zip(value, flat(*second))]
        smooth = [i for i, v in enumerate(value) if is_smooth(v)]
        if derivatives and dtype in FLOATS + COMPLEX and active and smooth:
            def part(*xs):
                full = list(args)
                for i, x in zip(active, xs):
                    full[i] = x
                all = flat(*full)
                return [all[i] for i in smooth]

            points = [args[i] for i in active]
            ts = found["ts"] = [wave(p, 3 + k) for k, p in enumerate(points)]
            cts = found["cts"] = [wave(value[i], 1 + k) for k, i in enumerate(smooth)]
            pulled = lambda *xs: list(jax.vjp(part, *xs)[1](cts))
            found["jvp"] = jax.jvp(part, points, ts)[1]
            found["vjp"] = pulled(*points)
            if hvp:
                found["hvp"] = jax.jvp(pulled, points, ts)[1]
        return found

    results = (jax.jit(found) if whole else found)(args, second)
    kinds = [kind for kind in ("value", "vmap", "jvp", "vjp", "hvp") if kind in results]
    order = ("args", "value", "args2", "vmap", "ts", "cts", "jvp", "vjp", "hvp")
    return {"name": name, "dtype": dtype, "kinds": kinds,
            **{key: [array(x) for x in results[key]] for key in order if key in results}}
