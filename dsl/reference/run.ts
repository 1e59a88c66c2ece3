import type { Primitive, Program } from "../program.ts"
import { Environment } from "../replay.ts"
import type { NdArray } from "./array.ts"
import { contractEvaluates } from "./contract.ts"
import { controlEvaluates } from "./control.ts"
import { elementwiseEvaluates } from "./elementwise.ts"
import type { Evaluate, Evaluates, PrintArray } from "./evaluate.ts"
import { indexingEvaluates } from "./indexing.ts"
import { linalgEvaluates } from "./linalg.ts"
import { shardingEvaluates } from "./sharding.ts"
import { structureEvaluates } from "./structure.ts"
import { windowEvaluates } from "./window.ts"

/** What each primitive does: leaving one out is a type error. */
export const evaluates: Evaluates<Primitive> = {
  ...elementwiseEvaluates,
  ...structureEvaluates,
  ...contractEvaluates,
  ...windowEvaluates,
  ...indexingEvaluates,
  ...linalgEvaluates,
  ...controlEvaluates,
  ...shardingEvaluates
}

/** Runs a program on arrays in plain JavaScript, one equation after another. */
export const run = (program: Program, inputs: ReadonlyArray<NdArray>): ReadonlyArray<NdArray> =>
  runPrinting(program, inputs, () => {})

/** As `run`, with `print` told of what `debugPrint` is given. */
export const runPrinting = (
  program: Program,
  inputs: ReadonlyArray<NdArray>,
  print: PrintArray
): ReadonlyArray<NdArray> => {
  const inner = (held: Program, given: ReadonlyArray<NdArray>) => runPrinting(held, given, print)
  const values = new Environment(program.inputs, inputs)
  for (const { primitive, params, inputs: operands, outputs } of program.equations) {
    const evaluate = evaluates[primitive] as Evaluate<Primitive>
    const avals = outputs.map(({ aval }) => aval)
    values.set(outputs, evaluate({ params, inputs: values.get(operands), outputs: avals, run: inner, print }))
  }
  return values.get(program.outputs)
}
