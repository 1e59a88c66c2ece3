"""Holds what the screen of workers reads in mutants of MLIR bytecode or text against what MLIR itself reads in them: of each
that both take, the same operations, as often, the same targets of custom calls, directions of comparisons and names of
functions, all attributes that XLA obeys, and for how many devices it is. Of what the screen reads and refuses, it has seen
all operations that there are.

Needs a virtual environment with jax==0.10.2. A mutant that ends MLIR's process is counted.

    npx tsx scripts/screen-mutants.ts bytecode 20000 > mutants.jsonl
    python scripts/check-screen.py mutants.jsonl
"""

import base64
import collections
import json
import multiprocessing
import re
import sys


def plain(name):
    """Portable StableHLO has one operation to return from functions and from regions."""
    versioned = re.fullmatch(r"vhlo\.(\w+?)_v\d+", name)
    if versioned:
        name = ("func." if versioned[1] in ("func", "call") else "stablehlo.") + versioned[1]
    return "return" if name in ("func.return", "stablehlo.return") else name


def said(attribute, ir):
    """The text of a text of MLIR, or of portable StableHLO."""
    if isinstance(attribute, ir.StringAttr):
        return attribute.value_bytes.decode("utf8", "replace")
    return re.search(r'"(.*)"', str(attribute))[1]


def reading(module, ir):
    read = collections.defaultdict(list)

    def names(attribute):
        if isinstance(attribute, ir.DictAttr):
            for each in (attribute[i] for i in range(len(attribute))):
                read["attributes"].append(each.name)
                names(each.attr)
        elif isinstance(attribute, ir.ArrayAttr):
            for each in attribute:
                names(each)

    def visit(operation):
        name = plain(operation.name)
        read["operations"].append(name)
        attributes = operation.attributes
        for key in attributes:
            read["attributes"].append(key)
            # The bindings end the process at some locations, which others may hold.
            if key in ("arg_attrs", "res_attrs", "mhlo.frontend_attributes"):
                names(attributes[key])
        if name == "stablehlo.custom_call":
            read["targets"].append(said(attributes["call_target_name"], ir))
        if name == "stablehlo.compare":
            read["directions"].append(re.search(r"([A-Z]{2})>?$", str(attributes["comparison_direction"]))[1])
        if name == "func.func":
            private = "sym_visibility" in attributes and said(attributes["sym_visibility"], ir) == "private"
            read["symbols"].append(f"{said(attributes['sym_name'], ir)} {'private' if private else 'public'}")
        for region in operation.regions:
            for block in region:
                for inner in block.operations:
                    visit(inner.operation)

    visit(module.operation)
    read["attributes"] = [name for name in set(read["attributes"]) if re.match(r"mhlo\.|_xla", name)]
    attributes = module.operation.attributes
    for key in ("replicas", "partitions"):
        if f"mhlo.num_{key}" in attributes and isinstance(attributes[f"mhlo.num_{key}"], ir.IntegerAttr):
            read["counts"].append((key, attributes[f"mhlo.num_{key}"].value))
    return dict(read)


def worker(pipe):
    from jax._src.interpreters import mlir
    from jaxlib.mlir import ir
    from jaxlib.mlir.dialects import stablehlo

    while True:
        code = pipe.recv()
        context = mlir.make_ir_context()
        try:
            with context:
                if code.startswith(b"ML\xefR") and b"vhlo" in code:
                    module = stablehlo.deserialize_portable_artifact(context, code)
                    if isinstance(module, str):
                        module = ir.Module.parse(module)
                else:
                    module = ir.Module.parse(code)
                pipe.send(reading(module, ir))
        except (ir.MLIRError, ValueError) as error:
            pipe.send(str(error))


def start():
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=worker, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def differences(ours, theirs, code):
    """What MLIR has read otherwise than the screen, by what it is of."""
    found = {}
    bytecode = code.startswith(b"ML\xefR")
    counted = lambda names: collections.Counter(map(plain, names))
    seen, there = counted(ours["operations"]), counted(theirs["operations"])
    if there["builtin.module"] == seen["builtin.module"] + 1:
        seen["builtin.module"] += 1  # MLIR makes one around what is not one module
    # `applies stablehlo.add` is short for a region that returns its sum.
    seen["return"] += min(code.count(b"applies"), max(0, there["return"] - seen["return"]))
    hidden = there - seen
    if hidden:
        found["hidden operations"] = hidden
    if "refused" in ours:
        return found
    if seen - there:
        found["operations that are not there"] = seen - there
    for key in ("targets", "directions", "symbols"):
        if bytecode:
            # There, a text has a character for each byte.
            ours[key] = [text.encode("latin1").decode("utf8", "replace") for text in ours[key]]
        if sorted(ours[key]) != sorted(theirs.get(key, [])):
            found[key] = (ours[key], theirs.get(key))
    unseen = set(theirs["attributes"]) - set(ours["attributes"])
    if unseen:
        found["unseen attributes"] = unseen
    if "counts" in ours:
        wrong = [(key, value) for key, value in theirs.get("counts", []) if ours["counts"][key] != value]
        if wrong:
            found["counts"] = (ours["counts"], wrong)
    return found


if __name__ == "__main__":
    process, pipe = start()
    counts = dict.fromkeys(
        ["mutants", "not read by the screen", "refused by MLIR", "ended MLIR", "taken, read alike", "refused, nothing hidden", "read otherwise"], 0
    )
    for line in open(sys.argv[1]):
        counts["mutants"] += 1
        ours = json.loads(line)
        if "code" not in ours:
            counts["not read by the screen"] += 1
            continue
        code = base64.b64decode(ours.pop("code"))
        try:
            pipe.send(code)
            theirs = pipe.recv()
        except (EOFError, OSError):
            counts["ended MLIR"] += 1
            process.join()
            process, pipe = start()
            continue
        if isinstance(theirs, str):
            counts["refused by MLIR"] += 1
            continue
        found = differences(ours, theirs, code)
        if found:
            counts["read otherwise"] += 1
            print(json.dumps({"found": str(found), "code": code.decode("latin1")}), file=sys.stderr)
        else:
            counts["refused, nothing hidden" if "refused" in ours else "taken, read alike"] += 1
    print(counts)
    sys.exit(counts["read otherwise"] > 0)
