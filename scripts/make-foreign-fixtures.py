"""Writes test/fixtures/foreign.json: modules that plugins die of, or nearly, as text, some as MLIR bytecode too.

Needs a virtual environment with jax==0.10.2; the tests need only the file. It makes no module that JAX's own parser
dies of: those are made in test/attack/foreign.test.ts.

    python scripts/make-foreign-fixtures.py test/fixtures
"""

import base64
import io
import json
import sys

from jax._src.interpreters import mlir
from jaxlib.mlir import ir

HUGE = "4294967296x4294967296xf32"
LONG = "tensor<1099511627776xf32>"
BOUNDED = "tensor<?xf32, #stablehlo.bounds<4>>"


def main(arguments, results, body, attributes=""):
    names = ", ".join(f"%arg{i}: {kind}" for i, kind in enumerate(arguments))
    kinds = ", ".join(results)
    head = f"module attributes {{{attributes}}}" if attributes else "module"
    return f"{head} {{ func.func public @main({names}) -> ({kinds}) {{\n{body}\n}} }}"


def given(result, *lines):
    """A module without arguments, whose last line names %r."""
    return main([], [result], "\n".join([*lines, f"return %r : {result}"]))


def sort(kind, direction):
    return given(
        kind,
        f"%x = stablehlo.iota dim = 0 : {kind}",
        f"""%r = "stablehlo.sort"(%x) ({{ ^bb0(%a: tensor<f32>, %b: tensor<f32>):
          %c = stablehlo.compare {direction}, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
          stablehlo.return %c : tensor<i1>
        }}) {{dimension = 0 : i64}} : ({kind}) -> {kind}""",
    )


def calling(*bodies):
    """@main calls @f; the bodies of @f, @g, ... follow."""
    functions = "\n".join(
        f"func.func private @{name}(%x: tensor<f32>) -> tensor<f32> {{ {body}\n return %r : tensor<f32> }}"
        for name, body in zip("fgh", bodies)
    )
    call = "%r = func.call @f(%x) : (tensor<f32>) -> tensor<f32>"
    one = "%x = stablehlo.constant dense<1.0> : tensor<f32>"
    return f"module {{ func.func public @main() -> tensor<f32> {{ {one}\n{call}\n return %r : tensor<f32> }}\n{functions} }}"


def call(name):
    return f"%r = func.call @{name}(%x) : (tensor<f32>) -> tensor<f32>"


def composite(name):
    return f'%r = stablehlo.composite "a.{name}" %x {{ decomposition = @{name} }} : (tensor<f32>) -> tensor<f32>'


def custom_call(target, count):
    kinds = f"tensor<{count}xf32>", f"tensor<{count}xi32>"
    return main(
        [],
        kinds,
        f"""%x = stablehlo.constant dense<1.0> : tensor<4xf32>
        %r:2 = stablehlo.custom_call @{target}(%x) : (tensor<4xf32>) -> ({", ".join(kinds)})
        return %r#0, %r#1 : {", ".join(kinds)}""",
    )


def permute(pairs, attributes=""):
    return main(
        [],
        ["tensor<4xf32>"],
        f"""%x = stablehlo.constant dense<1.0> : tensor<4xf32>
        %r = "stablehlo.collective_permute"(%x) {{source_target_pairs = dense<{pairs}> : tensor<1x2xi64>,
          channel_handle = #stablehlo.channel_handle<handle = 1, type = 0>}} : (tensor<4xf32>) -> tensor<4xf32>
        return %r : tensor<4xf32>""",
        attributes,
    )


def identity(kind="tensor<4xf32>", attributes="", argument=""):
    return f"module attributes {{{attributes}}} {{ func.func public @main(%x: {kind} {argument}) -> {kind} {{ return %x : {kind} }} }}"


