import { tables as generated } from "./wire.gen.ts"

export type Scalar = "bool" | "ubyte" | "ushort" | "uint" | "int" | "ulong" | "double" | "enum"

/** A field of a table, as wire.fbs has it. */
export interface Field {
  readonly name: string
  /** Its first slot in the table. A union has two slots, for its kind and its value. */
  readonly slot: number
  readonly kind: Scalar | "string" | "table" | "union"
  /** The enum, table or union that it is of. */
  readonly of?: string
  readonly list?: boolean
  readonly required?: boolean
  readonly initial?: number | boolean
}

export const tables: Readonly<Record<string, ReadonlyArray<Field>>> = generated

/** How many bytes a value takes in its table or list. A value of variable length takes an offset there. */
export const widths: Readonly<Record<Field["kind"], number>> = {
  bool: 1,
  ubyte: 1,
  enum: 1,
  ushort: 2,
  uint: 4,
  int: 4,
  ulong: 8,
  double: 8,
  string: 4,
  table: 4,
  union: 4
}

/** How many places a table has. */
export const slotsOf = (fields: ReadonlyArray<Field>): number => {
  const last = fields.at(-1)
  return last === undefined ? 0 : last.slot + (last.kind === "union" ? 2 : 1)
}
