"""The same small calls as `npm run bench`, by JAX: run it in the same minutes, for machines differ and change.

Needs a virtual environment with jax==0.10.2:  python scripts/bench-jax.py [--json]
"""

import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

CALLS, ROUNDS = 2000, 20

scan = jax.jit(lambda start: lax.scan(lambda c, x: (c + x, c + x), start, jnp.arange(10, dtype=jnp.float32)))
start = jnp.float32(0)


best = {}


def timed(name, call):
    times = []
    for counted in [False] * 2 + [True] * ROUNDS:
        began = time.perf_counter()
        for _ in range(CALLS):
            call()
        if counted:
            times.append((time.perf_counter() - began) / CALLS * 1e6)
    best[name] = min(times)


timed("dispatch: a compiled 10-step scan, argument and results on the device", lambda: scan(start))
timed("dispatch and read", lambda: np.asarray(scan(start)[1]))
if "--json" in sys.argv:
    print(json.dumps(best))
else:
    for name, microseconds in best.items():
        print(f"{microseconds:10.1f} us  {name}")
