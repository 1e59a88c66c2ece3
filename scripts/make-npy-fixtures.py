"""Writes test/fixtures/npy.json: .npy files, and what numpy.load says of each.

Needs NumPy alone, without ml_dtypes; the tests need only the file.

    python scripts/make-npy-fixtures.py test/fixtures
"""

import base64
import io
import json
import os
import pathlib
import struct
import sys
import tempfile
import warnings

import numpy as np

warnings.simplefilter("ignore")

# The dtypes that loopcarry has, by NumPy's names; two opaque bytes are a bf16.
supported = {
    **{f"float{bits}": f"f{bits}" for bits in (16, 32, 64)},
    **{f"int{bits}": f"i{bits}" for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": f"u{bits}" for bits in (8, 16, 32, 64)},
    "bool": "bool",
    "complex64": "c64",
    "complex128": "c128",
    "void16": "bf16",
}

cases = []


def add(name, file):
    cases.append((name, file))


def file_of(header, data=b"", version=(1, 0)):
    """A .npy file of a header that need not be right."""
    text = header if isinstance(header, bytes) else header.encode("latin1")
    length = struct.pack("<H" if version[0] < 2 else "<I", len(text))
    return b"\x93NUMPY" + bytes(version) + length + text + data


def header(descr="'<f4'", order="False", shape="(2, 3)", extra="", end=", }"):
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}{extra}{end}"


six = np.arange(6, dtype="<f4").tobytes()
add("plain", file_of(header() + "\n", six))
add("python 2 longs", file_of(header(shape="(2L, 3L)") + "\n", six))
add("python 2 longs v2", file_of(header(shape="(2L, 3L)") + "\n", six, (2, 0)))
add("longs in version 3", file_of(header(shape="(2L, 3L)") + "\n", six, (3, 0)))
add("spaced long", file_of(header(shape="(2 L, 3L)"), six))
add("lower l", file_of(header(shape="(2l, 3l)"), six))
add("double quotes", file_of(header().replace("'", '"'), six))
add("u strings", file_of(header(descr="u'<f4'"), six))
add("b strings", file_of(header(descr="b'<f4'"), six))
add("raw strings", file_of(header(descr="r'<f4'"), six))
add("u keys", file_of(header().replace("'descr'", "u'descr'"), six))
add("no spaces", file_of("{'descr':'<f4','fortran_order':False,'shape':(2,3)}", six))
add("other order", file_of("{'shape': (2, 3), 'fortran_order': False, 'descr': '<f4'}", six))
add("no trailing comma", file_of(header(end="}"), six))
add("padding", file_of(header() + " " * 50 + "\n", six))
add("no padding", file_of(header(), six))
add("leading space", file_of("  " + header(), six))
add("leading newline", file_of("\n" + header(), six))
add("newlines inside", file_of(header().replace(", ", ",\n "), six))
add("comment", file_of(header() + " # hello\n", six))
add(
    "comment inside",
    file_of("{ # a\n'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}", six),
)
add("trailing text", file_of(header() + " x", six))
add("trailing semicolon", file_of(header() + ";", six))
add("trailing zero byte", file_of(header() + "\0", six))
add("two dicts", file_of(header() + header(), six))
for v in ((1, 0), (2, 0), (3, 0), (1, 1), (2, 1), (0, 0), (4, 0), (9, 0), (3, 1)):
    add("version %d.%d" % v, file_of(header(), six, v))
for s in (
    "(6)",
    "6",
    "[2, 3]",
    "(6,)",
    "()",
    "(,)",
    "(2, 3,)",
    "(2, 3,,)",
    "(2 3)",
    "(0, 3)",
    "(3, 0)",
    "(-1,)",
    "(-2, -3)",
    "(2, -3)",
    "(0, -1)",
    "(True, 3)",
    "(2.0, 3)",
    "(0x2, 3)",
    "(0b10, 0o3)",
    "(+2, 3)",
    "(02, 3)",
    "(2_0,)",
    "(1_2,)",
    "((2), 3)",
    "((2, 3))",
    "((2,), 3)",
    "(2, None)",
    "('2', 3)",
    "None",
    "(1+1, 3)",
    "(6j,)",
    "(99999999999999999999999,)",
    "(2**3,)",
    "(1, 2, 3)",
    "(1,)",
    "(6, 1, 1, 1)",
    "(00, 3)",
    "(1e1,)",
    "(--2, 3)",
    "(- 2, 3)",
    "(~1,)",
):
    add("shape " + s, file_of(header(shape=s), six))
for fo in ("True", "False", "0", "1", "None", "'True'", "true", "(True)", "TRUE", "not True"):
    add("fortran " + fo, file_of(header(order=fo), six))
