"""Writes test/fixtures/screen.json: small programs as MLIR bytecode in several versions, as portable StableHLO and as text
in several forms, with a function that is called, a composite and a custom call that is a note of a sharding, for attacks
to change; and some that end the process that compiles or runs them.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-screen-fixtures.py test/fixtures
"""

import base64
import io
import json
import re
import sys

import jax
import jax.numpy as jnp
from jax._src.interpreters import mlir
from jaxlib.mlir import ir
from jaxlib.mlir.dialects import stablehlo

sources = {
    "calls": """
module {
  func.func private @f(%x: tensor<8xf32>) -> tensor<8xf32> {
    %y = stablehlo.add %x, %x : tensor<8xf32>
    return %y : tensor<8xf32>
  }
  func.func public @main(%x: tensor<8xf32>) -> tensor<8xf32> {
    %a = call @f(%x) : (tensor<8xf32>) -> tensor<8xf32>
    %b = stablehlo.composite "a.b" %a {decomposition = @f} : (tensor<8xf32>) -> tensor<8xf32>
    %c = stablehlo.custom_call @Sharding(%b) {mhlo.sharding = "{replicated}"} : (tensor<8xf32>) -> tensor<8xf32>
    %d = stablehlo.negate %c : tensor<8xf32>
    return %d : tensor<8xf32>
  }
}
""",
    "sorts": """
module {
  func.func public @main(%x: tensor<8xf32>) -> tensor<8xf32> {
    %y = "stablehlo.sort"(%x) <{dimension = 0 : i64, is_stable = false}> ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %l = stablehlo.compare LT, %a, %b : (tensor<f32>, tensor<f32>) -> tensor<i1>
      stablehlo.return %l : tensor<i1>
    }) : (tensor<8xf32>) -> tensor<8xf32>
    return %y : tensor<8xf32>
  }
}
""",
}
sources["sorts by NE"] = sources["sorts"].replace("compare LT", "compare NE")
sources["an FFT of length -8"] = """
module {
  func.func public @main(%x: tensor<8xcomplex<f32>>) -> tensor<8xcomplex<f32>> {
    %y = stablehlo.fft %x, type = FFT, length = [-8] : (tensor<8xcomplex<f32>>) -> tensor<8xcomplex<f32>>
    return %y : tensor<8xcomplex<f32>>
  }
}
"""
sources["an iota of 2^40"] = """
module {
  func.func public @main() -> tensor<1099511627776xf32> {
    %y = stablehlo.iota dim = 0 : tensor<1099511627776xf32>
    return %y : tensor<1099511627776xf32>
  }
}
"""
sources["a constant of 2^64 bytes"] = """
module {
  func.func public @main() -> tensor<2147483648x2147483648xf32> {
    %y = stablehlo.constant dense<1.0> : tensor<2147483648x2147483648xf32>
    return %y : tensor<2147483648x2147483648xf32>
  }
}
"""
sources["a private @main"] = sources["sorts"].replace("public", "private")
# Its dialect chlo is there for one attribute alone.
noted = """
module {
  func.func public @main(%x: tensor<8xf32>) -> tensor<8xf32> {
    %y = stablehlo.negate %x {jax.a = #chlo<comparison_direction LT>} : tensor<8xf32>
    return %y : tensor<8xf32>
  }
}
"""
programs = {}
with mlir.make_ir_context():
    for name, source in sources.items():
        module = ir.Module.parse(source)
        for version in (0, 4, 5, 6):
            out = io.BytesIO()
            module.operation.write_bytecode(out, desired_version=version)
            programs[f"{name}, version {version}"] = out.getvalue()
        for version in ("1.8.0", stablehlo.get_current_version()):
            programs[f"{name}, StableHLO {version}"] = stablehlo.serialize_portable_artifact_str(str(module), version)

    noted_code = io.BytesIO()
    ir.Module.parse(noted).operation.write_bytecode(noted_code, desired_version=6)


def loops(x):
    def step(carry, i):
        return jax.lax.cond(carry[0] > i, jnp.sin, lambda y: jax.scipy.special.erfinv(y), carry), jnp.sort(carry)

    return jax.lax.scan(step, x, jnp.arange(3.0))


def windows(x):
    image = jax.lax.conv_general_dilated(x[None, None, :], jnp.ones((1, 1, 3)), (1,), "SAME")
    return jax.lax.reduce_window(image, 0.0, jax.lax.add, (1, 1, 2), (1, 1, 2), "VALID"), x.at[jnp.arange(2)].add(1.0), jax.random.bits(jax.random.key(0))


traced = jax.ShapeDtypeStruct((8,), "float32")
texts = {}
with mlir.make_ir_context():
    modules = {
        "calls": ir.Module.parse(sources["calls"]),
        "sorts": ir.Module.parse(sources["sorts"]),
        "shards": ir.Module.parse(open(f"{sys.argv[1]}/../golden/shard-map.mlir").read()),
        "loops": ir.Module.parse(jax.jit(loops).lower(traced).as_text(debug_info=True)),
        "windows": ir.Module.parse(jax.jit(windows).lower(traced).as_text(debug_info=True)),
    }
    for name, module in modules.items():
        for form, options in {
            "plain": {},
            "generic": {"print_generic_op_form": True},
            "with locations": {"enable_debug_info": True},
            "generic, with locations in place": {"print_generic_op_form": True, "enable_debug_info": True, "use_local_scope": True},
        }.items():
            texts[f"{name}, {form}"] = module.operation.get_asm(**options)

# Locations name files of the machine that made this.
texts = {name: re.sub(r'"/[^"]*/', '"', text) for name, text in texts.items()}
fixture = {
    "jax": jax.__version__,
    "noted": base64.b64encode(noted_code.getvalue()).decode(),
    "programs": {name: base64.b64encode(code).decode() for name, code in programs.items()},
    "texts": texts,
}
with open(f"{sys.argv[1]}/screen.json", "w") as file:
    json.dump(fixture, file, indent=2)
    file.write("\n")
