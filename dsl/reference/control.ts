import { bodyOf, compositeOf } from "../composites.ts"
import type { ControlPrimitive } from "../primitives/control.ts"
import { whileOperands } from "../primitives/control.ts"
import { scanOperands } from "../primitives/scan.ts"
import type { ScanParams, XsLeaf } from "../program.ts"
import { type Aval, sizeOf } from "../shape.ts"
import { arrayOf, type Element, type NdArray } from "./array.ts"
import type { EvaluateSite, Evaluates, RunProgram } from "./evaluate.ts"
import { elementOf, zeroOf } from "./number.ts"

/** What a scan has done after one step. */
export interface ScanStep {
  /** How many steps came before. */
  readonly step: number
  /** The row of xs that the step had. */
  readonly row: number
  readonly carry: ReadonlyArray<NdArray>
  readonly ys: ReadonlyArray<NdArray>
}

/** Passes leave no other range than the rows themselves. */
const rowOf = (leaf: XsLeaf, operand: NdArray | undefined, row: number): NdArray => {
  if (leaf.kind === "rows") {
    const shape = operand!.shape.slice(1)
    const size = sizeOf(shape)
    return arrayOf({ dtype: operand!.dtype, shape }, operand!.data.slice(row * size, (row + 1) * size))
  }
  return arrayOf({ dtype: leaf.dtype, shape: [] }, [elementOf(row, leaf.dtype)])
}

/** The steps of a scan, each done when it is asked for. */
export function* scanSteps(
  params: ScanParams,
  inputs: ReadonlyArray<NdArray>,
  run: RunProgram
): Generator<ScanStep, void> {
  const { length, consts, carry, xs } = scanOperands(params, inputs)
  const steps = length === undefined ? params.length! : Number(length.data[0])
  let state = carry
  for (let step = 0; step < steps; step++) {
    const row = params.reverse ? steps - 1 - step : step
    const rows = params.xs.map((leaf, i) => rowOf(leaf, xs[i], row))
    const results = run(params.body, [...consts, ...state, ...rows])
    state = results.slice(0, carry.length)
    yield { step, row, carry: state, ys: results.slice(carry.length) }
  }
}

/** Gathers a scan's steps into its results. */
export const scanResults = (
  params: ScanParams,
  inputs: ReadonlyArray<NdArray>,
  outputs: ReadonlyArray<Aval>,
  steps: Iterable<ScanStep>
): ReadonlyArray<NdArray> => {
  let { carry } = scanOperands(params, inputs)
  const stacks = outputs.slice(carry.length).map((output): Array<Element> => {
    return Array.from({ length: sizeOf(output.shape) }, () => zeroOf(output.dtype))
  })
  for (const step of steps) {
    carry = step.carry
    step.ys.forEach((y, k) => {
      y.data.forEach((value, i) => {
        stacks[k]![step.row * y.data.length + i] = value
      })
    })
  }
  return [...carry, ...stacks.map((data, k) => arrayOf(outputs[carry.length + k]!, data))]
}

export const controlEvaluates: Evaluates<ControlPrimitive> = {
  guard: ({ inputs }) => [inputs[1]!],
  debugPrint: ({ params, inputs, print }) => {
    print(params.label, inputs[0]!)
    return [inputs[0]!]
  },
  scan: ({ params, inputs, outputs, run }) =>
    scanResults(params, inputs, outputs, scanSteps(params, inputs, run)),
  while: ({ params, inputs, run }: EvaluateSite<"while">) => {
    const { conditionConsts, bodyConsts, carry } = whileOperands(params, inputs)
    let state: ReadonlyArray<NdArray> = carry
    for (let step = 0; params.max === null || step < params.max; step++) {
      if (run(params.condition, [...conditionConsts, ...state])[0]!.data[0] !== true) break
      state = run(params.body, [...bodyConsts, ...state])
    }
    return state
  },
  switch: ({ params: { branches }, inputs: [index, ...operands], run }) => {
    const chosen = Number(index!.data[0])
    const last = branches.length - 1
    return run(branches[chosen < 0 || chosen > last ? last : chosen]!, operands)
  },
  customDerivative: ({ params: { primal }, inputs, run }) => run(primal, inputs),
  checkpoint: ({ params: { body }, inputs, run }) => run(body, inputs),
  barrier: ({ inputs }) => inputs,
  checkpointName: ({ inputs }) => inputs,
  composite: ({ params: { name, options }, inputs, outputs, run }) => {
    const { evaluate } = compositeOf(name)
    return evaluate?.(inputs, outputs, options) ?? run(bodyOf({ name, options }, inputs), inputs)
  }
}
