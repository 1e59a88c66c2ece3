import type { WindowParams } from "../params.ts"
import { neutral } from "../primitives/neutral.ts"
import type { Cumulative } from "../program.ts"
import { accumulator, operations } from "./accumulator.ts"
import { at, build, type Element, indicesOf, inside, type NdArray } from "./array.ts"
import type { Evaluate, Evaluates } from "./evaluate.ts"

const cumulative =
  (op: "sum" | "prod" | "max" | "min"): Evaluate<Cumulative> =>
  ({ params: { axis, reverse }, inputs: [x], outputs: [output] }) => [
    build(output!, (index) => {
      const length = x!.shape[axis]!
      let place = reverse ? length - 1 : 0
      const here = (): Element =>
        at(
          x!,
          index.map((each, i) => (i === axis ? place : each))
        )
      const total = accumulator(operations[op], x!.dtype, neutral(op, x!.dtype))
      total.take(here())
      while (place !== index[axis]!) {
        place += reverse ? -1 : 1
        total.take(here())
      }
      return total.result()
    })
  ]

const window = (x: NdArray, params: WindowParams, index: ReadonlyArray<number>): Element => {
  const total = accumulator(operations[params.op], x.dtype, neutral(params.op, x.dtype))
  for (const inner of indicesOf(params.window)) {
    const from = index.map((place, axis) => {
      const padded = place * params.strides[axis]! + inner[axis]! * params.windowDilation[axis]!
      return (padded - params.padding[axis]![0]) / params.inputDilation[axis]!
    })
    if (from.every(Number.isInteger) && inside(x.shape, from)) total.take(at(x, from))
  }
  return total.result()
}

const conv: Evaluate<"conv"> = ({ params, inputs: [x, kernel], outputs: [output] }) => {
  const { strides, padding, inputDilation, kernelDilation, featureGroups, batchGroups } = params
  const [outputs, inputs] = kernel!.shape as readonly [number, number]
  const batches = x!.shape[0]! / batchGroups
  return [
    build(output!, ([n, o, ...places]) => {
      const total = accumulator("add", x!.dtype, 0)
      const group = Math.floor(o! / (outputs / featureGroups))
      const batch = Math.floor(o! / (outputs / batchGroups)) * batches + n!
      for (const [i, ...inner] of indicesOf([inputs, ...kernel!.shape.slice(2)])) {
        const from = places.map((place, axis) => {
          const padded = place * strides[axis]! + inner[axis]! * kernelDilation[axis]!
          return (padded - padding[axis]![0]) / inputDilation[axis]!
        })
        if (!from.every(Number.isInteger) || !inside(x!.shape.slice(2), from)) continue
        total.takeProduct(at(x!, [batch, group * inputs + i!, ...from]), at(kernel!, [o!, i!, ...inner]))
      }
      return total.result()
    })
  ]
}

export const windowEvaluates: Evaluates<Cumulative | "conv" | "reduceWindow"> = {
  cumsum: cumulative("sum"),
  cumprod: cumulative("prod"),
  cummax: cumulative("max"),
  cummin: cumulative("min"),
  reduceWindow: ({ params, inputs: [x], outputs: [output] }) => [
    build(output!, (index) => window(x!, params, index))
  ],
  conv
}
