"""Writes test/fixtures/bytecode.json: one program in each version of MLIR bytecode, and as portable StableHLO of several
versions, with how many operations MLIR counts in it and how deep their regions lie in one another; and programs of short
floats.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-bytecode.py test/fixtures
"""

import base64
import io
import json
import sys

import jax
import jax.numpy as jnp
from jax import lax
from jax._src.interpreters.mlir import make_ir_context
from jaxlib.mlir import ir
from jaxlib.mlir.dialects import stablehlo


def program(x, n):
    """Loops and branches in one another, several results, and values that are used in another order than they are made."""

    def inner(carry, row):
        a, b = carry
        a = lax.cond(a.sum() > 0, lambda y: y - row, lambda y: lax.cond(n > 3, jnp.sin, jnp.cos, y + b), a)
        return (b, a), (a * b, b - a)

    def outer(i, carry):
        return lax.scan(inner, carry, x)[0]

    a, b = lax.fori_loop(0, n, outer, (x[0], x[1]))
    return lax.while_loop(lambda v: v.sum() < 10, lambda v: jnp.sort(v + b), a), b


def measure(operation):
    """The operations of an operation, itself among them, and how deep its regions lie."""
    operations, nesting = 1, 0
    for region in operation.regions:
        nesting = max(nesting, 1)
        for block in region:
            for inner in block:
                counted, depth = measure(inner.operation)
                operations += counted
                nesting = max(nesting, depth + 1)
    return operations, nesting


spec = jax.ShapeDtypeStruct
lowered = jax.jit(program).lower(spec((3, 4), jnp.float32), spec((), jnp.int32))
module = lowered.compiler_ir("stablehlo")
programs = {}
with module.context:
    for version in range(7):
        out = io.BytesIO()
        module.operation.write_bytecode(out, desired_version=version)
        programs[f"version {version}"] = out.getvalue()
    for version in ["1.0.0", "1.8.0", stablehlo.get_current_version()]:
        programs[f"StableHLO {version}"] = stablehlo.serialize_portable_artifact_str(str(module), version)
    operations, nesting = measure(module.operation)

# Programs that take an array of floats of 4 or 6 bits, as bytecode and as portable StableHLO.
short_floats = []
for dtype in ["f4E2M1FN", "f6E2M3FN", "f6E3M2FN"]:
    with make_ir_context():
        array = f"tensor<4x{dtype}>"
        module = ir.Module.parse(f"func.func public @main(%a: {array}) -> {array} {{ return %a : {array} }}")
        out = io.BytesIO()
        module.operation.write_bytecode(out)
        short_floats.append(out.getvalue())
        short_floats.append(stablehlo.serialize_portable_artifact_str(str(module), stablehlo.get_current_version()))

with open(f"{sys.argv[1]}/bytecode.json", "w") as out:
    encoded = {name: base64.b64encode(code).decode() for name, code in programs.items()}
    short = [base64.b64encode(code).decode() for code in short_floats]
    found = {"jax": jax.__version__, "operations": operations, "nesting": nesting, "programs": encoded, "shortFloats": short}
    json.dump(found, out, indent=1)
    out.write("\n")
print(len(programs), "programs of", operations, "operations,", nesting, "deep")
