import type { Program } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { binary } from "../../values.ts"
import { type BatchSite, batchedInput } from "./batch-rule.ts"

export interface BatchedProgram {
  /** Takes, after its inputs, the predicate `counts`, where there is one. */
  readonly program: Program
  /** Which outputs are batched. */
  readonly out: ReadonlyArray<boolean>
}

/** The types of inputs of which some are batched. */
export const widened = (
  avals: ReadonlyArray<Aval>,
  batched: ReadonlyArray<boolean>,
  size: number
): ReadonlyArray<Aval> =>
  avals.map((aval, i) => (batched[i] ? { dtype: aval.dtype, shape: [size, ...aval.shape] } : aval))

type Site = Pick<BatchSite<"scan">, "size" | "counts" | "batch">

/**
 * A program over a batch as a program. Its inputs are batched as `batched` says, its outputs at least where `wanted`
 * does.
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

/** Members for which both hold; undefined stands for all. */
export const both = (a: Value | undefined, b: Value | undefined): Value | undefined =>
  a === undefined ? b : b === undefined ? a : binary("and", a, b)