one = "%x = stablehlo.constant dense<1.0> : tensor<f32>"
modules = {
    "broadcast beyond 2^63": given(
        "tensor<f32>",
        one,
        f"%b = stablehlo.broadcast_in_dim %x, dims = [] : (tensor<f32>) -> tensor<{HUGE}>",
        f"%r = stablehlo.reduce(%b init: %x) applies stablehlo.add across dimensions = [0, 1] : (tensor<{HUGE}>, tensor<f32>) -> tensor<f32>",
    ),
    "splat beyond 2^63": given(f"tensor<{HUGE}>", f"%r = stablehlo.constant dense<1.0> : tensor<{HUGE}>"),
    "reduce to beyond 2^63": main(
        ["tensor<4294967296x4294967296x0xf32>"],
        [f"tensor<{HUGE}>"],
        f"""{one}
        %r = stablehlo.reduce(%arg0 init: %x) applies stablehlo.add across dimensions = [2] : (tensor<4294967296x4294967296x0xf32>, tensor<f32>) -> tensor<{HUGE}>
        return %r : tensor<{HUGE}>""",
    ),
    "dot beyond 2^63": main(
        ["tensor<4294967296x0xf32>", "tensor<0x4294967296xf32>"],
        [f"tensor<{HUGE}>"],
        f"""%r = stablehlo.dot %arg0, %arg1 : (tensor<4294967296x0xf32>, tensor<0x4294967296xf32>) -> tensor<{HUGE}>
        return %r : tensor<{HUGE}>""",
    ),
    "pad beyond 2^63": given(
        f"tensor<{HUGE}>",
        one,
        "%y = stablehlo.constant dense<1.0> : tensor<1x1xf32>",
        f"%r = stablehlo.pad %y, %x, low = [4294967295, 4294967295], high = [0, 0], interior = [0, 0] : (tensor<1x1xf32>, tensor<f32>) -> tensor<{HUGE}>",
    ),
    "slice of beyond 2^63": main(
        [f"tensor<{HUGE}>"],
        ["tensor<1x1xf32>"],
        f"%r = stablehlo.slice %arg0 [0:1, 0:1] : (tensor<{HUGE}>) -> tensor<1x1xf32>\nreturn %r : tensor<1x1xf32>",
    ),
    "iota of 2^40": given(LONG, f"%r = stablehlo.iota dim = 0 : {LONG}"),
    "sort of 2^40": sort(LONG, "LT"),
    "sort by NE": sort("tensor<1000xf32>", "NE"),
    "function calls itself": calling(call("f")),
    "functions call each other": calling(call("g"), call("f")),
    "main calls itself": "module { func.func public @main() -> tensor<f32> { %r = func.call @main() : () -> tensor<f32>\n return %r : tensor<f32> } }",
    "composite of itself": calling(composite("f")),
    "composites of each other": calling(composite("g"), composite("f")),
    "private main": given("tensor<f32>", "%r = stablehlo.constant dense<1.0> : tensor<f32>").replace("public", "private"),
    "negative fft length": main(
        ["tensor<4xcomplex<f32>>"],
        ["tensor<4xcomplex<f32>>"],
        """%r = stablehlo.fft %arg0, type = FFT, length = [-4] : (tensor<4xcomplex<f32>>) -> tensor<4xcomplex<f32>>
        return %r : tensor<4xcomplex<f32>>""",
    ),
    "collective_permute from below 0": permute("[[-1, -7]]"),
    "collective_permute out of range": permute("[[0, 99999]]"),
    "negative tile": identity(argument='{mhlo.layout_mode = "{0:T(-4)}"}'),
    "layout out of range": identity("tensor<4x4xf32>", argument='{mhlo.layout_mode = "{5,9}"}'),
    "num_partitions 0": identity(attributes="mhlo.num_partitions = 0 : i32"),
    "num_partitions -1": identity(attributes="mhlo.num_partitions = -1 : i32"),
    "num_replicas 2^31 - 1": identity(attributes="mhlo.num_replicas = 2147483647 : i32"),
    "spmd_output_sharding of 9": identity(attributes='mhlo.spmd_output_sharding = "{devices=[9]0}"'),
    "spmd_parameters_shardings of -1": identity(attributes='mhlo.spmd_parameters_shardings = ["{devices=[-1]0}"]'),
    "frontend_attributes of 3": identity(attributes="mhlo.frontend_attributes = {a = 3}"),
    "negative tiles of parameters": identity(
        attributes="mhlo.xla_entry_computation_parameter_tiles = [[dense<[-2]> : tensor<1xindex>]], mhlo.xla_entry_computation_parameter_layouts = [dense<[0]> : tensor<1xindex>]"
    ),
    "unknown custom call": custom_call("nobody", 4),
    "TopK with k beyond its input": custom_call("TopK", 99),
    "TopK with k far beyond its input": custom_call("TopK", 100000000),
    "bounded while": main(
        ["tensor<4xf32>", "tensor<i32>"],
        ["tensor<f32>"],
        f"""%b = stablehlo.set_dimension_size %arg0, %arg1, dim = 0 : (tensor<4xf32>, tensor<i32>) -> {BOUNDED}
        %w = stablehlo.while(%i = %b) : {BOUNDED}
        cond {{ %c = stablehlo.constant dense<false> : tensor<i1>
          stablehlo.return %c : tensor<i1> }}
        do {{ stablehlo.return %i : {BOUNDED} }}
        %z = stablehlo.constant dense<0.0> : tensor<f32>
        %r = stablehlo.reduce(%w init: %z) applies stablehlo.add across dimensions = [0] : ({BOUNDED}, tensor<f32>) -> tensor<f32>
        return %r : tensor<f32>""",
    ),
}


# The rest die of the same, however they were read.
AS_BYTECODE = ["splat beyond 2^63", "function calls itself", "private main", "negative tile", "unknown custom call", "bounded while"]


def bytecode(text):
    with mlir.make_ir_context(), ir.Location.unknown():
        out = io.BytesIO()
        ir.Module.parse(text).operation.write_bytecode(out)
        return base64.b64encode(out.getvalue()).decode()


written = {"text": modules, "bytecode": {name: bytecode(modules[name]) for name in AS_BYTECODE}}
with open(f"{sys.argv[1]}/foreign.json", "w") as out:
    json.dump(written, out, indent=1)
    out.write("\n")
print(len(modules), "modules")
