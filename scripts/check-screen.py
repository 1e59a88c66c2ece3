"""Holds what the screen of workers reads in mutants of MLIR bytecode against what MLIR itself reads in them: of each that
both take, the same operations, as often, and the same targets of custom calls.

Needs a virtual environment with jax==0.10.2. A mutant that ends MLIR's process is counted.

    npx tsx scripts/screen-mutants.ts 20000 > mutants.jsonl
    python scripts/check-screen.py mutants.jsonl
"""

import base64
import json
import multiprocessing
import re
import sys


def plain(name):
    """Portable StableHLO has one operation to return from functions and from regions."""
    return "return" if name in ("func.return", "stablehlo.return") else name


def reading(module):
    operations, targets = [], []

    def visit(operation):
        name = operation.name
        versioned = re.fullmatch(r"vhlo\.(\w+?)_v\d+", name)
        if versioned:
            name = ("func." if versioned[1] in ("func", "call") else "stablehlo.") + versioned[1]
        operations.append(plain(name))
        if name == "stablehlo.custom_call":
            target = operation.attributes["call_target_name"]
            targets.append(re.search(r'"(.*)"', str(target))[1])
        for region in operation.regions:
            for block in region:
                for inner in block.operations:
                    visit(inner.operation)

    visit(module.operation)
    return sorted(operations), sorted(targets)


def worker(pipe):
    from jax._src.interpreters import mlir
    from jaxlib.mlir import ir
    from jaxlib.mlir.dialects import stablehlo

    while True:
        code = pipe.recv()
        context = mlir.make_ir_context()
        try:
            with context:
                if b"vhlo" in code:
                    module = stablehlo.deserialize_portable_artifact(context, code)
                    if isinstance(module, str):
                        module = ir.Module.parse(module)
                else:
                    module = ir.Module.parse(code)
                pipe.send(reading(module))
        except Exception as error:
            pipe.send(str(error))


def start():
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=worker, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return process, ours


if __name__ == "__main__":
    process, pipe = start()
    counts = dict.fromkeys(["mutants", "refused by the screen", "refused by MLIR", "ended MLIR", "read alike", "read otherwise"], 0)
    for line in open(sys.argv[1]):
        counts["mutants"] += 1
        said = json.loads(line)
        if "refused" in said:
            counts["refused by the screen"] += 1
            continue
        try:
            pipe.send(base64.b64decode(said["code"]))
            read = pipe.recv()
        except (EOFError, OSError):
            counts["ended MLIR"] += 1
            process.join()
            process, pipe = start()
            continue
        if isinstance(read, str):
            counts["refused by MLIR"] += 1
        elif read == (sorted(map(plain, said["operations"])), said["targets"]):
            counts["read alike"] += 1
        else:
            counts["read otherwise"] += 1
            print("the screen read", said, "and MLIR", read)
    print(counts)
    sys.exit(counts["read otherwise"] > 0)
