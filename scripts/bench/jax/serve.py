"""Runs rows of the benchmark for another process: one JSON request a line on stdin, one answer a line on stdout."""

import base64
import gc
import json
import os
import sys
import time
import traceback

import jax
import numpy as np

import decompositions  # noqa: F401
import filters  # noqa: F401
import networks  # noqa: F401
import operations  # noqa: F401
import others
import recurrences  # noqa: F401
import rows
import seed  # noqa: F401


def received(array):
    data = np.frombuffer(base64.b64decode(array["data"]), dtype=array["dtype"])
    return jax.device_put(data.reshape(array["shape"]))


def sent(tree):
    arrays = [np.asarray(leaf, order="C") for leaf in jax.tree.leaves(tree)]
    return [
        {"dtype": str(a.dtype), "shape": list(a.shape), "data": base64.b64encode(a.tobytes()).decode()}
        for a in arrays
    ]


def program_of(row, how):
    return rows.plain[row] if how is None else rows.alternatives[row][how]


ready = {}
arguments = {}


def describe():
    return {
        "jax": jax.__version__,
        "python": sys.version.split()[0],
        "device": jax.devices()[0].device_kind,
        "rows": sorted(rows.plain),
        "alternatives": {name: list(each) for name, each in rows.alternatives.items()},
    }


def prepare(row, how, inputs):
    """Compiles a row's program, runs it once, and gives its results."""
    arguments[row] = [received(each) for each in inputs]
    fn = program_of(row, how)
    ready[row, how] = jax.jit(lambda *args: fn(*args))
    return sent(ready[row, how](*arguments[row]))


def forget(row):
    for key in [key for key in ready if key[0] == row]:
        del ready[key]
    arguments.pop(row, None)
    gc.collect()


def run(row, how, calls):
    """Seconds a call, each awaited, over so many calls."""
    fn, args, wait = ready[row, how], arguments[row], jax.block_until_ready
    gc.disable()
    began = time.perf_counter()
    for _ in range(calls):
        wait(fn(*args))
    seconds = time.perf_counter() - began
    gc.enable()
    return seconds / calls


def dispatch(row, calls):
    """As run, but nothing is awaited."""
    fn, args = ready[row, None], arguments[row]
    gc.disable()
    began = time.perf_counter()
    for _ in range(calls):
        fn(*args)
    seconds = time.perf_counter() - began
    gc.enable()
    return seconds / calls


def read(row, calls):
    """As run, with the results read."""
    fn, args = ready[row, None], arguments[row]
    gc.disable()
    began = time.perf_counter()
    for _ in range(calls):
        [np.asarray(leaf) for leaf in jax.tree.leaves(fn(*args))]
    seconds = time.perf_counter() - began
    gc.enable()
    return seconds / calls


def stages(row):
    """Seconds of tracing and lowering the plain program anew, the lesser of two, and of compiling it."""
    fn, args = program_of(row, None), arguments[row]
    lowerings = []
    for _ in range(2):
        began = time.perf_counter()
        lowered = jax.jit(lambda *args: fn(*args)).lower(*args)
        lowerings.append(time.perf_counter() - began)
    began = time.perf_counter()
    lowered.compile()
    return {"lower": min(lowerings), "compile": time.perf_counter() - began}


def memory(inputs, every):
    bytes_, gradients = others.gradient_memory(*map(received, inputs), every)
    return {"bytes": bytes_, "results": sent(gradients)}


operations = {
    "describe": describe,
    "prepare": prepare,
    "forget": forget,
    "run": run,
    "dispatch": dispatch,
    "read": read,
    "stages": stages,
    "memory": memory,
    "growth": others.growth,
}

# What else is printed must not stand among the answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)

for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = {"value": operations[request["operation"]](**request["arguments"])}
    except Exception:
        answer = {"error": traceback.format_exc()}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
