"""Writes scripts/coming-from-jax/names.tsv: the names of JAX 0.10.2, and how many public programs use each.

Needs a virtual environment with jax==0.10.2, and a clone of each repository, bare or not:

    python scripts/count-jax-names.py OWNER/NAME=FOLDER... > scripts/coming-from-jax/names.tsv

All Python files of each newest commit are read. Imports are resolved, so `jnp.sum` and `from jax.numpy import sum` are
one name, `jax.numpy.sum`. A name that JAX has moved counts as what it is called today. One that JAX no longer has is
left out. Methods of arrays count where a file imports jax.numpy and not numpy, since a method does not say its type.
All dtypes are one name, and so are all types. The names that most repositories use come first.
"""

import ast
import collections
import importlib
import inspect
import subprocess
import sys
import types
import warnings

import jax
import jax.numpy as jnp

warnings.simplefilter("ignore")

MODULES = [
    "jax", "jax.numpy", "jax.numpy.linalg", "jax.numpy.fft", "jax.lax", "jax.lax.linalg", "jax.nn",
    "jax.nn.initializers", "jax.random", "jax.scipy", "jax.scipy.linalg", "jax.scipy.special",
    "jax.scipy.stats", "jax.scipy.signal", "jax.scipy.ndimage", "jax.scipy.fft", "jax.scipy.optimize",
    "jax.scipy.interpolate", "jax.scipy.integrate", "jax.scipy.cluster", "jax.scipy.spatial.transform",
    "jax.scipy.sparse.linalg", "jax.tree", "jax.tree_util", "jax.ops", "jax.image", "jax.debug",
    "jax.sharding", "jax.flatten_util",
]  # fmt: skip
MODULES += [f"jax.scipy.stats.{name}" for name in dir(jax.scipy.stats) if inspect.ismodule(getattr(jax.scipy.stats, name))]

# Not operations on arrays: settings, several hosts, profiles, and what only writers of transforms meet.
LEFT_OUT = {
    "jax.check_tracer_leaks", "jax.checking_leaks", "jax.clear_caches", "jax.config", "jax.debug_infs",
    "jax.debug_nans", "jax.default_device", "jax.default_matmul_precision", "jax.default_prng_impl",
    "jax.disable_jit", "jax.enable_checks", "jax.enable_x64", "jax.ensure_compile_time_eval",
    "jax.host_count", "jax.host_id", "jax.live_arrays", "jax.log_compiles", "jax.make_array_from_callback",
    "jax.make_array_from_process_local_data", "jax.make_array_from_single_device_arrays",
    "jax.make_user_context", "jax.memory", "jax.named_call", "jax.named_scope", "jax.no_execution",
    "jax.numpy.get_printoptions", "jax.numpy.printoptions", "jax.numpy.set_printoptions",
    "jax.numpy_dtype_promotion", "jax.numpy_rank_promotion", "jax.print_environment_info",
    "jax.process_count", "jax.process_index", "jax.process_indices", "jax.set_mesh", "jax.softmax_custom_jvp",
    "jax.thread_guard", "jax.threefry_partitionable", "jax.transfer_guard",
    "jax.tree_util.register_dataclass", "jax.tree_util.register_pytree_node",
    "jax.tree_util.register_pytree_node_class", "jax.tree_util.register_pytree_with_keys",
    "jax.tree_util.register_pytree_with_keys_class", "jax.tree_util.register_static",
}  # fmt: skip

KEPT_TYPES = {"jax.ShapeDtypeStruct", "jax.sharding.Mesh", "jax.sharding.NamedSharding", "jax.sharding.PartitionSpec"}

# Classes that are used as functions.
CALLED_CLASSES = {"jax.custom_jvp", "jax.custom_vjp", "jax.tree_util.Partial", "jax.numpy.vectorize"}

