"""Writes test/fixtures/jax.json: what JAX 0.10.2 gives for this language's operations, aranges and scans; and
test/fixtures/exported.bin, a program that jax.export has serialized.

Needs a virtual environment with jax==0.10.2 and flatbuffers; the tests need only the files.

    python scripts/make-fixtures.py test/fixtures
"""

import json
import sys

import jax

jax.config.update("jax_enable_x64", True)

import jax.export
import jax.numpy as jnp
import numpy as np
from jax import lax

DTYPES = {
    "f16": jnp.float16, "bf16": jnp.bfloat16, "f32": jnp.float32, "f64": jnp.float64,
    "i8": jnp.int8, "i16": jnp.int16, "i32": jnp.int32, "i64": jnp.int64,
    "u8": jnp.uint8, "u16": jnp.uint16, "u32": jnp.uint32, "u64": jnp.uint64, "bool": jnp.bool_,
}
FLOATS = ["f16", "bf16", "f32", "f64"]
SIGNED = ["i8", "i32", "i64"]
UNSIGNED = ["u8", "u32", "u64"]
POINTS = [-3.5, -1.5, -1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0, 1.5, 2.5, 3.5]
POSITIVE = [0.125, 0.25, 0.5, 1.0, 1.5, 2.0, 3.5, 8.0]
SIGNED_POINTS = [-7, -3, -1, 1, 2, 3, 7, 100]
UNSIGNED_POINTS = [1, 2, 3, 7, 100, 200]


def number(value):
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    value = float(value)
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return value


def flat(array):
    array = np.asarray(array)
    if array.dtype == jnp.bfloat16 or array.dtype == np.float16:
        array = array.astype(np.float32)
    return [number(x) for x in array.reshape(-1)]


cases = []


def case(op, dtype, args, result, **more):
    cases.append({"op": op, "dtype": dtype, "args": [flat(a) for a in args],
                  "shapes": [list(np.shape(a)) for a in args],
                  "shape": list(result.shape), "result": flat(result), **more})


def arrays(dtype, *lists):
    return [jnp.array(x, DTYPES[dtype]) for x in lists]


UNARY = {
    "neg": lax.neg, "abs": lax.abs, "sign": lax.sign, "floor": lax.floor, "ceil": lax.ceil,
    "round": lambda x: lax.round(x, lax.RoundingMethod.TO_NEAREST_EVEN),
    "exp": lax.exp, "expm1": lax.expm1, "sin": lax.sin, "cos": lax.cos, "tan": lax.tan, "tanh": lax.tanh,
    "logistic": lax.logistic, "cbrt": lax.cbrt, "isFinite": lax.is_finite,
}
UNARY.update({"sinh": jnp.sinh, "cosh": jnp.cosh, "asinh": jnp.arcsinh, "atan": jnp.arctan, "erf": lax.erf, "erfc": lax.erfc})
UNARY_POSITIVE = {"lgamma": lax.lgamma, "digamma": lax.digamma, "log": lax.log, "log1p": lax.log1p, "sqrt": lax.sqrt, "rsqrt": lax.rsqrt}
for name, f in UNARY.items():
    for d in FLOATS:
        (x,) = arrays(d, POINTS)
        case(name, d, [x], f(x))
for name, f in UNARY_POSITIVE.items():
    for d in FLOATS:
        (x,) = arrays(d, POSITIVE)
        case(name, d, [x], f(x))
for name in ["neg", "abs", "sign"]:
    for d in SIGNED:
        (x,) = arrays(d, SIGNED_POINTS)
        case(name, d, [x], UNARY[name](x))
for d in SIGNED + UNSIGNED:
    (x,) = arrays(d, SIGNED_POINTS if d in SIGNED else UNSIGNED_POINTS)
    case("not", d, [x], lax.bitwise_not(x))
(x,) = arrays("bool", [True, False])
case("not", "bool", [x], lax.bitwise_not(x))

BINARY = {"add": lax.add, "sub": lax.sub, "mul": lax.mul, "div": lax.div, "rem": lax.rem,
          "maximum": lax.max, "minimum": lax.min}
COMPARE = {"eq": lax.eq, "ne": lax.ne, "lt": lax.lt, "le": lax.le, "gt": lax.gt, "ge": lax.ge}
BITS = {"and": lax.bitwise_and, "or": lax.bitwise_or, "xor": lax.bitwise_xor}
for d in FLOATS + SIGNED + UNSIGNED:
    points = POINTS if d in FLOATS else SIGNED_POINTS if d in SIGNED else UNSIGNED_POINTS
    if d in FLOATS:
        points = [p for p in points if p != 0]
    a, b = arrays(d, points, points[3:] + points[:3])
    for name, f in {**BINARY, **COMPARE, **({} if d in FLOATS else BITS)}.items():
        case(name, d, [a, b], f(a, b))
for name, f in {**BITS, **COMPARE}.items():
    a, b = arrays("bool", [True, True, False, False], [True, False, True, False])
    case(name, "bool", [a, b], f(a, b))
for d in FLOATS:
    a, b = arrays(d, POSITIVE, POSITIVE[2:] + POSITIVE[:2])
    case("pow", d, [a, b], lax.pow(a, b))
    a, b = arrays(d, POINTS, POINTS[5:] + POINTS[:5])
    case("atan2", d, [a, b], lax.atan2(a, b))

