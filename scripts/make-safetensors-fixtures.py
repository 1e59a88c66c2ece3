"""Makes test/fixtures/safetensors.json: files of the library safetensors, and what it says of broken ones.

python scripts/make-safetensors-fixtures.py test/fixtures
"""

import base64
import ctypes
import json
import random
import struct
import sys
from pathlib import Path

import safetensors
from safetensors import SafetensorError, TensorSpec, deserialize, serialize

# The library's names of dtypes, as its bindings take them, with the bits of an element.
KINDS = {
    "bool": 8,
    "uint8": 8,
    "int8": 8,
    "float8_e5m2": 8,
    "float8_e4m3fn": 8,
    "float8_e5m2fnuz": 8,
    "float8_e4m3fnuz": 8,
    "float8_e8m0fnu": 8,
    "int16": 16,
    "uint16": 16,
    "float16": 16,
    "bfloat16": 16,
    "int32": 32,
    "uint32": 32,
    "float32": 32,
    "complex64": 64,
    "float64": 64,
    "int64": 64,
    "uint64": 64,
}


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def contents(kind: str, shape: list[int], seed: int) -> bytes:
    size = KINDS[kind] // 8
    for dim in shape:
        size *= dim
    rng = random.Random(f"{kind} {shape} {seed}")
    data = rng.randbytes(size)
    return bytes(byte & 1 for byte in data) if kind == "bool" else data


def save(tensors: dict, metadata: dict | None) -> bytes:
    buffers = []
    specs = {}
    for name, (kind, shape) in tensors.items():
        data = contents(kind, shape, len(specs))
        # An empty tensor still needs an address.
        buffer = (ctypes.c_char * max(1, len(data))).from_buffer_copy(data or b"\0")
        buffers.append(buffer)
        specs[name] = TensorSpec(
            dtype=kind, shape=shape, data_ptr=ctypes.addressof(buffer), data_len=len(data)
        )
    return bytes(serialize(specs, metadata=metadata))


def parsed(data: bytes) -> dict | None:
    try:
        read = deserialize(data)
    except SafetensorError:
        return None
    return {name: {"kind": each["dtype"], "shape": each["shape"], "data": text(bytes(each["data"]))} for name, each in read}


FILES = {
    "one of each": ({kind: (kind, [2, 3]) for kind in KINDS if not kind.startswith("float8")}, None),
    "scalars and nothing": ({"s": ("float32", []), "e": ("int64", [0, 3]), "b": ("bool", [5])}, None),
    "names": ({"a.b": ("float32", [2]), "10": ("float32", [1]), "é": ("float32", [1]), "\U0001f600": ("float32", [1]), "\uffee": ("float32", [1]), 'q"\\\n': ("int8", [3]), "": ("uint8", [1]), "__proto__": ("uint8", [2])}, None),
    "metadata": ({"x": ("bfloat16", [4])}, {"made": 'by "safetensors"\n', }),
    "nothing at all": ({}, None),
    "float8": ({"x": ("float8_e4m3fn", [4]), "y": ("float32", [1])}, None),
}


def framed(header: str | bytes, data: bytes = b"", length: int | None = None) -> bytes:
    raw = header.encode() if isinstance(header, str) else header
    return struct.pack("<Q", len(raw) if length is None else length) + raw + data


def entry(dtype="F32", shape=(2,), offsets=(0, 8)) -> dict:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


