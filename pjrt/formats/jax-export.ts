import * as flatbuffers from "flatbuffers"
import type { DType } from "../../dsl/dtype.ts"
import type { Aval } from "../../dsl/shape.ts"

/** A program that `jax.export` has serialized, as far as running it needs. */
export interface JaxExport {
  /** The module: a StableHLO portable artifact. */
  readonly module: Uint8Array
  /** The parameters of `@main`; arguments that the function does not use are not among them. */
  readonly inputs: ReadonlyArray<Aval>
  /** The results. Of a program for several devices both are whole. */
  readonly outputs: ReadonlyArray<Aval>
  /** Which arguments of the function those are. */
  readonly kept: ReadonlyArray<number>
  readonly platforms: ReadonlyArray<string>
}

/** The file is no program of jax.export, or one that cannot be run here; the message says why. */
export class JaxExportError extends Error {}

/** Vtable slots of the tables in JAX's schema (jax/_src/export/serialization_generated.py). */
const exported = {
  inAvals: 10,
  outAvals: 14,
  platforms: 22,
  orderedEffects: 24,
  module: 30,
  kept: 34
} as const
const abstractValue = { shape: 6, dtype: 8 } as const

/** JAX's numbers for dtypes, in its order. */
const dtypes: ReadonlyArray<DType> = [
  "bool",
  "i8",
  "i16",
  "i32",
  "i64",
  "u8",
  "u16",
  "u32",
  "u64",
  "f16",
  "f32",
  "f64",
  "c64",
  "c128",
  "bf16"
]

/** One table. The flatbuffers runtime checks no bounds, so every position and length is checked here. */
class Table {
  readonly #bytes: flatbuffers.ByteBuffer
  readonly #at: number

  constructor(bytes: flatbuffers.ByteBuffer, at: number) {
    this.#bytes = bytes
    this.#at = this.#inside(at, 4)
    const vtable = this.#inside(at - bytes.readInt32(at), 4)
    this.#inside(vtable, bytes.readInt16(vtable))
  }

  #inside(at: number, length: number): number {
    if (at >= 0 && length >= 0 && at + length <= this.#bytes.capacity()) return at
    throw new JaxExportError("not a program exported by jax.export, or cut short")
  }

  /** Where a field's value stands, or undefined where the table leaves it out. */
  #field(slot: number, size: number): number | undefined {
    const offset = this.#bytes.__offset(this.#at, slot)
    return offset === 0 ? undefined : this.#inside(this.#at + offset, size)
  }

  byte(slot: number): number {
    const at = this.#field(slot, 1)
    return at === undefined ? 0 : this.#bytes.readUint8(at)
  }

  /** First element and length of a vector. */
  #vector(slot: number, width: number): readonly [start: number, length: number] {
    const field = this.#field(slot, 4)
    if (field === undefined) return [0, 0]
    const vector = this.#inside(this.#bytes.__indirect(field), 4)
    const length = this.#bytes.readInt32(vector)
    return [this.#inside(vector + 4, length * width), length]
  }

  bytes(slot: number): Uint8Array {
    const [start, length] = this.#vector(slot, 1)
    return this.#bytes.bytes().subarray(start, start + length)
  }

  shorts(slot: number): ReadonlyArray<number> {
    const [start, length] = this.#vector(slot, 2)
    return Array.from({ length }, (_, i) => this.#bytes.readUint16(start + 2 * i))
  }

  tables(slot: number): ReadonlyArray<Table> {
    const [start, length] = this.#vector(slot, 4)
    return Array.from({ length }, (_, i) => new Table(this.#bytes, this.#bytes.__indirect(start + 4 * i)))
  }

  texts(slot: number): ReadonlyArray<string> {
    const [start, length] = this.#vector(slot, 4)
    return Array.from({ length }, (_, i) => {
      const at = this.#inside(this.#bytes.__indirect(start + 4 * i), 4)
      const size = this.#bytes.readInt32(at)
      this.#inside(at + 4, size)
      return new TextDecoder().decode(this.#bytes.bytes().subarray(at + 4, at + 4 + size))
    })
  }
}

const avalOf = (table: Table, verb: "takes" | "gives"): Aval => {
  const dims = table.texts(abstractValue.shape)
  const dtype = dtypes[table.byte(abstractValue.dtype)]
  const unknown = dims.find((dim) => !/^\d+$/.test(dim))
  if (unknown !== undefined)
    throw new JaxExportError(`its shapes are symbolic (${dims.join(", ")}); export it for plain shapes`)
  if (dtype === undefined) throw new JaxExportError(`it ${verb} arrays of a dtype that is not supported`)
  return { dtype, shape: dims.map(Number) }
}

/** Reads what `jax.export.export(f)(...).serialize()` wrote. Throws a JaxExportError. */
export const readJaxExport = (file: Uint8Array): JaxExport => {
  const bytes = new flatbuffers.ByteBuffer(file)
  if (file.length < 8) throw new JaxExportError("not a program exported by jax.export")
  const root = new Table(bytes, bytes.readInt32(0))
  const module = root.bytes(exported.module)
  if (module.length === 0)
    throw new JaxExportError("not a program exported by jax.export: it holds no module")
  const platforms = root.texts(exported.platforms)
  if (platforms.length !== 1)
    throw new JaxExportError(`it is for ${platforms.join(" and ")}; export it for one platform`)
  if (root.tables(exported.orderedEffects).length > 0)
    throw new JaxExportError("it has ordered effects, such as callbacks")
  const avals = root.tables(exported.inAvals).map((each) => avalOf(each, "takes"))
  const outputs = root.tables(exported.outAvals).map((each) => avalOf(each, "gives"))
  const kept = root.shorts(exported.kept)
  if (kept.some((index) => index >= avals.length))
    throw new JaxExportError("its list of used arguments is damaged")
  return { module, inputs: kept.map((index) => avals[index]!), outputs, kept, platforms }
}
