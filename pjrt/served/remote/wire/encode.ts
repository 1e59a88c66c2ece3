import { Builder } from "flatbuffers"
import { type Field, type Scalar, slotsOf, tables, widths } from "./layout.ts"
import { enums, type Tables, unions } from "./wire.gen.ts"

type Fields = Readonly<Record<string, unknown>>

const enumOf = (name: string): ReadonlyArray<string> => enums[name as keyof typeof enums]
const unionOf = (name: string): ReadonlyArray<string> => unions[name as keyof typeof unions]

const numberOf = ({ kind, of }: Field, value: unknown): number =>
  kind === "enum" ? enumOf(of!).indexOf(value as string) : Number(value)

type Write = (builder: Builder, value: number) => void
type WriteField = (builder: Builder, slot: number, value: number, initial: number) => void

const offset: Write = (builder, value) => builder.addOffset(value)
const int8: Write = (builder, value) => builder.addInt8(value)
const int32: Write = (builder, value) => builder.addInt32(value)

/** Writes an entry of a list. */
const entry: Readonly<Record<Field["kind"], Write>> = {
  bool: int8,
  ubyte: int8,
  enum: int8,
  ushort: (builder, value) => builder.addInt16(value),
  uint: int32,
  int: int32,
  ulong: (builder, value) => builder.addInt64(BigInt(value)),
  double: (builder, value) => builder.addFloat64(value),
  string: offset,
  table: offset,
  union: offset
}

const field8: WriteField = (builder, slot, value, initial) => builder.addFieldInt8(slot, value, initial)
const field32: WriteField = (builder, slot, value, initial) => builder.addFieldInt32(slot, value, initial)

/** Writes a value that is stored in its table. */
const scalar: Readonly<Record<Scalar, WriteField>> = {
  bool: field8,
  ubyte: field8,
  enum: field8,
  ushort: (builder, slot, value, initial) => builder.addFieldInt16(slot, value, initial),
  uint: field32,
  int: field32,
  ulong: (builder, slot, value, initial) => builder.addFieldInt64(slot, BigInt(value), BigInt(initial)),
  double: (builder, slot, value, initial) => builder.addFieldFloat64(slot, value, initial)
}

/** Writes what a field points to; 0 where its value is stored in the table. */
const child = (builder: Builder, field: Field, value: unknown): number => {
  if (value === undefined) return 0
  if (field.list) return list(builder, field, value)
  if (field.kind === "string") return builder.createString(value as string)
  if (field.kind === "table") return table(builder, field.of!, value as Fields)
  if (field.kind === "union") return table(builder, (value as { type: string }).type, value as Fields)
  return 0
}

const list = (builder: Builder, field: Field, value: unknown): number => {
  if (field.kind === "ubyte") return builder.createByteVector(value as Uint8Array)
  const items = value as ReadonlyArray<unknown>
  // Without an entry there is nothing to write, but a field that must be there.
  if (items.length === 0 && !field.required) return 0
  const { list: _, ...one } = field
  const offsets = items.map((item) => child(builder, one, item))
  const width = widths[field.kind]
  builder.startVector(width, items.length, width)
  for (let i = items.length - 1; i >= 0; i--)
    entry[field.kind](builder, offsets[i] || numberOf(one, items[i]))
  return builder.endVector()
}

const table = (builder: Builder, name: string, value: Fields): number => {
  const fields = tables[name]!
  const offsets = fields.map((field) => child(builder, field, value[field.name]))
  builder.startObject(slotsOf(fields))
  fields.forEach((field, i) => {
    const given = value[field.name]
    const at = offsets[i]!
    if (given === undefined || (field.list && at === 0)) return
    if (field.kind === "union") {
      builder.addFieldInt8(field.slot, unionOf(field.of!).indexOf((given as { type: string }).type) + 1, 0)
      builder.addFieldOffset(field.slot + 1, at, 0)
    } else if (at !== 0) builder.addFieldOffset(field.slot, at, 0)
    else scalar[field.kind as Scalar](builder, field.slot, numberOf(field, given), Number(field.initial ?? 0))
  })
  return builder.endObject()
}

/** A message as bytes. */
export const encode = <N extends keyof Tables>(name: N, value: Tables[N]): Uint8Array => {
  const builder = new Builder(256)
  builder.finish(table(builder, name, value as Fields))
  return builder.asUint8Array()
}
