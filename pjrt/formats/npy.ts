import type { DType } from "../../dsl/dtype.ts"
import { dtypes } from "../../dsl/dtype.ts"
import { bytesOf, show } from "../../dsl/shape.ts"
import type { HostArray } from "../Backend.ts"
import { toRowMajor } from "../plugin/order.ts"

/** NumPy's type codes, byte order left out. bf16 is written as two opaque bytes, as NumPy does with ml_dtypes. */
const codes: { readonly [D in DType]: string } = {
  f16: "f2",
  bf16: "V2",
  f32: "f4",
  f64: "f8",
  i8: "i1",
  i16: "i2",
  i32: "i4",
  i64: "i8",
  u8: "u1",
  u16: "u2",
  u32: "u4",
  u64: "u8",
  bool: "b1",
  c64: "c8",
  c128: "c16"
}

const dtypeOfCode = new Map(Object.entries(codes).map(([dtype, code]) => [code, dtype as DType]))
const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59)

/** A file is no array file, or one that cannot be read here; the message says why. */
export class NpyError extends Error {}

/** Reads a `.npy` file (NumPy enhancement proposal 1). Throws an NpyError. */
export const readNpy = (file: Uint8Array): HostArray => {
  if (file.length < 10 || !magic.every((byte, i) => file[i] === byte)) throw new NpyError("not an .npy file")
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const wide = file[6]! >= 2
  const start = wide ? 12 : 10
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true)
  if (start + length > file.length) throw new NpyError("cut short: the header is incomplete")
  const header = new TextDecoder("latin1").decode(file.subarray(start, start + length))
  const descr = /'descr':\s*'([<>|=]?)(\w+)'/.exec(header)
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1]
  const dims = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1]
  if (descr === null || fortran === undefined || dims === undefined)
    throw new NpyError(`header not understood: ${header.trim()}`)
  const [, order, code] = descr as unknown as [string, string, string]
  const dtype = dtypeOfCode.get(code)
  if (dtype === undefined)
    throw new NpyError(`holds elements of type ${order}${code}, which are not supported`)
  if (order === ">")
    throw new NpyError("is big-endian; save it again with array.astype(array.dtype.newbyteorder('<'))")
  const shape = dims
    .split(",")
    .map((dim) => dim.trim())
    .filter((dim) => dim !== "")
    .map(Number)
  const data = file.subarray(start + length)
  const wanted = bytesOf({ dtype, shape })
  if (data.length !== wanted) {
    throw new NpyError(
      `${show({ dtype, shape })} needs ${wanted} bytes of data, but ${data.length} follow the header`
    )
  }
  const byColumns = shape.map((_, axis) => axis)
  return {
    dtype,
    shape,
    bytes: fortran === "True" ? toRowMajor(data, shape, byColumns, dtypes[dtype].bytes) : new Uint8Array(data)
  }
}

/** An array as an `.npy` file, version 1.0. */
export const writeNpy = ({ dtype, shape, bytes }: HostArray): Uint8Array => {
  const order = dtypes[dtype].bytes === 1 || dtype === "bf16" ? "|" : "<"
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ")
  const text = `{'descr': '${order}${codes[dtype]}', 'fortran_order': False, 'shape': (${dims}), }`
  const header = `${text.padEnd(Math.ceil((10 + text.length + 1) / 64) * 64 - 11)}\n`
  const out = new Uint8Array(10 + header.length + bytes.length)
  out.set(magic)
  out.set([1, 0, header.length & 0xff, header.length >> 8], 6)
  out.set(new TextEncoder().encode(header), 10)
  out.set(bytes, 10 + header.length)
  return out
}
