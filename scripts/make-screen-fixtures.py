"""Writes test/fixtures/screen.json: small programs as MLIR bytecode in several versions and as portable StableHLO, with a
function that is called, a composite and a custom call that is a note of a sharding, for attacks to change; and some that
end the process that compiles or runs them.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-screen-fixtures.py test/fixtures
"""

import base64
import io
import json
import sys

import jax
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

fixture = {"jax": jax.__version__, "programs": {name: base64.b64encode(code).decode() for name, code in programs.items()}}
with open(f"{sys.argv[1]}/screen.json", "w") as file:
    json.dump(fixture, file, indent=2)
    file.write("\n")
