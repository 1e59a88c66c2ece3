import type { CompositeOptions } from "./params.ts"
import type { Params, Program } from "./program.ts"
import type { NdArray } from "./reference/array.ts"
import type { Aval } from "./shape.ts"
import type { Value } from "./tensor.ts"
import { programOf } from "./trace.ts"

/** A tangent or cotangent; undefined stands for zero. */
type Maybe = Value | undefined

export interface CompositeSite {
  readonly options: CompositeOptions
  readonly inputs: ReadonlyArray<Value>
  readonly outputs: ReadonlyArray<Value>
}

/**
 * An operation that is made of others, with a derivative of its own. It works on the last axes of its operands; the
 * axes before them are a batch, and the same for all.
 */
export interface Composite {
  /** The types of its results. Throws a TraceError where the operands do not fit. */
  readonly infer: (inputs: ReadonlyArray<Aval>, options: CompositeOptions) => ReadonlyArray<Aval>
  /** What a compiler is given in its place. */
  readonly body: (inputs: ReadonlyArray<Value>, options: CompositeOptions) => ReadonlyArray<Value>
  /** The tangents of the results, which are linear in those of the operands. */
  readonly push: (site: CompositeSite, tangents: ReadonlyArray<Maybe>) => ReadonlyArray<Maybe>
  /** The transpose of `push`. Where it is missing, reverse mode of `push` finds it. */
  readonly pull?: (site: CompositeSite, cotangents: ReadonlyArray<Maybe>) => ReadonlyArray<Maybe>
  /** What it does, on arrays in plain JavaScript. Where it is missing, the interpreter runs the body. */
  readonly evaluate?: (
    inputs: ReadonlyArray<NdArray>,
    outputs: ReadonlyArray<Aval>,
    options: CompositeOptions
  ) => ReadonlyArray<NdArray>
}

/** By their names. A room that loads only when it is imported adds its own. */
const composites = new Map<string, Composite>()

export const defineComposite = (name: string, composite: Composite): void => {
  composites.set(name, composite)
}

export const compositeOf = (name: string): Composite => composites.get(name)!

/** The body as a Program, for operands of these types. */
export const bodyOf = ({ name, options }: Params["composite"], inputs: ReadonlyArray<Aval>): Program =>
  programOf(
    inputs.map(({ dtype, shape }) => ({ dtype, shape })),
    (values) => compositeOf(name).body(values, options)
  )
