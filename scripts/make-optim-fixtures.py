"""Writes test/fixtures/optim.json: what optax 0.2.8 gives for the optimizers and schedules of `loopcarry/optim`.
test/support/optim.ts has those of the same names. f32 and bf16 are computed as JAX does by default, f64 with x64.

Needs a virtual environment with jax==0.10.2 and optax==0.2.8; the tests need only the file.

    python scripts/make-optim-fixtures.py test/fixtures
"""

import json
import sys
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax

STEPS = 7
NAN, INF = float("nan"), float("inf")
cosine = lambda: optax.cosine_decay_schedule(0.2, 5)
# With x64, JAX divides int32 in f32, and int64 in f64.
wide_count = lambda schedule: lambda count: schedule(count.astype(jnp.int64 if jax.config.jax_enable_x64 else jnp.int32))
warmup = lambda: wide_count(optax.warmup_cosine_decay_schedule(0.01, 0.1, 3, 6, 0.001))
k_of = lambda step: jnp.where(step < 1, 2, 3)
masked = {"b": False, "layers": True, "w": True}
matrices = lambda params: jax.tree.map(lambda p: p.ndim > 1, params)
multi = lambda inner, k, dtype, **more: optax.MultiSteps(inner, k, accumulator_dtype=dtype, **more)

# Each takes the dtype in which half floats are accumulated.
OPTIMIZERS = {
    "sgd": lambda _: optax.sgd(0.1),
    "sgdMomentum": lambda _: optax.sgd(0.1, momentum=0.9),
    "sgdNesterov": lambda _: optax.sgd(0.1, momentum=0.8, nesterov=True),
    "sgdAccumulator": lambda _: optax.sgd(0.1, momentum=0.9, accumulator_dtype=jnp.bfloat16),
    "sgdTensor": lambda _: optax.sgd(jnp.asarray(0.3)),
    "sgdSchedule": lambda _: optax.sgd(cosine(), momentum=0.5),
    "adam": lambda _: optax.adam(0.1),
    "adamOptions": lambda _: optax.adam(0.1, b1=0.8, b2=0.9, eps=1e-3, eps_root=1e-2),
    "adamNesterov": lambda _: optax.adam(0.1, nesterov=True),
    "adamSchedule": lambda _: optax.adam(warmup()),
    "adamMuBf16": lambda _: optax.adam(0.1, mu_dtype=jnp.bfloat16),
    "adamMuF32": lambda _: optax.adam(0.1, mu_dtype=jnp.float32),
    "adamw": lambda _: optax.adamw(0.1, weight_decay=0.1),
    "adamwDefault": lambda _: optax.adamw(0.1),
    "adamwMask": lambda _: optax.adamw(0.1, weight_decay=0.1, mask=masked),
    "adamwMaskOf": lambda _: optax.adamw(0.1, weight_decay=0.1, mask=matrices, nesterov=True),
    "adamwSchedule": lambda _: optax.adamw(warmup(), weight_decay=cosine()),
    "adagrad": lambda _: optax.adagrad(0.1),
    "adagradZero": lambda _: optax.adagrad(0.1, initial_accumulator_value=0.0, eps=1e-3),
    "rmsprop": lambda _: optax.rmsprop(0.1),
    "rmspropOutside": lambda _: optax.rmsprop(0.1, decay=0.8, eps=1e-3, eps_in_sqrt=False),
    "rmspropCorrected": lambda _: optax.rmsprop(0.1, bias_correction=True),
    "rmspropCentered": lambda _: optax.rmsprop(0.1, centered=True, eps=1e-3),
    "rmspropMomentum": lambda _: optax.rmsprop(0.1, momentum=0.9, initial_scale=0.5),
    "rmspropAll": lambda _: optax.rmsprop(cosine(), decay=0.7, eps=1e-2, initial_scale=1.0, eps_in_sqrt=False,
                                          centered=True, momentum=0.5, nesterov=True, bias_correction=True),
    "lion": lambda _: optax.lion(0.1),
    "lionOptions": lambda _: optax.lion(cosine(), b1=0.5, b2=0.8, weight_decay=0.2, mask=masked),
    "clip": lambda _: optax.clip(0.5),
    "clipByGlobalNorm": lambda _: optax.clip_by_global_norm(1.0),
    "clipByGlobalNormLarge": lambda _: optax.clip_by_global_norm(100.0),
    "addDecayedWeights": lambda _: optax.add_decayed_weights(0.1),
    "addDecayedWeightsMask": lambda _: optax.add_decayed_weights(0.1, masked),
    "addDecayedWeightsSchedule": lambda _: optax.add_decayed_weights(cosine()),
    "scale": lambda _: optax.scale(-0.3),
    "scaleBySchedule": lambda _: optax.scale_by_schedule(warmup()),
    "trace": lambda _: optax.trace(0.7),
    "traceNesterov": lambda _: optax.trace(0.7, nesterov=True),
    "ema": lambda _: optax.ema(0.7),
    "emaBiased": lambda _: optax.ema(0.7, debias=False),
    "chain": lambda _: optax.chain(optax.clip_by_global_norm(1.0), optax.add_decayed_weights(0.01), optax.adam(warmup())),
    "multiSteps": lambda dtype: multi(optax.adam(0.1), 3, dtype),
    "multiStepsSum": lambda dtype: multi(optax.sgd(0.1, momentum=0.9), 2, dtype, use_grad_mean=False),
    "multiStepsOfSteps": lambda dtype: multi(optax.adamw(cosine(), weight_decay=0.1), k_of, dtype),
}
# What optax does otherwise after a gradient that is not finite: an accumulator that is NaN stays so.
FINITE = {"multiSteps", "multiStepsSum", "multiStepsOfSteps"}
ONLY = {"adamMuF32": ["bf16"], "adamMuBf16": ["f32"], "sgdAccumulator": ["f32"]}
KEPT = ["mu", "nu", "trace", "ema", "sum_of_squares", "acc_grads", "mini_step", "gradient_step"]

