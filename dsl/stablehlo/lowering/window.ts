import type { WindowParams } from "../../params.ts"
import type { Cumulative } from "../../program.ts"
import { sizeOf } from "../../shape.ts"
import { tensorType } from "../text.ts"
import {
  array,
  type Lowering,
  type Lowerings,
  list,
  type Site,
  scalarOf,
  slidOver,
  types,
  withRegions
} from "./lowering.ts"
import { combineRegion, combiners, initialOf, inWorking } from "./reduce.ts"

const window = (given: Site, params: WindowParams, steps = 0): ReadonlyArray<string> =>
  inWorking(given, params.op, (site) => windowText(site, params, steps))

const windowText = (
  { writer, operands, inputs, outputs }: Site,
  params: WindowParams,
  steps: number
): ReadonlyArray<string> => {
  const start = scalarOf(inputs[0]!)
  const initial = initialOf(writer, params.op, start, steps)
  const operand = slidOver(writer, operands[0]!, inputs[0]!)
  const rank = inputs[0]!.shape.length
  const pairs = params.padding.map(list).join(", ")
  const attributes = [
    `window_dimensions = ${array(params.window)}`,
    `window_strides = ${array(params.strides)}`,
    `base_dilations = ${array(params.inputDilation)}`,
    `window_dilations = ${array(params.windowDilation)}`,
    `padding = dense<${rank === 0 ? "" : `[${pairs}]`}> : tensor<${rank}x2xi64>`
  ].join(", ")
  return withRegions(
    { writer, operands: [operand, initial], inputs: [inputs[0]!, start], outputs },
    "reduce_window",
    attributes,
    [combineRegion(writer, combiners[params.op], start)]
  )
}

/** A window over everything before: XLA rewrites it as a tree of short ones. */
const cumulative =
  (op: WindowParams["op"]): Lowering<Cumulative> =>
  (site, { axis, reverse }) => {
    const { shape } = site.inputs[0]!
    const length = shape[axis]!
    if (length === 0) return site.operands
    const ones = shape.map(() => 1)
    const at = (i: number) => i === axis
    return window(site, {
      op,
      window: shape.map((_, i) => (at(i) ? length : 1)),
      strides: ones,
      inputDilation: ones,
      windowDilation: ones,
      padding: shape.map((_, i) => (!at(i) ? [0, 0] : reverse ? [0, length - 1] : [length - 1, 0]))
    })
  }

export const windowLowerings: Lowerings<Cumulative | "conv" | "reduceWindow"> = {
  cumsum: cumulative("sum"),
  cumprod: cumulative("prod"),
  cummax: cumulative("max"),
  cummin: cumulative("min"),
  conv: (site, params) => {
    const axes = params.strides.map((_, i) => String(i))
    const layout = (first: string, second: string) => `[${[first, second, ...axes].join(", ")}]`
    const numbers = `${layout("b", "f")}x${layout("o", "i")}->${layout("b", "f")}`
    const window =
      axes.length === 0
        ? ""
        : `stride = ${list(params.strides)}, pad = [${params.padding.map(list).join(", ")}], lhs_dilate = ${list(params.inputDilation)}, rhs_dilate = ${list(params.kernelDilation)}`
    const { writer, inputs, outputs } = site
    const operands = site.operands.map((operand, i) => slidOver(writer, operand, inputs[i]!))
    return [
      writer.assign(
        `stablehlo.convolution(${operands.join(", ")}) dim_numbers = ${numbers}, window = {${window}} {batch_group_count = ${params.batchGroups} : i64, feature_group_count = ${params.featureGroups} : i64} : (${types(inputs)}) -> ${tensorType(outputs[0]!)}`
      )
    ]
  },
  reduceWindow: (site, params) => window(site, params, sizeOf(site.outputs[0]!.shape) * sizeOf(params.window))
}
