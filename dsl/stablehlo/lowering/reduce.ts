import { isFloat, workingDType } from "../../dtype.ts"
import type { WindowParams } from "../../params.ts"
import { neutral } from "../../primitives/neutral.ts"
import type { Cumulative, Params, Reduction } from "../../program.ts"
import { type Aval, sizeOf } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import { compareText } from "./elementwise.ts"
import {
  array,
  convertText,
  hidden,
  type Lowering,
  type Lowerings,
  list,
  type Region,
  type Site,
  scalarOf,
  slidOver,
  withRegions
} from "./lowering.ts"
import { asOrdered } from "./ordered.ts"

const combiners: { readonly [R in Reduction]: string } = {
  sum: "add",
  prod: "multiply",
  max: "maximum",
  min: "minimum",
  all: "and",
  any: "or"
}

/** Sums and products of half floats are worked out in f32 and rounded once, as in jax.numpy. */
const inWorking = (
  site: Site,
  op: Reduction,
  write: (site: Site) => ReadonlyArray<string>
): ReadonlyArray<string> => {
  const [from, to] = [site.inputs[0]!, site.outputs[0]!]
  const dtype = op === "sum" || op === "prod" ? workingDType(from.dtype) : from.dtype
  const [wide, result] = [
    { ...from, dtype },
    { ...to, dtype }
  ]
  const operand = convertText(site.writer, site.operands[0]!, from, wide)
  const made = write({ ...site, operands: [operand], inputs: [wide], outputs: [result] })
  return [convertText(site.writer, made[0]!, result, to)]
}

const reduce =
  (op: Reduction): Lowering<Reduction> =>
  (given, { axes }) =>
    inWorking(given, op, ({ writer, operands, inputs, outputs }) => {
      const start = scalarOf(inputs[0]!)
      const initial = writer.constant(neutral(op, start.dtype), start)
      return [
        writer.assign(
          `stablehlo.reduce(${operands[0]} init: ${initial}) applies stablehlo.${combiners[op]} across dimensions = ${list(axes)} : (${tensorType(inputs[0]!)}, ${tensorType(start)}) -> ${tensorType(outputs[0]!)}`
        )
      ]
    })

/** Of an array that may be divided among devices, whose parts XLA's partitioner then has them reduce together. */
const extremeOf =
  (op: "max" | "min"): Lowering<"max" | "min"> =>
  (site, params) =>
    site.writer.mesh === undefined
      ? reduce(op)(site, params)
      : asOrdered(site, op, (inner) => reduce(op)(inner, params))

/** A region that combines two scalars by one operation. */
export const combineRegion = (writer: Writer, op: string, aval: Aval): Region => ({
  parameters: [aval, aval],
  results: [aval],
  body: ([a, b]) => [writer.assign(`stablehlo.${op} ${a}, ${b} : ${tensorType(aval)}`)]
})

/** How many steps XLA may take as it compiles, of what has no parameters. */
const mostFolded = 2 ** 24

/**
 * An initial value, hidden from the compiler where there is much to reduce. XLA folds constants of any size in windows
 * and in reductions to several results as it compiles. That takes memory for all their elements, and aborts where it
 * runs out.
 */
const initialOf = (writer: Writer, op: Reduction, aval: Aval, steps: number): string => {
  const plain = writer.constant(neutral(op, aval.dtype), aval)
  return steps <= mostFolded ? plain : hidden(writer, plain, aval)
}

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

const either = (writer: Writer, op: "and" | "or", a: string, b: string): string =>
  writer.assign(`stablehlo.${op} ${a}, ${b} : tensor<i1>`)

/** Keeps the better value and its index; NaN is better than numbers, and of equal ones the first. */
const extremum =
  (op: "argmax" | "argmin"): Lowering<"argmax" | "argmin"> =>
  ({ writer, operands, inputs, outputs }, { axis, dtype }: Params["argmax"]) => {
    const x = inputs[0]!
    const places: Aval = { dtype, shape: x.shape }
    const [value, place] = [scalarOf(x), scalarOf(places)]
    const index = writer.assign(`stablehlo.iota dim = ${axis} : ${tensorType(places)}`)
    const worst = initialOf(writer, op === "argmax" ? "max" : "min", value, sizeOf(x.shape))
    const first = writer.constant(0, place)
    const body: Region["body"] = ([a, i, b, j]) => {
      const [x0, i0, x1, i1] = [a!, i!, b!, j!]
      let wins = compareText(writer, op === "argmax" ? "GT" : "LT", [x0, x1], value)
      let ties = compareText(writer, "EQ", [x0, x1], value)
      if (isFloat(x.dtype)) {
        const nan0 = compareText(writer, "NE", [x0, x0], value)
        const nan1 = compareText(writer, "NE", [x1, x1], value)
        const number1 = writer.assign(`stablehlo.not ${nan1} : tensor<i1>`)
        wins = either(writer, "or", wins, either(writer, "and", nan0, number1))
        ties = either(writer, "or", ties, either(writer, "and", nan0, nan1))
      }
      const earlier = compareText(writer, "LT", [i0, i1], place)
      const takes = either(writer, "or", wins, either(writer, "and", ties, earlier))
      return [
        writer.assign(`stablehlo.select ${takes}, ${x0}, ${x1} : tensor<i1>, ${tensorType(value)}`),
        writer.assign(`stablehlo.select ${takes}, ${i0}, ${i1} : tensor<i1>, ${tensorType(place)}`)
      ]
    }
    const results = withRegions(
      {
        writer,
        operands: [operands[0]!, index, worst, first],
        inputs: [x, places, value, place],
        outputs: [{ dtype: x.dtype, shape: outputs[0]!.shape }, outputs[0]!]
      },
      "reduce",
      `dimensions = ${array([axis])}`,
      [{ parameters: [value, place, value, place], results: [value, place], body }]
    )
    return [results[1]!]
  }

export const reduceLowerings: Lowerings<Reduction | Cumulative | "reduceWindow" | "argmax" | "argmin"> = {
  sum: reduce("sum"),
  prod: reduce("prod"),
  max: extremeOf("max"),
  min: extremeOf("min"),
  all: reduce("all"),
  any: reduce("any"),
  cumsum: cumulative("sum"),
  cumprod: cumulative("prod"),
  cummax: cumulative("max"),
  cummin: cumulative("min"),
  reduceWindow: (site, params) =>
    window(site, params, sizeOf(site.outputs[0]!.shape) * sizeOf(params.window)),
  argmax: extremum("argmax"),
  argmin: extremum("argmin")
}
