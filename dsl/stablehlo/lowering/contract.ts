import { isFloat } from "../../dtype.ts"
import { neutral } from "../../primitives/neutral.ts"
import type { Params, Reduction } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import { range } from "../../values.ts"
import { tensorType } from "../text.ts"
import { compareText, general, type Lowering, type Lowerings, list, scalarOf } from "./lowering.ts"
import { asOrdered } from "./ordered.ts"
import { combiners, inWorking } from "./reduce.ts"

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

/**
 * The first index of the best value: the least of the indices where the value is the best one, or NaN, of which one
 * makes the best value NaN. Two plain reductions are fast on every platform; one of pairs is a loop on a CPU.
 */
const extremum =
  (op: "argmax" | "argmin"): Lowering<"argmax" | "argmin"> =>
  (site, { axis, dtype }: Params["argmax"]) => {
    const { writer, operands, inputs, outputs } = site
    const [x, [name]] = [inputs[0]!, operands]
    const value: Aval = { dtype: x.dtype, shape: outputs[0]!.shape }
    const best = extremeOf(op === "argmax" ? "max" : "min")({ ...site, outputs: [value] }, { axes: [axis] })
    const others = range(x.shape.length).filter((each) => each !== axis)
    const [spread] = general(
      { ...site, operands: best, inputs: [value], outputs: [x] },
      "broadcast_in_dim",
      `, dims = ${list(others)}`
    )
    const flags: Aval = { dtype: "bool", shape: x.shape }
    const places: Aval = { dtype, shape: x.shape }
    const same = compareText(writer, "EQ", [name!, spread!], x)
    const wins = isFloat(x.dtype)
      ? writer.assign(
          `stablehlo.or ${same}, ${compareText(writer, "NE", [name!, name!], x)} : ${tensorType(flags)}`
        )
      : same
    const index = writer.assign(`stablehlo.iota dim = ${axis} : ${tensorType(places)}`)
    const last = writer.constant(x.shape[axis]! - 1, places)
    const chosen = writer.assign(
      `stablehlo.select ${wins}, ${index}, ${last} : ${tensorType(flags)}, ${tensorType(places)}`
    )
    return reduce("min")({ ...site, operands: [chosen], inputs: [places] }, { axes: [axis] })
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
  dot: (site, { contracting, batch, precision }) => {
    const pairs = (sides: readonly [ReadonlyArray<number>, ReadonlyArray<number>]) =>
      sides.map(list).join(" x ")
    const batching = batch[0].length === 0 ? "" : `, batching_dims = ${pairs(batch)}`
    const precisely = precision === undefined ? "" : ", precision = [HIGHEST, HIGHEST]"
    return general(site, "dot_general", `${batching}, contracting_dims = ${pairs(contracting)}${precisely}`)
  }
}