SHAPES = {"net": {"b": (3,), "layers": [(2, 2), None, ()], "w": (2, 3)}, "scalar": (), "empty": {"a": None, "b": []},
          "none": {"w": (0, 3)}}
DTYPES = {"f32": jnp.float32, "f64": jnp.float64, "bf16": jnp.bfloat16}
is_shape = lambda x: isinstance(x, tuple)


def tree_of(shapes, dtype, seed, scale=1.0):
    count = iter(range(100))
    number = lambda shape: np.sin(np.arange(int(np.prod(shape))) * 2.3 + seed + next(count)).reshape(shape) * scale
    return jax.tree.map(lambda shape: jnp.asarray(number(shape), dtype), shapes, is_leaf=is_shape)


def grads_of(kind, shapes, dtype):
    made = [tree_of(shapes, dtype, 10.0 * step + 0.7, 1 + step) for step in range(STEPS)]
    if kind == "zero":
        return [jax.tree.map(jnp.zeros_like, each) for each in made]
    if kind == "odd":
        spoil = lambda value: lambda x: x.at[(0,) * x.ndim].set(value)
        made[2] = {**made[2], "b": spoil(NAN)(made[2]["b"])}
        made[3] = {**made[3], "w": spoil(INF)(made[3]["w"]), "layers": [spoil(-INF)(made[3]["layers"][0]), *made[3]["layers"][1:]]}
    return made


def plain(x):
    array = np.asarray(x)
    flat = (array if array.dtype == np.float64 else array.astype(np.float32)).ravel()
    # The shortest digits that are that number in its own dtype.
    return [float(str(v)) if np.isfinite(v) else "NaN" if np.isnan(v) else "-Infinity" if v < 0 else "Infinity" for v in flat]