def broken() -> dict[str, bytes]:
    eight = bytes(range(8))
    sixteen = bytes(range(16))
    one = json.dumps({"x": entry()})
    made = {
        "empty": b"",
        "seven bytes": bytes(7),
        "no header": bytes(8),
        "as it should be": framed(one, eight),
        "padded": framed(one + "   ", eight),
        "spaces before": framed("  " + one, eight),
        "tabs after": framed(one + "\t\n", eight),
        "byte order mark": framed("\ufeff" + one, eight),
        "header beyond the file": framed(one, b"", 10_000),
        "header of 2^63": framed(one, eight, 2**63),
        "header of 2^64 - 1": framed(one, eight, 2**64 - 1),
        "header of 100000001": framed(one, eight, 100_000_001),
        "cut short": framed(one, eight[:7]),
        "no data": framed(one),
        "bytes after": framed(one, eight + b"x"),
        "not UTF-8": framed(b'{"\xff":' + json.dumps(entry()).encode() + b"}", eight),
        "a list": framed("[]"),
        "null": framed("null"),
        "cut JSON": framed(one[:-1], eight),
        "two documents": framed(one + one, eight),
        "NaN": framed('{"x":{"dtype":"F32","shape":[NaN],"data_offsets":[0,8]}}', eight),
        "deep": framed('{"x":' + "[" * 2000 + "]" * 2000 + "}", eight),
        "entry null": framed('{"x":null}'),
        "entry list": framed('{"x":["F32",[2],[0,8]]}', eight),
        "no dtype": framed('{"x":{"shape":[2],"data_offsets":[0,8]}}', eight),
        "no shape": framed('{"x":{"dtype":"F32","data_offsets":[0,8]}}', eight),
        "no offsets": framed('{"x":{"dtype":"F32","shape":[2]}}', eight),
        "more fields": framed('{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}', eight),
        "unknown dtype": framed(json.dumps({"x": entry("F128")}), eight),
        "dtype in lower case": framed(json.dumps({"x": entry("f32")}), eight),
        "dtype a number": framed(json.dumps({"x": entry(32)}), eight),
        "dtype of the prototype": framed(json.dumps({"x": entry("constructor")}), eight),
        "shape negative": framed(json.dumps({"x": entry(shape=(-2,))}), eight),
        "shape fraction": framed(json.dumps({"x": entry(shape=(2.5,))}), eight),
        "shape whole fraction": framed('{"x":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}', eight),
        "shape exponent": framed('{"x":{"dtype":"F32","shape":[2e0],"data_offsets":[0,8]}}', eight),
        "shape minus zero": framed('{"x":{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}}'),
        "shape text": framed(json.dumps({"x": {**entry(), "shape": "2"}}), eight),
        "shape null": framed(json.dumps({"x": {**entry(), "shape": None}}), eight),
        "shape of 2^53 + 1": framed(json.dumps({"x": entry(shape=(2**53 + 1,))}), eight),
        "shape beyond 2^64": framed(json.dumps({"x": entry(shape=(2**64,))}), eight),
        "shape product beyond 2^64": framed(json.dumps({"x": entry(shape=(2**40, 2**40))}), eight),
        "shape product round the clock": framed(json.dumps({"x": entry(shape=(2**62, 4, 2))}), eight),
        "zero beside a large one": framed(json.dumps({"x": entry(shape=(0, 2**40, 2**40), offsets=(0, 0))})),
        "large one before a zero": framed(json.dumps({"x": entry(shape=(2**40, 2**40, 0), offsets=(0, 0))})),
        "too few bytes": framed(json.dumps({"x": entry(offsets=(0, 7))}), eight[:7]),
        "too many bytes": framed(json.dumps({"x": entry(offsets=(0, 9))}), eight + b"x"),
        "offsets reversed": framed(json.dumps({"x": entry(offsets=(8, 0))}), eight),
        "offsets negative": framed(json.dumps({"x": entry(offsets=(-8, 0))}), eight),
        "offsets of three": framed(json.dumps({"x": entry(offsets=(0, 8, 8))}), eight),
        "offsets of one": framed(json.dumps({"x": entry(offsets=(0,))}), eight),
        "offsets fractions": framed(json.dumps({"x": entry(offsets=(0.0, 8.0))}), eight),
        "gap at the start": framed(json.dumps({"x": entry(offsets=(8, 16))}), sixteen),
        "gap between": framed(json.dumps({"x": entry(), "y": entry(offsets=(12, 20))}), sixteen + b"xxxx"),
        "overlap": framed(json.dumps({"x": entry(), "y": entry(offsets=(4, 12))}), sixteen[:12]),
        "same bytes": framed(json.dumps({"x": entry(), "y": entry()}), eight),
        "in any order": framed(json.dumps({"x": entry(offsets=(8, 16)), "y": entry()}), sixteen),
        "empty between": framed(json.dumps({"x": entry(), "e": entry(shape=(0,), offsets=(8, 8)), "y": entry(offsets=(8, 16))}), sixteen),
        "empty within": framed(json.dumps({"x": entry(), "e": entry(shape=(0,), offsets=(4, 4))}), eight),
        "a name twice": framed('{"x":%s,"x":%s}' % (json.dumps(entry()), json.dumps(entry())), eight),
        "a name twice, escaped": framed('{"x":%s,"\\u0078":%s}' % (json.dumps(entry()), json.dumps(entry())), eight),
        "a field twice": framed('{"x":{"dtype":"F32","dtype":"I32","shape":[2],"data_offsets":[0,8]}}', eight),
        "metadata twice": framed('{"__metadata__":{},"__metadata__":{},"x":%s}' % json.dumps(entry()), eight),
        "metadata null": framed('{"__metadata__":null,"x":%s}' % json.dumps(entry()), eight),
        "metadata list": framed('{"__metadata__":[],"x":%s}' % json.dumps(entry()), eight),
        "metadata of a number": framed('{"__metadata__":{"a":1},"x":%s}' % json.dumps(entry()), eight),
        "metadata of null": framed('{"__metadata__":{"a":null},"x":%s}' % json.dumps(entry()), eight),
        "metadata of a record": framed('{"__metadata__":{"a":{}},"x":%s}' % json.dumps(entry()), eight),
        "metadata last": framed('{"x":%s,"__metadata__":{"a":"b"}}' % json.dumps(entry()), eight),
        "F4, whole bytes": framed(json.dumps({"x": entry("F4", (4,), (0, 2))}), eight[:2]),
        "F4, half a byte": framed(json.dumps({"x": entry("F4", (3,), (0, 2))}), eight[:2]),
        "F6, whole bytes": framed(json.dumps({"x": entry("F6_E2M3", (4,), (0, 3))}), eight[:3]),
        "lone surrogate": framed('{"\\ud800":%s}' % json.dumps(entry()), eight),
        "control character": framed('{"a\nb":%s}' % json.dumps(entry()), eight),
        "NUL": framed('{"a\\u0000b":%s}' % json.dumps(entry()), eight),
    }
    rng = random.Random(21)
    base = framed(json.dumps({"__metadata__": {"k": "v"}, "ab": entry("I16", (2, 2)), "c": entry("U8", (3,), (8, 11))}), bytes(range(11)))
    pieces = [b"0", b"9", b"-", b"1e1", b".5", b'"', b"{", b"}", b"[", b"]", b",", b":", b" ", b"\xff", b"null", b'"c":', b"\\"]
    for i in range(400):
        data = bytearray(base)
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            at = rng.randrange(len(data))
            how = rng.randrange(4)
            if how == 0:
                data[at] = rng.randrange(256)
            elif how == 1:
                del data[at : at + rng.choice([1, 1, 2, 5])]
            elif how == 2:
                data[at:at] = rng.choice(pieces)
            else:
                data[at : at + 1] = rng.choice(pieces)
        if rng.randrange(2):
            # The header's length is mended, so that its text is read.
            length = len(data) - 8 - 11
            if length > 0:
                data[:8] = struct.pack("<Q", length)
        made[f"mutant {i}"] = bytes(data)
    return made


def main(folder: Path) -> None:
    files = []
    for name, (tensors, metadata) in FILES.items():
        data = save(tensors, metadata)
        files.append({"name": name, "file": text(data), "metadata": metadata, "tensors": parsed(data)})
    cases = [{"name": name, "file": text(data), "tensors": parsed(data)} for name, data in broken().items()]
    document = {"safetensors": safetensors.__version__, "files": files, "cases": cases}
    (folder / "safetensors.json").write_text(json.dumps(document, indent=1) + "\n")
    print(len(files), len(cases), sum(case["tensors"] is not None for case in cases))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
