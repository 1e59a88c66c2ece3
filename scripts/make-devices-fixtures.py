"""Writes test/fixtures/devices.json: programs for several devices in bytecode, and what JAX gives where they are its own.

Needs jax 0.10.2 and flatbuffers; the tests need only the file.

    python scripts/make-devices-fixtures.py test/fixtures
"""

import base64
import io
import json
import os
import pathlib
import sys

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=4"
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import numpy as np
from jax import export
from jax._src.interpreters import mlir
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxlib.mlir import ir
from jaxlib.mlir.dialects import stablehlo

# No file names of this machine in the programs.
jax.config.update("jax_traceback_in_locations_limit", 0)

# The sum over two replicas, and a partitioned sum of five rows, of which each of two partitions has three at most.
replicas = """module attributes {mhlo.num_replicas = 2 : i32} {
  func.func public @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    %y = "stablehlo.all_reduce"(%x) ({
    ^bb0(%a: tensor<f32>, %b: tensor<f32>):
      %s = stablehlo.add %a, %b : tensor<f32>
      stablehlo.return %s : tensor<f32>
    }) {replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>} : (tensor<4xf32>) -> tensor<4xf32>
    return %y : tensor<4xf32>
  }
}"""
uncounted = replicas.replace(" attributes {mhlo.num_replicas = 2 : i32}", "")
partitions = """module attributes {mhlo.num_partitions = 2 : i32} {
  func.func public @main(%x: tensor<5x4xf32> {mhlo.sharding = "{devices=[2,1]<=[2]}"}) -> tensor<f32> {
    %c = stablehlo.constant dense<0.0> : tensor<f32>
    %s = stablehlo.reduce(%x init: %c) applies stablehlo.add across dimensions = [0, 1] : (tensor<5x4xf32>, tensor<f32>) -> tensor<f32>
    return %s : tensor<f32>
  }
}"""
unattributed = partitions.replace(" attributes {mhlo.num_partitions = 2 : i32}", "")


def packed(data):
    return base64.b64encode(data).decode()


def forms(text):
    """A program as bytecode, and as portable artifacts of the oldest and the newest StableHLO."""
    with mlir.make_ir_context(), ir.Location.unknown():
        written = io.BytesIO()
        ir.Module.parse(text).operation.write_bytecode(written)
    oldest, newest = stablehlo.get_minimum_version(), stablehlo.get_current_version()
    return {
        "bytecode": packed(written.getvalue()),
        **{
            f"StableHLO {version}": packed(stablehlo.serialize_portable_artifact_str(text, version))
            for version in (oldest, newest)
        },
    }


mesh = Mesh(np.array(jax.devices()).reshape(2, 2), ("x", "y"))
rows = jax.ShapeDtypeStruct((4, 6), jnp.float32)
given = np.arange(24, dtype=np.float32).reshape(4, 6)


def on(*spec):
    return NamedSharding(mesh, PartitionSpec(*spec))


products = jax.jit(
    lambda x: (x @ x.T, x.sum(0)),
    in_shardings=on("x", "y"),
    out_shardings=(on("y", "x"), on()),
)
manual = jax.jit(
    jax.shard_map(
        lambda x: jax.lax.psum(x, "x") + jax.lax.axis_index("y"),
        mesh=mesh,
        in_specs=PartitionSpec("x", "y"),
        out_specs=PartitionSpec(None, "y"),
    )
)


def exported(function):
    results = jax.tree.leaves(function(given))
    return {
        "file": packed(export.export(function)(rows).serialize()),
        "text": function.lower(rows).as_text(),
        "outputs": [
            {"shape": list(result.shape), "data": np.asarray(result).ravel().tolist()}
            for result in results
        ],
    }


written = {
    "replicas": {"text": replicas, **forms(replicas)},
    "partitions": {"text": partitions, **forms(partitions)},
    "uncounted": forms(uncounted),
    "unattributed": forms(unattributed),
    "exported": {"products": exported(products), "manual": exported(manual)},
}
target = pathlib.Path(sys.argv[1]) / "devices.json"
target.write_text(json.dumps(written, indent=1) + "\n")