leaves = lambda tree: [plain(leaf) for leaf in jax.tree.leaves(tree)]


def steps_of(name, dtype, kind):
    shapes = SHAPES[kind if kind in SHAPES else "net"]
    wide = jnp.float64 if dtype == "f64" else jnp.float32
    optimizer = OPTIMIZERS[name](wide)
    params = tree_of(shapes, DTYPES[dtype], 0.0)
    grads = grads_of(kind, shapes, DTYPES[dtype])
    state = optimizer.init(params)
    row = {"name": name, "dtype": dtype, "kind": kind, "params": leaves(params), "grads": [leaves(g) for g in grads],
           "updates": [], "after": []}
    step = jax.jit(optimizer.update)
    for each in grads:
        updates, state = step(each, state, params)
        params = optax.apply_updates(params, updates)
        row["updates"].append(leaves(updates))
        row["after"].append(leaves(params))
    row["state"] = {}
    for key in KEPT:
        found = optax.tree.get_all_with_path(state, key)
        if len(found) == 1:
            row["state"][key] = leaves(found[0][1])
    return row


def schedules():
    yield "constantSchedule", optax.constant_schedule(0.3)
    yield "polynomialSchedule", optax.polynomial_schedule(0.9, 0.1, 2.5, 8, 3)
    yield "polynomialStill", optax.polynomial_schedule(0.9, 0.1, 2, 0)
    yield "linearSchedule", optax.linear_schedule(0.1, 0.7, 10)
    yield "linearLater", optax.linear_schedule(0.1, 0.7, 5, 4)
    yield "piecewiseConstantSchedule", optax.piecewise_constant_schedule(0.8, {3: 0.5, 7: 0.1, 9: 3.0})
    yield "piecewiseNone", optax.piecewise_constant_schedule(0.8)
    yield "exponentialDecay", optax.exponential_decay(0.9, 5, 0.7)
    yield "exponentialStairs", optax.exponential_decay(0.9, 3, 0.7, 2, True, 0.2)
    yield "exponentialRises", optax.exponential_decay(0.1, 3, 1.5, 1, False, 0.6)
    yield "exponentialStill", optax.exponential_decay(0.1, 3, 0.0)
    yield "cosineDecaySchedule", optax.cosine_decay_schedule(0.9, 10)
    yield "cosineOptions", optax.cosine_decay_schedule(0.9, 7, 0.2, 1.5)
    yield "warmupCosineDecaySchedule", optax.warmup_cosine_decay_schedule(0.1, 0.9, 4, 12)
    yield "warmupOptions", optax.warmup_cosine_decay_schedule(0.0, 0.5, 3, 8, 0.1, 2.0)
    yield "warmupNone", optax.warmup_cosine_decay_schedule(0.0, 0.5, 0, 8)
    yield "joinSchedules", optax.join_schedules(
        [optax.constant_schedule(0.2), optax.linear_schedule(1.0, 0.0, 4), optax.exponential_decay(0.5, 2, 0.5)], [3, 8])


COUNTS = [*range(16), 100, 1_000_000]


def schedule_rows(dtype):
    for name, schedule in schedules():
        yield {"name": name, "dtype": dtype, "counts": COUNTS, "values": plain([schedule(jnp.asarray(c)) for c in COUNTS])}


def rosenbrock(x):
    return jnp.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def regression(params):
    xs = jnp.sin(jnp.arange(12.0, dtype=params["w"].dtype).reshape(6, 2) * 1.7)
    ys = jnp.cos(jnp.arange(6.0, dtype=params["w"].dtype))
    return jnp.mean((jnp.tanh(xs @ params["w"]) @ params["v"] + params["b"] - ys) ** 2)


