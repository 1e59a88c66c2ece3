import type { DotParams } from "../params.ts"
import { neutral } from "../primitives/neutral.ts"
import type { Reduction } from "../program.ts"
import { accumulator, operations } from "./accumulator.ts"
import { at, build, type Element, indicesOf, type NdArray } from "./array.ts"
import { compared } from "./elementwise.ts"
import type { Evaluate, Evaluates } from "./evaluate.ts"
import { elementOf } from "./number.ts"

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

export const contractEvaluates: Evaluates<Reduction | "argmax" | "argmin" | "dot"> = {
  sum: reduce("sum"),
  prod: reduce("prod"),
  max: reduce("max"),
  min: reduce("min"),
  all: reduce("all"),
  any: reduce("any"),
  argmax: extremum("argmax"),
  argmin: extremum("argmin"),
  dot: ({ params, inputs, outputs: [output] }) => [
    build(output!, product(inputs as unknown as readonly [NdArray, NdArray], params))
  ]
}
