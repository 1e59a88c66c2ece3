import { type DType, workingDType } from "../dtype.ts"
import type { DotParams, WindowParams } from "../params.ts"
import { neutral } from "../primitives/neutral.ts"
import type { BinaryPrimitive, Cumulative, Reduction } from "../program.ts"
import { at, build, type Element, indicesOf, inside, type NdArray } from "./array.ts"
import { combine, compared } from "./elementwise.ts"
import type { Evaluate, Evaluates } from "./evaluate.ts"
import { converted, elementOf } from "./number.ts"

const operations: { readonly [R in Reduction]: BinaryPrimitive } = {
  sum: "add",
  prod: "mul",
  max: "maximum",
  min: "minimum",
  all: "and",
  any: "or"
}

/** Combines elements one after another, in the dtype that sums and products are worked out in, and rounds once. */
const accumulator = (op: BinaryPrimitive, dtype: DType, first: number | bigint | boolean) => {
  const working = op === "add" || op === "mul" ? workingDType(dtype) : dtype
  let total = elementOf(first, working)
  const wide = (value: Element) => converted(value, dtype, working)
  return {
    take: (value: Element) => {
      total = combine(op, total, wide(value), working)
    },
    /** Adds a product, which is rounded to the working dtype alone. */
    takeProduct: (a: Element, b: Element) => {
      total = combine(op, total, combine("mul", wide(a), wide(b), working), working)
    },
    result: () => converted(total, working, dtype)
  }
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
      const total = accumulator(operations[op], x!.dtype, neutral(op, x!.dtype))
      const lengths = axes.map((axis) => x!.shape[axis]!)
      for (const index of indicesOf(lengths)) total.take(at(x!, merged(axes, index, rest)))
      return total.result()
    })
  ]

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
    const total = accumulator("add", a.dtype, 0)
    for (const inner of indicesOf(lengths)) {
      const left = at(a, place(0, freeA, index, inner, batch[0].length))
      const right = at(b, place(1, freeB, index, inner, batch[0].length + freeA.length))
      total.takeProduct(left, right)
    }
    return total.result()
  }
}

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

export const contractEvaluates: Evaluates<
  Reduction | Cumulative | "argmax" | "argmin" | "dot" | "reduceWindow" | "conv"
> = {
  sum: reduce("sum"),
  prod: reduce("prod"),
  max: reduce("max"),
  min: reduce("min"),
  all: reduce("all"),
  any: reduce("any"),
  cumsum: cumulative("sum"),
  cumprod: cumulative("prod"),
  cummax: cumulative("max"),
  cummin: cumulative("min"),
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