LINE = {
    "lbfgs": (lambda: optax.lbfgs(), rosenbrock, [-1.2, 1.0, 0.5]),
    "lbfgsMemory": (lambda: optax.lbfgs(memory_size=2, scale_init_precond=False), rosenbrock, [-1.2, 1.0, 0.5]),
    "lbfgsTree": (lambda: optax.lbfgs(memory_size=4), regression, "regression"),
    "lbfgsKeep": (lambda: optax.lbfgs(learning_rate=0.5, linesearch=optax.scale_by_zoom_linesearch(
        8, max_learning_rate=1.5, tol=1e-3, increase_factor=3.0, curv_rtol=0.5, approx_dec_rtol=None,
        initial_guess_strategy="keep")), regression, "regression"),
    "lbfgsFixed": (lambda: optax.lbfgs(learning_rate=0.1, memory_size=3, linesearch=None), regression, "regression"),
    "zoomOfSgd": (lambda: optax.chain(optax.sgd(1.0), optax.scale_by_zoom_linesearch(15)), rosenbrock, [-1.2, 1.0]),
    "zoomFails": (lambda: optax.chain(optax.scale(0.1), optax.scale_by_zoom_linesearch(5)), rosenbrock, [-1.2, 1.0]),
    "zoomOutside": (lambda: optax.chain(optax.sgd(1.0), optax.scale_by_zoom_linesearch(4)),
                    lambda x: jnp.sum(x - jnp.log(x)) + jnp.sum(jnp.log(x - 1.0) * 0.0), [1.5, 3.0]),
}


def line_row(name, dtype):
    make, loss, start = LINE[name]
    params = ({"b": jnp.asarray(0.1, DTYPES[dtype]), "v": jnp.asarray([0.3, -0.2, 0.5], DTYPES[dtype]),
               "w": jnp.asarray([[0.1, 0.2, -0.3], [0.4, -0.5, 0.6]], DTYPES[dtype])}
              if start == "regression" else jnp.asarray(start, DTYPES[dtype]))
    optimizer = make()
    state = optimizer.init(params)
    row = {"name": name, "dtype": dtype, "params": leaves(params), "after": [], "values": [], "rates": [], "tried": []}
    step = jax.jit(lambda p, s: optimizer.update(
        jax.grad(loss)(p), s, p, value=loss(p), grad=jax.grad(loss)(p), value_fn=loss))
    for _ in range(STEPS):
        updates, state = step(params, state)
        params = optax.apply_updates(params, updates)
        row["after"].append(leaves(params))
        row["values"].append(plain(loss(params)))
        for key, field in [("learning_rate", "rates"), ("num_linesearch_steps", "tried")]:
            found = optax.tree.get_all_with_path(state, key)
            row[field].append(plain(found[0][1]) if found else [])
    return row


def main(folder):
    rows, lines, scheduled = [], [], []
    for dtype in ["f32", "f64", "bf16"]:
        jax.config.update("jax_enable_x64", dtype == "f64")
        for name in OPTIMIZERS:
            if dtype not in ONLY.get(name, ["f32", "f64", "bf16"]):
                continue
            rows.append(steps_of(name, dtype, "net"))
            if dtype == "f32":
                rows += [steps_of(name, dtype, "zero")]
                rows += [] if name in FINITE else [steps_of(name, dtype, "odd")]
        if dtype == "f32":
            for name in ["sgdMomentum", "adam", "adagrad", "rmspropAll", "clipByGlobalNorm", "multiSteps"]:
                rows += [steps_of(name, dtype, kind) for kind in ["scalar", "empty", "none"]]
        if dtype != "bf16":
            scheduled += schedule_rows(dtype)
            lines += [line_row(name, dtype) for name in LINE]
    text = ",\n".join(json.dumps(each) for each in rows)
    more = ",\n".join(json.dumps(each) for each in lines)
    times = ",\n".join(json.dumps(each) for each in scheduled)
    Path(folder, "optim.json").write_text(
        f'{{"rows": [\n{text}\n],\n"lines": [\n{more}\n],\n"schedules": [\n{times}\n]}}\n')


main(sys.argv[1])
