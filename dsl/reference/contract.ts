import type { DotParams, WindowParams } from "../params.ts"
import { neutral } from "../primitives/neutral.ts"
import type { BinaryPrimitive, Cumulative, Reduction } from "../program.ts"
import { at, build, type Element, indicesOf, inside, type NdArray } from "./array.ts"
import { combine, compared } from "./elementwise.ts"
import type { Evaluate, Evaluates } from "./evaluate.ts"
import { elementOf, zeroOf } from "./number.ts"

const operations: { readonly [R in Reduction]: BinaryPrimitive } = {
  sum: "add",
  prod: "mul",
  max: "maximum",
  min: "minimum",
  all: "and",
  any: "or"
}

/** Puts indices of two groups of axes together. */
const merged = (
  axes: ReadonlyArray<number>,
  index: ReadonlyArray<number>,
  rest: ReadonlyArray<number>
): ReadonlyArray<number> => {
  const out: Array<number> = []
  let other = 0
  for (let axis = 0; axis < index.length + rest.length; axis++) {
    const place = axes.indexOf(axis)
    out.push(place < 0 ? rest[other++]! : index[place]!)
  }
  return out
}

const reduce =
  (op: Reduction): Evaluate<Reduction> =>
  ({ params: { axes }, inputs: [x], outputs: [output] }) => [
    build(output!, (rest) => {
      let total = elementOf(neutral(op, x!.dtype) as number, x!.dtype)
      const lengths = axes.map((axis) => x!.shape[axis]!)
      for (const index of indicesOf(lengths))
        total = combine(operations[op], total, at(x!, merged(axes, index, rest)), x!.dtype)
      return total
    })
  ]

const cumulative =
  (op: BinaryPrimitive): Evaluate<Cumulative> =>
  ({ params: { axis, reverse }, inputs: [x], outputs: [output] }) => [
    build(output!, (index) => {
      const length = x!.shape[axis]!
      let place = reverse ? length - 1 : 0
      const here = (): Element =>
        at(
          x!,
          index.map((each, i) => (i === axis ? place : each))
        )
      let total = here()
      while (place !== index[axis]!) {
        place += reverse ? -1 : 1
        total = combine(op, total, here(), x!.dtype)
      }
      return total
    })
  ]

const isNaNElement = (value: Element): boolean => typeof value === "number" && Number.isNaN(value)

const extremum =
  (op: "argmax" | "argmin"): Evaluate<"argmax" | "argmin"> =>
  ({ params: { axis, dtype }, inputs: [x], outputs: [output] }) => [
    build(output!, (rest) => {
      let best = 0
      const value = (place: number) => at(x!, merged([axis], [place], rest))
      for (let place = 1; place < x!.shape[axis]!; place++) {
        const [held, found] = [value(best), value(place)]
        const better = compared(op === "argmax" ? "gt" : "lt", found, held)
        if (!isNaNElement(held) && (better || isNaNElement(found))) best = place
      }
      return elementOf(best, dtype)
    })
  ]

const product = (
  [a, b]: readonly [NdArray, NdArray],
  params: DotParams
): ((index: ReadonlyArray<number>) => Element) => {
  const { contracting, batch } = params
  const free = (x: NdArray, side: 0 | 1) =>
    x.shape.map((_, i) => i).filter((i) => !contracting[side].includes(i) && !batch[side].includes(i))
  const [freeA, freeB] = [free(a, 0), free(b, 1)]
  const lengths = contracting[0].map((axis) => a.shape[axis]!)
  const place = (
    side: 0 | 1,
    own: ReadonlyArray<number>,
    index: ReadonlyArray<number>,
    inner: ReadonlyArray<number>,
    from: number
  ) => {
    const out: Array<number> = []
    batch[side].forEach((axis, i) => {
      out[axis] = index[i]!
    })
    contracting[side].forEach((axis, i) => {
      out[axis] = inner[i]!
    })
    own.forEach((axis, i) => {
      out[axis] = index[from + i]!
    })
    return out
  }
  return (index) => {
    let total = zeroOf(a.dtype)
    for (const inner of indicesOf(lengths)) {
      const left = at(a, place(0, freeA, index, inner, batch[0].length))
      const right = at(b, place(1, freeB, index, inner, batch[0].length + freeA.length))
      total = combine("add", total, combine("mul", left, right, a.dtype), a.dtype)
    }
    return total
  }
}

const window = (x: NdArray, params: WindowParams, index: ReadonlyArray<number>): Element => {
  let total = elementOf(neutral(params.op, x.dtype) as number, x.dtype)
  for (const inner of indicesOf(params.window)) {
    const from = index.map((place, axis) => {
      const padded = place * params.strides[axis]! + inner[axis]! * params.windowDilation[axis]!
      return (padded - params.padding[axis]![0]) / params.inputDilation[axis]!
    })
    if (from.every(Number.isInteger) && inside(x.shape, from))
      total = combine(operations[params.op], total, at(x, from), x.dtype)
  }
  return total
}

const conv: Evaluate<"conv"> = ({ params, inputs: [x, kernel], outputs: [output] }) => {
  const { strides, padding, inputDilation, kernelDilation, featureGroups, batchGroups } = params
  const [outputs, inputs] = kernel!.shape as readonly [number, number]
  const batches = x!.shape[0]! / batchGroups
  return [
    build(output!, ([n, o, ...places]) => {
      let total = zeroOf(x!.dtype)
      const group = Math.floor(o! / (outputs / featureGroups))
      const batch = Math.floor(o! / (outputs / batchGroups)) * batches + n!
      for (const [i, ...inner] of indicesOf([inputs, ...kernel!.shape.slice(2)])) {
        const from = places.map((place, axis) => {
          const padded = place * strides[axis]! + inner[axis]! * kernelDilation[axis]!
          return (padded - padding[axis]![0]) / inputDilation[axis]!
        })
        if (!from.every(Number.isInteger) || !inside(x!.shape.slice(2), from)) continue
        const left = at(x!, [batch, group * inputs + i!, ...from])
        total = combine(
          "add",
          total,
          combine("mul", left, at(kernel!, [o!, i!, ...inner]), x!.dtype),
          x!.dtype
        )
      }
      return total
    })
  ]
}

export const contractEvaluates: Evaluates<
  Reduction | Cumulative | "argmax" | "argmin" | "dot" | "reduceWindow" | "conv"
> = {
  sum: reduce("sum"),
  prod: reduce("prod"),
  max: reduce("max"),
  min: reduce("min"),
  all: reduce("all"),
  any: reduce("any"),
  cumsum: cumulative("add"),
  cumprod: cumulative("mul"),
  cummax: cumulative("maximum"),
  cummin: cumulative("minimum"),
  argmax: extremum("argmax"),
  argmin: extremum("argmin"),
  dot: ({ params, inputs, outputs: [output] }) => [
    build(output!, product(inputs as unknown as readonly [NdArray, NdArray], params))
  ],
  reduceWindow: ({ params, inputs: [x], outputs: [output] }) => [
    build(output!, (index) => window(x!, params, index))
  ],
  conv
}