GRID = [[1.5, -2.0, 3.0], [4.0, 0.5, -6.0]]
for d in ["f32", "f64", "i32", "u32"]:
    grid = GRID if d in ["f32", "f64"] else [[1, 2, 3], [4, 5, 6]]
    (x,) = arrays(d, grid)
    for name, f in {"sum": jnp.sum, "prod": jnp.prod, "max": jnp.max, "min": jnp.min}.items():
        for axes in [None, 0, 1, (0, 1), -1]:
            for keep in [False, True]:
                result = f(x, axis=axes, keepdims=keep).astype(DTYPES[d])
                case(name, d, [x], result, axes=axes if axes is None or isinstance(axes, int) else list(axes), keepDims=keep)
(x,) = arrays("bool", [[True, False, True], [True, True, True]])
for name, f in {"all": jnp.all, "any": jnp.any}.items():
    for axes in [None, 0, 1]:
        case(name, "bool", [x], f(x, axis=axes), axes=axes, keepDims=False)
for d in FLOATS:
    (x,) = arrays(d, GRID)
    case("mean", d, [x], jnp.mean(x, axis=0), axes=0, keepDims=False)

for d in ["f32", "f64", "i32"]:
    for sa, sb in [((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (3,))]:
        a = jnp.arange(np.prod(sa)).reshape(sa).astype(DTYPES[d])
        b = (jnp.arange(np.prod(sb)) - 3).reshape(sb).astype(DTYPES[d])
        case("matmul", d, [a, b], jnp.matmul(a, b))

for source in DTYPES:
    for target in DTYPES:
        (x,) = arrays(source, [True, False] if source == "bool" else [0, 1, 2, 3, 100])
        case("convert", source, [x], lax.convert_element_type(x, DTYPES[target]), target=target)

aranges = []
for bounds in [(0,), (1,), (10,), (-3,), (2.5,), (1, 5), (5, 1), (0, 10, 3), (10, 0, -3), (0, 1, 0.1), (1, 2, 0.25),
               (-1, 1, 0.5), (5, 5), (0, -5, -1), (0, 9, 3), (3, 20, 7), (0.5, 3), (0, 1, 0.3), (2, -2, -0.5)]:
    whole = all(isinstance(b, int) for b in bounds)
    for d in (["i8", "i16", "i32", "i64", "u8", "u32", "u64"] if whole else []) + FLOATS:
        if d.startswith("u") and (min(bounds) < 0):
            continue
        result = jnp.arange(*bounds, dtype=DTYPES[d])
        aranges.append({"bounds": list(bounds), "dtype": d, "result": flat(result)})

scans = []


def scan_case(name, f, init, xs=None, **options):
    carry, ys = lax.scan(f, init, xs, **options)
    scans.append({"name": name, "carry": [flat(x) for x in jax.tree.leaves(carry)],
                  "ys": [flat(x) for x in jax.tree.leaves(ys)]})


scan_case("cumulative-sum", lambda c, x: (c + x, c + x), jnp.float32(0), jnp.arange(10, dtype=jnp.float32))
scan_case("cumulative-sum-reverse", lambda c, x: (c + x, c + x), jnp.float32(0), jnp.arange(10, dtype=jnp.float32), reverse=True)
scan_case("no-xs", lambda c, x: (c * 2 + 1, c), jnp.int32(1), None, length=8)
scan_case("rows", lambda c, x: (c + x["a"] * x["b"], c * x["a"]), jnp.zeros(3, jnp.float32),
          {"a": jnp.arange(4, dtype=jnp.float32), "b": jnp.arange(12, dtype=jnp.float32).reshape(4, 3)})
scan_case("record-carry", lambda c, x: ({"sum": c["sum"] + x, "count": c["count"] + 1}, {"mean": (c["sum"] + x) / (c["count"] + 1).astype(jnp.float32)}),
          {"count": jnp.int32(0), "sum": jnp.float32(0)}, jnp.array([3.0, 1.0, 4.0, 1.0, 5.0], jnp.float32))
scan_case("nested", lambda c, x: lax.scan(lambda d, y: (d + x * y, d), c, jnp.arange(3, dtype=jnp.int32)),
          jnp.int32(1), jnp.arange(4, dtype=jnp.int32))
scan_case("empty", lambda c, x: (c + x, c), jnp.float32(7), jnp.zeros(0, jnp.float32))
scan_case("logistic-map", lambda c, x: (3.7 * c * (1 - c), c), jnp.float64(0.5), None, length=20)

with open(f"{sys.argv[1]}/jax.json", "w") as out:
    lines = [f'"jax": "{jax.__version__}"']
    for key, rows in [("cases", cases), ("aranges", aranges), ("scans", scans)]:
        lines.append(f'"{key}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]")
    out.write("{\n" + ",\n".join(lines) + "\n}\n")
print(len(cases), "cases,", len(aranges), "aranges,", len(scans), "scans")


def exported(start, unused, rows):
    """The second argument is left out of the module, which a reader must heed."""
    return lax.scan(lambda c, x: (c + x.sum(), c), start, rows)


spec = jax.ShapeDtypeStruct
program = jax.export.export(jax.jit(exported), platforms=["cpu"])(
    spec((), jnp.float32), spec((7,), jnp.int32), spec((4, 3), jnp.float32)
)
with open(f"{sys.argv[1]}/exported.bin", "wb") as out:
    out.write(program.serialize())
