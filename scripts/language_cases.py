"""What is asked of each function of test/fixtures/language.json and its like, and how arrays are written.

Of each function f, as its kinds ask: "value" is f(args); "vjp" the cotangents of its float arguments for cotangents
`cts` of its float results; "jvp" the tangents of its float results for tangents `ts` of its float arguments; "hvp" the
tangents of "vjp" along `ts`; "vmap" is f over a batch of two, made of `args` and `args2`.

A script that calls `write` takes a folder. After `--only` come names: only these cases are made anew, and those that the
file lacks.
"""

import json
import sys

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np

NAMES = {"float64": "f64", "float32": "f32", "int32": "i32", "int64": "i64", "uint32": "u32", "uint64": "u64",
         "uint8": "u8", "int8": "i8", "bool": "bool", "complex64": "c64", "complex128": "c128"}
ALL = ["value", "vjp", "jvp", "hvp", "vmap"]
FORWARD = ["value", "jvp", "vmap"]
PLAIN = ["value", "vmap"]


def number(x):
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (complex, np.complexfloating)):
        return [number(x.real), number(x.imag)]
    if isinstance(x, (int, np.integer)):
        return int(x) if abs(int(x)) < 2**53 else str(int(x))
    x = float(x)
    if np.isnan(x):
        return "NaN"
    if np.isinf(x):
        return "Infinity" if x > 0 else "-Infinity"
    return x


def array(x):
    x = np.asarray(x)
    return {"dtype": NAMES[str(x.dtype)], "shape": list(x.shape), "data": [number(v) for v in x.reshape(-1)]}


def floats(leaves):
    return [i for i, x in enumerate(leaves) if jnp.issubdtype(jnp.asarray(x).dtype, jnp.floating)]


def wave(leaf, seed):
    """Numbers without a pattern, the same in every run."""
    size = int(np.prod(np.shape(leaf)))
    return jnp.asarray(np.cos(np.arange(size) * 1.7 + 0.3 + seed).reshape(np.shape(leaf)), jnp.asarray(leaf).dtype)


cases = []
ONLY = sys.argv[sys.argv.index("--only") + 1:] if "--only" in sys.argv else None


def kept(file):
    """The lines of cases that stay, by name."""
    if ONLY is None:
        return {}
    lines = [line.removesuffix(",") for line in open(file).read().splitlines()[3:-1]]
    made = {json.loads(line)["name"]: line for line in lines}
    return {name: line for name, line in made.items() if name not in ONLY}


def case(name, fn, *args, kinds=ALL, args2=None):
    """What JAX gives is computed when the file is written."""
    cases.append((name, lambda: computed(name, fn, args, kinds, args2)))


def computed(name, fn, args, kinds, args2):
    args = [jnp.asarray(a) for a in args]
    leaves = lambda tree: jax.tree.leaves(tree)
    flat = lambda *xs: leaves(fn(*xs))
    outs = jax.jit(flat)(*args)
    active, smooth = floats(args), floats(outs)
    if args2 is None:
        args2 = [a + 0.25 * jnp.abs(wave(a, 5)) * jnp.where(a == 0, 0, 1) if i in active else a for i, a in enumerate(args)]
    args2 = [jnp.asarray(a) for a in args2]
    made = {"name": name, "kinds": kinds, "args": [array(a) for a in args], "args2": [array(a) for a in args2],
            "value": [array(o) for o in outs]}

    def active_fn(*xs):
        full = list(args)
        for i, x in zip(active, xs):
            full[i] = x
        result = flat(*full)
        return [result[i] for i in smooth]

    points = [args[i] for i in active]
    cts = [wave(outs[i], 1 + k) for k, i in enumerate(smooth)]
    ts = [wave(p, 3 + k) for k, p in enumerate(points)]
    pulled = lambda *xs: list(jax.vjp(active_fn, *xs)[1](cts))
    if "vjp" in kinds:
        made["cts"] = [array(c) for c in cts]
        made["vjp"] = [array(g) for g in jax.jit(pulled)(*points)]
    if "jvp" in kinds:
        made["ts"] = [array(t) for t in ts]
        made["jvp"] = [array(t) for t in jax.jit(lambda *xs: jax.jvp(active_fn, xs, tuple(ts))[1])(*points)]
    if "hvp" in kinds:
        made["hvp"] = [array(t) for t in jax.jit(lambda *xs: jax.jvp(pulled, xs, tuple(ts))[1])(*points)]
    if "vmap" in kinds:
        batch = [jnp.stack(pair) for pair in zip(args, args2)]
        made["vmap"] = [array(o) for o in leaves(jax.jit(jax.vmap(lambda *xs: flat(*xs)))(*batch))]
    return made


f = lambda *x: jnp.array(x, jnp.float64)
i = lambda *x: jnp.array(x, jnp.int32)
m = lambda rows, cols, seed=0: jnp.asarray(np.round(np.sin(np.arange(rows * cols) * 2.3 + seed), 3).reshape(rows, cols))
t = lambda *shape, seed=0: jnp.asarray(np.round(np.sin(np.arange(int(np.prod(shape))) * 2.3 + seed), 3).reshape(shape))


def write(name):
    """Writes all cases into the folder that the command names."""
    file = f"{sys.argv[1]}/{name}.json"
    old = kept(file)
    rows = [old[title] if title in old else json.dumps(make()) for title, make in cases]
    with open(file, "w") as out:
        out.write('{\n"jax": "%s",\n"cases": [\n%s\n]}\n' % (jax.__version__, ",\n".join(rows)))
    print(len(rows), "functions,", sum(len(json.loads(row)["kinds"]) for row in rows), "cases")
