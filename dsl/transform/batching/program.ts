import type { Program } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { binary } from "../../values.ts"
import { type BatchSite, batchedInput } from "./batch-rule.ts"

export interface BatchedProgram {
  /** Its last input is the predicate `counts`, where there is one. */
  readonly program: Program
  /** Which outputs are batched. */
  readonly out: ReadonlyArray<boolean>
}

/** The types of inputs, with a batch axis on those that are batched. */
export const widened = (
  avals: ReadonlyArray<Aval>,
  batched: ReadonlyArray<boolean>,
  size: number
): ReadonlyArray<Aval> =>
  avals.map((aval, i) => (batched[i] ? { dtype: aval.dtype, shape: [size, ...aval.shape] } : aval))

type Site = Pick<BatchSite<"scan">, "size" | "counts" | "batch">

/**
 * The program that applies `program` to a batch. `batched` says which inputs are batched. The outputs that `wanted`
 * names are batched too, and others where they must be.
 */
export const batchedProgram = (
  { size, counts, batch }: Site,
  program: Program,
  batched: ReadonlyArray<boolean>,
  wanted: ReadonlyArray<boolean> = []
): BatchedProgram => {
  let out: ReadonlyArray<boolean> = []
  const avals = program.inputs.map(({ aval }) => aval)
  const given = [...widened(avals, batched, size), ...(counts === undefined ? [] : [counts])]
  const made = programOf(given, (values) => {
    const results = batch(
      program,
      { values: values.slice(0, avals.length), batched },
      size,
      values[avals.length]
    )
    out = results.batched.map((is, i) => is || wanted[i] === true)
    return results.values.map((value, i) => (out[i] ? batchedInput(value, results.batched[i]!, size) : value))
  })
  return { program: made, out }
}

/** The members for which both predicates hold; undefined stands for all members. */
export const both = (a: Value | undefined, b: Value | undefined): Value | undefined =>
  a === undefined ? b : b === undefined ? a : binary("and", a, b)
