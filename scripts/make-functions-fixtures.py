"""Writes test/fixtures/functions.json: what JAX 0.10.2 gives for the functions that are made of other operations, in
several dtypes, with their derivatives. test/support/functions/ has those of the same names that take options.

Needs a virtual environment with jax==0.10.2; the tests need only the file.

    python scripts/make-functions-fixtures.py test/fixtures
    python scripts/make-functions-fixtures.py test/fixtures --only search layout

With --only, the rows of the families named are made anew, and of the others those that are not in the file. All else
stays as it is. A family is a file of scripts/function_rows/.

Of each row: "value" is f(args); "vmap" f(args) and f(args2), one after the other; "jvp" the tangents of its smooth
results for tangents `ts` of its smooth arguments; "vjp" the cotangents of those for cotangents `cts`; "hvp" the tangents
of "vjp" along `ts`.
"""

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

import jax

jax.config.update("jax_enable_x64", True)

sys.path.insert(0, str(Path(__file__).parent))
from function_rows.table import rows

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("--only", nargs="+", metavar="FAMILY", choices=sorted({family for family, _, _ in rows}))
given = parser.parse_args()
file = given.folder / "functions.json"

kept = defaultdict(list)
if given.only:
    for line in file.read_text().splitlines()[3:-1]:
        line = line.removesuffix(",")
        row = json.loads(line)
        kept[f"{row['name']} {row['dtype']}"].append(line)

lines, took = [], defaultdict(float)
for family, title, made in rows:
    # A line of a family that is made anew is passed over, so that of equal titles each meets its own.
    old = kept[title].pop(0) if kept[title] else None
    if old is None or family in (given.only or [family]):
        start = time.monotonic()
        old = json.dumps(made(), separators=(",", ":"))
        took[family] += time.monotonic() - start
    lines.append(old)

file.write_text('{\n"jax": "%s",\n"rows": [\n%s\n]}\n' % (jax.__version__, ",\n".join(lines)))
print(len(lines), "rows;", ", ".join(f"{family} {seconds:.0f} s" for family, seconds in took.items()))
