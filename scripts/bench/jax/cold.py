"""A whole process until its first result: the seed's cumulative sum."""

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

scan = jax.jit(lambda start: lax.scan(lambda c, x: (c + x, c + x), start, jnp.arange(10, dtype=jnp.float32)))
print(np.asarray(scan(jnp.float32(0))[1]).tolist(), flush=True)