# Old places of what JAX calls otherwise today.
MOVED = {
    "jax.experimental.shard_map.shard_map": "jax.shard_map",
    "jax.interpreters.pxla.with_sharding_constraint": "jax.lax.with_sharding_constraint",
    "jax.experimental.pjit.with_sharding_constraint": "jax.lax.with_sharding_constraint",
    "jax.experimental.maps.Mesh": "jax.sharding.Mesh",
    "jax.experimental.PartitionSpec": "jax.sharding.PartitionSpec",
    "jax.P": "jax.sharding.PartitionSpec",
    "jax.NamedSharding": "jax.sharding.NamedSharding",
    "jax.experimental.pjit.pjit": "jax.jit",
    "jax.ad_checkpoint.checkpoint": "jax.checkpoint",
    "jax.experimental.host_callback.id_print": "jax.debug.print",
    "jax.numpy.row_stack": "jax.numpy.vstack",
    "jax.numpy.in1d": "jax.numpy.isin",
    "jax.numpy.trapz": "jax.numpy.trapezoid",
    "jax.numpy.round_": "jax.numpy.round",
    "jax.numpy.alltrue": "jax.numpy.all",
    "jax.numpy.sometrue": "jax.numpy.any",
    "jax.numpy.product": "jax.numpy.prod",
    "jax.numpy.cumproduct": "jax.numpy.cumprod",
    "jax.numpy.msort": "jax.numpy.sort",
    "jax.numpy.clamp": "jax.numpy.clip",
    "jax.scipy.special.logsumexp": "jax.nn.logsumexp",
    "jax.scipy.special.softmax": "jax.nn.softmax",
    "jax.scipy.special.log_softmax": "jax.nn.log_softmax",
    "jax.nn.swish": "jax.nn.silu",
    "jax.remat": "jax.checkpoint",
    "jax.nn.normalize": "jax.nn.standardize",
    "jax.random.shuffle": "jax.random.permutation",
    "jax.lax.ConvGeneralDilatedDimensionNumbers": "types",
    "jax.lax.DotDimensionNumbers": "types",
    "jax.lax.PrecisionLike": "types",
    "jax.tree_util.KeyPath": "types",
    "jax.tree_multimap": "jax.tree.map",
    "jax.tree_util.tree_multimap": "jax.tree.map",
}  # fmt: skip
for old in ["map", "leaves", "flatten", "unflatten", "structure", "reduce", "transpose", "all"]:
    MOVED[f"jax.tree_util.tree_{old}"] = MOVED[f"jax.tree_{old}"] = f"jax.tree.{old}"
for old in ["map_with_path", "flatten_with_path", "leaves_with_path"]:
    MOVED[f"jax.tree_util.tree_{old}"] = f"jax.tree.{old}"

# What arrays have, as far as it cannot be confused with methods of strings, lists and modules.
METHODS = [
    "T", "mT", "all", "any", "argmax", "argmin", "argsort", "astype", "block_until_ready", "clip", "conj",
    "cumprod", "cumsum", "diagonal", "dot", "dtype", "flatten", "imag", "item", "max", "mean", "min", "ndim",
    "nonzero", "prod", "ravel", "real", "repeat", "reshape", "round", "shape", "size", "squeeze", "std",
    "sum", "swapaxes", "take", "tolist", "trace", "transpose", "var",
]  # fmt: skip
UPDATES = ["add", "apply", "divide", "get", "max", "min", "mul", "multiply", "power", "set", "subtract"]


ABSENT = object()


def find(name):
    """What a dotted name is in this JAX."""
    *modules, last = name.split(".")
    try:
        return getattr(importlib.import_module(".".join(modules)), last)
    except (ImportError, AttributeError, ValueError):
        return ABSENT


def is_dtype(value):
    if isinstance(value, type(jnp.float32)):
        return True
    return inspect.isclass(value) and value.__module__ in ("numpy", "ml_dtypes")


def canonical(dotted):
    """The name that the tables use, or None for what they leave out."""
    for module in sorted(MODULES, key=len, reverse=True):
        if dotted.startswith(module + "."):
            name = module + "." + dotted[len(module) + 1 :].split(".")[0]
            break
    else:
        name = dotted
    name = MOVED.get(name, MOVED.get(dotted, name))
    if name in LEFT_OUT:
        return None
    if name in KEPT_TYPES or name == "types":
        return name
    if any(part.startswith("_") for part in name.split(".")) or name.endswith("_p"):
        return None
    module = name.rpartition(".")[0]
    if module not in MODULES:
        return None
    value = find(name)
    if value is ABSENT or isinstance(value, types.ModuleType):
        return None
    if is_dtype(value) or name in ("jax.numpy.dtype", "jax.dtypes"):
        return "dtypes"
    return "types" if inspect.isclass(value) and name not in CALLED_CLASSES else name


