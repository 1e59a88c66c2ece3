import type { Params, Primitive, Program } from "../program.ts"
import type { Aval } from "../shape.ts"
import type { NdArray } from "./array.ts"

export interface EvaluateSite<P extends Primitive> {
  readonly params: Params[P]
  readonly inputs: ReadonlyArray<NdArray>
  readonly outputs: ReadonlyArray<Aval>
  /** Runs a whole program, for primitives that hold programs. */
  readonly run: RunProgram
  readonly print: PrintArray
}

/** Told of each array that is to be printed. */
export type PrintArray = (label: string, array: NdArray) => void

export type RunProgram = (program: Program, inputs: ReadonlyArray<NdArray>) => ReadonlyArray<NdArray>

/** What a primitive does, on arrays in plain JavaScript. */
export type Evaluate<P extends Primitive> = (site: EvaluateSite<P>) => ReadonlyArray<NdArray>
export type Evaluates<P extends Primitive> = { readonly [K in P]: Evaluate<K> }