add("fortran column", file_of(header(order="True", shape="(6,)"), six))
add("fortran 3d", file_of(header(order="True", shape="(1, 2, 3)"), six))
add("fortran scalar", file_of(header(order="True", shape="()"), six))
add("extra key", file_of(header(extra=", 'x': 1"), six))
add("missing descr", file_of("{'fortran_order': False, 'shape': (2, 3)}", six))
add("missing order", file_of("{'descr': '<f4', 'shape': (2, 3)}", six))
add("missing shape", file_of("{'descr': '<f4', 'fortran_order': False}", six))
add("duplicate key", file_of(header(extra=", 'shape': (3, 2)"), six))
add("key of another case", file_of(header().replace("shape", "Shape"), six))
add("int key", file_of(header(extra=", 1: 2"), six))
add("empty dict", file_of("{}", six))
add("list", file_of("[]", six))
add("string", file_of("'x'", six))
add("empty header", file_of("", six))
add("set", file_of("{'descr', 'shape'}", six))
add("unclosed", file_of(header()[:-2], six))
add("parenthesised", file_of("(" + header() + ")", six))
add("implicit concatenation", file_of(header(descr="'<' 'f4'"), six))
add("escape", file_of(header(descr=r"'\x3cf4'"), six))
add("escape 2", file_of(header(descr=r"'\74f4'"), six))
add("triple quotes", file_of(header(descr="'''<f4'''"), six))
add("unknown escape", file_of(header(descr=r"'<f4\q'"), six))
add("newline in string", file_of(header(descr="'<f4\n'"), six))
add("dict call", file_of("dict(descr='<f4', fortran_order=False, shape=(2,3))", six))
raw = bytes(range(1, 33))
few = ("f4", "i8", "float32", "c16", "?", "d")
names = """
f4 float32 single f float double d e half g longdouble f16 f2 f8 f04 i i1 i2 i4 i8 int int8 int16
int32 int64 intc intp int_ short long longlong byte ubyte ushort uint uint8 uint16 uint32 uint64
uintc uintp ulong ulonglong u1 u2 u4 u8 b b1 ? bool bool_ bool8 B h H I l L q Q p P n N c8 c16 F D
complex complex64 complex128 csingle cdouble complex256 S4 U2 V2 V4 V O object M8[s] m8[s] M m a4
str bytes bfloat16 float8_e4m3fn c 4f4 f4,i4 (2,)f4 f4, float0 Float32 F4 I4 i3 u16 i04 c08 float_
int0 x void b2 ?1 b01 f32
""".split()
odd_names = ["", "f4 ", " f4", "single ", "float 32"]
for n in names + odd_names:
    for o in ("", "<", ">", "|") if n not in few else ("", "<", ">", "=", "|", "!", ">>"):
        add("dtype %r" % (o + n), file_of(header(descr=repr(o + n), shape="(2,)"), raw))
add("record", file_of(header(descr="[('a', '<f4'), ('b', '<i4')]", shape="(2,)"), raw))
add("record of one", file_of(header(descr="[('', '<f4')]", shape="(2,)"), raw))
add("subarray", file_of(header(descr="('<f4', (2,))", shape="(2,)"), raw))
add("descr none", file_of(header(descr="None", shape="(2,)"), raw))
add("descr number", file_of(header(descr="4", shape="(2,)"), raw))
add("descr list", file_of(header(descr="['<f4']", shape="(2,)"), raw))
add("big-endian by columns", file_of(header(descr="'>i2'", order="True"), raw))
add("big-endian complex by columns", file_of(header(descr="'>c8'", order="True"), raw))
add("short by one", file_of(header(), six[:-1]))
add("no data", file_of(header(), b""))
add("long by one", file_of(header(), six + b"x"))
add("long by an array", file_of(header(), six + six))
add("bools", file_of(header(descr="'|b1'", shape="(4,)"), bytes([0, 1, 2, 255])))
full = file_of(header(), six)
for c in (0, 1, 5, 6, 7, 8, 9, 10, 11, 20, 60):
    add("cut at %d" % c, full[:c])
add("cut header v2", file_of(header(), six, (2, 0))[:11])
add("header length beyond", full[:8] + b"\xff\xff" + full[10:])
add("utf-8 in version 3", file_of(header(extra=""), six, (3, 0)))
add("bad utf-8 in version 3", file_of(header().encode() + b" #\xff", six, (3, 0)))
add("latin1 in version 1", file_of(header().encode() + b" #\xff\n", six))
add("header of 10000", file_of(header().ljust(10000), six))
add("header of 10001", file_of(header().ljust(10001), six))
add("tabs", file_of(header().replace(" ", "\t"), six))
add("form feed", file_of(header() + "\f\n", six))
add("carriage return", file_of(header() + "\r\n", six))
add("no break space", file_of(header() + "\xa0", six))
for a in (
    np.arange(6).reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.array(3, ">f8"),
    np.zeros((0, 4), np.int8),
    np.array([1 + 2j]),
    np.array([True, False]),
    np.arange(4, dtype=">u2"),
):
    b = io.BytesIO()
    np.save(b, a)
    add("numpy.save %s %s %s" % (a.dtype.str, a.shape, a.flags.f_contiguous), b.getvalue())
    for v in ((2, 0), (3, 0)):
        b = io.BytesIO()
        np.lib.format.write_array(b, a, version=v)
        add("numpy.save %s %s v%d" % (a.dtype.str, a.shape, v[0]), b.getvalue())


def verdict(file):
    """What numpy.load makes of a file: an array, one of a dtype that loopcarry has not, or an error."""
    with tempfile.NamedTemporaryFile(suffix=".npy", delete=False) as place:
        place.write(file)
    try:
        array = np.load(place.name)
    except Exception as error:
        return {"refused": type(error).__name__}
    finally:
        os.unlink(place.name)
    if array.dtype.name not in supported:
        return {"unsupported": array.dtype.str}
    plain = np.ascontiguousarray(array)
    if array.dtype == bool:
        plain = plain.view(np.uint8) != 0
    data = plain.astype(plain.dtype.newbyteorder("<")).tobytes()
    return {
        "dtype": supported[array.dtype.name],
        "shape": list(array.shape),
        "data": base64.b64encode(data).decode(),
    }


def packed(file):
    return base64.b64encode(file).decode()


written = [{"name": name, "file": packed(file), **verdict(file)} for name, file in cases]
lines = ",\n".join(json.dumps(case) for case in written)
target = pathlib.Path(sys.argv[1]) / "npy.json"
target.write_text(f'{{"numpy": {json.dumps(np.__version__)}, "cases": [\n{lines}\n]}}\n')