def public():
    """All names that this JAX has in the modules of operations."""
    yield from (f"jax.Array.{name}" for name in METHODS)
    yield from (f"jax.Array.at.{name}" for name in UPDATES)
    for module in MODULES:
        if module in ("jax", "jax.sharding", "jax.debug", "jax.flatten_util", "jax.tree_util"):
            continue
        for last in dir(importlib.import_module(module)):
            name = canonical(f"{module}.{last}")
            if name and name.startswith("jax."):
                yield name


class Reader(ast.NodeVisitor):
    """Counts the names of one file."""

    def __init__(self):
        self.known = {}  # what a variable of the file stands for
        self.names = []
        self.numpy = False

    def note_import(self, node):
        for each in node.names:
            if each.name.split(".")[0] == "jax":
                self.known[each.asname or "jax"] = each.name if each.asname else "jax"
            if each.name == "numpy":
                self.numpy = True

    def note_import_from(self, node):
        if node.level or node.module is None or node.module.split(".")[0] != "jax":
            return
        for each in node.names:
            self.known[each.asname or each.name] = f"{node.module}.{each.name}"

    def read(self, tree):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self.note_import(node)
            elif isinstance(node, ast.ImportFrom):
                self.note_import_from(node)
        self.visit(tree)

    def dotted(self, node):
        if isinstance(node, ast.Name):
            return self.known.get(node.id)
        if isinstance(node, ast.Attribute):
            before = self.dotted(node.value)
            return before and f"{before}.{node.attr}"
        return None

    def visit_Name(self, node):
        name = self.dotted(node)
        if name and "." in name:
            self.names.append(name)

    def visit_Attribute(self, node):
        name = self.dotted(node)
        if name:
            self.names.append(name)
            return
        below = node.value
        if isinstance(below, ast.Subscript) and isinstance(below.value, ast.Attribute) and below.value.attr == "at":
            if node.attr in UPDATES:
                self.names.append(f"jax.Array.at.{node.attr}")
        elif node.attr in METHODS:
            self.names.append(f"jax.Array.{node.attr}")
        self.generic_visit(node)

    def finish(self):
        """The names in the spelling of the tables."""
        arrays = not self.numpy and "jax.numpy" in self.known.values()
        for name in self.names:
            if name.startswith("jax.Array.at."):
                yield name
            elif name.startswith("jax.Array."):
                if arrays:
                    yield name
            elif found := canonical(name):
                yield found


def sources(folder):
    """The texts of the Python files in the newest commit."""
    git = ["git", "-C", folder]
    lines = subprocess.run([*git, "ls-tree", "-r", "-z", "HEAD"], capture_output=True, check=True).stdout
    for line in filter(None, lines.split(b"\0")):
        kind, path = line.split(b"\t", 1)
        mode, _, blob = kind.split()
        if path.endswith(b".py") and mode != b"120000":
            text = subprocess.run([*git, "cat-file", "blob", blob], capture_output=True)
            if text.returncode == 0 and b"jax" in text.stdout:
                yield text.stdout


def commit(folder):
    return subprocess.run(["git", "-C", folder, "rev-parse", "HEAD"], capture_output=True, check=True, text=True).stdout.strip()


def main():
    repositories, uses = collections.Counter(), collections.Counter()
    print("# repository: newest commit that was read")
    for argument in sys.argv[1:]:
        name, folder = argument.split("=", 1)
        here = collections.Counter()
        for text in sources(folder):
            try:
                tree = ast.parse(text)
            except (SyntaxError, ValueError):
                continue  # Python 2, or a template
            reader = Reader()
            reader.read(tree)
            here.update(reader.finish())
        uses.update(here)
        repositories.update(here.keys())
        print(f"# {name}: {commit(folder)}")
    for name in public():
        uses[name] += 0
    print("name\trepositories\tuses")
    for name in sorted(uses, key=lambda name: (-repositories[name], -uses[name], name)):
        print(f"{name}\t{repositories[name]}\t{uses[name]}")


main()
