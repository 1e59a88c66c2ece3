import { isFloat } from "../../dtype.ts"
import { neutral } from "../../primitives/neutral.ts"
import type { Params, Reduction } from "../../program.ts"
import { type Aval, sizeOf } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import {
  array,
  compareText,
  general,
  type Lowering,
  type Lowerings,
  list,
  type Region,
  scalarOf,
  withRegions
} from "./lowering.ts"
import { asOrdered } from "./ordered.ts"
import { combiners, initialOf, inWorking } from "./reduce.ts"

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

export const contractLowerings: Lowerings<Reduction | "dot" | "argmax" | "argmin"> = {
  sum: reduce("sum"),
  prod: reduce("prod"),
  max: extremeOf("max"),
  min: extremeOf("min"),
  all: reduce("all"),
  any: reduce("any"),
  argmax: extremum("argmax"),
  argmin: extremum("argmin"),
  dot: (site, { contracting, batch }) => {
    const pairs = (sides: readonly [ReadonlyArray<number>, ReadonlyArray<number>]) =>
      sides.map(list).join(" x ")
    const batching = batch[0].length === 0 ? "" : `, batching_dims = ${pairs(batch)}`
    return general(site, "dot_general", `${batching}, contracting_dims = ${pairs(contracting)}`)
  }
}
