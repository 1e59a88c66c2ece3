"""Parses and verifies StableHLO modules with jaxlib's own MLIR, which shares no code with the plugins.

Needs a virtual environment with jax==0.10.2:

    npx tsx scripts/emit-language.ts FOLDER && python scripts/verify-stablehlo.py FOLDER test/golden
"""

import glob
import sys

from jax._src.interpreters import mlir
from jaxlib.mlir import ir

count = 0
for folder in sys.argv[1:]:
    for name in sorted(glob.glob(f"{folder}/*.mlir")):
        with mlir.make_ir_context():
            with open(name) as file:
                module = ir.Module.parse(file.read())
            assert module.operation.verify(), name
        count += 1
print(count, "modules verified")
