import type { Params, Primitive, Program } from "../program.ts"
import type { Aval } from "../shape.ts"
import type { Writer } from "./text.ts"

/** What a row is given: names and types of operands and results, and how to write a program inside this one. */
export interface Site {
  readonly writer: Writer
  readonly operands: ReadonlyArray<string>
  readonly inputs: ReadonlyArray<Aval>
  readonly outputs: ReadonlyArray<Aval>
  /** Writes a program's equations here, its inputs being values of these names; gives the names of its outputs. */
  readonly inline: (program: Program, inputs: ReadonlyArray<string>) => ReadonlyArray<string>
}

/** Writes one equation as StableHLO and gives the names of its results. */
export type Row<P extends Primitive> = (site: Site, params: Params[P]) => ReadonlyArray<string>

export type Rows<P extends Primitive> = { readonly [K in P]: Row<K> }
