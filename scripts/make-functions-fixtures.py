"""Writes test/fixtures/functions.json: what JAX 0.10.2 gives for the functions that are made of other operations, in
several dtypes, with their derivatives. test/support/functions/ has those of the same names that take options.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-functions-fixtures.py test/fixtures

Of each row: "value" is f(args); "vmap" f(args) and f(args2), one after the other; "jvp" the tangents of its smooth
results for tangents `ts` of its smooth arguments; "vjp" the cotangents of those for cotangents `cts`; "hvp" the tangents
of "vjp" along `ts`.
"""

import json
import sys
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

sys.path.insert(0, str(Path(__file__).parent))
from function_rows.table import rows

with open(f"{sys.argv[1]}/functions.json", "w") as out:
    text = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    out.write('{\n"jax": "%s",\n"rows": [\n%s\n]}\n' % (jax.__version__, text))
print(len(rows), "rows")
