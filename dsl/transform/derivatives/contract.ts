import type { DotParams } from "../../params.ts"
import { apply1 } from "../../primitives/index.ts"
import type { Reduction } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import {
  broadcast,
  compare,
  convert,
  div,
  inWorking,
  mul,
  range,
  reshape,
  scale,
  select,
  sliceAxis,
  sum,
  transpose,
  zeros
} from "../../values.ts"
import type { Derivative, Derivatives } from "./derivative.ts"

/** Puts back the axes that a reduction removed. */
const spread = (reduced: Value, like: Value, axes: ReadonlyArray<number>): Value =>
  broadcast(
    reduced,
    like.shape,
    range(like.shape.length).filter((axis) => !axes.includes(axis))
  )

/** Equal greatest elements share the derivative, as in JAX. Where the greatest is NaN, so are all derivatives. */
const extremum: Derivative<"max" | "min"> = {
  each: ({ inputs: [x], outputs: [y], params: { axes } }) => {
    const reached = compare("eq", x!, spread(y!, x!, axes))
    const count = sum(convert(reached, x!.dtype), axes)
    return [
      {
        push: (t) => div(sum(select(reached, t, zeros(t)), axes), count),
        pull: (ct) => {
          const shared = spread(div(ct, count), x!, axes)
          const other = select(compare("eq", count, zeros(count)), scale(ct, Number.NaN), zeros(ct))
          return select(reached, shared, spread(other, x!, axes))
        }
      }
    ]
  }
}

/** A product, written as a tree of products of pairs: its derivative is right where factors are zero. */
const productTree = (x: Value, axes: ReadonlyArray<number>): Value => {
  const kept = range(x.shape.length).filter((axis) => !axes.includes(axis))
  const rest = kept.map((axis) => x.shape[axis]!)
  const count = axes.reduce((n, axis) => n * x.shape[axis]!, 1)
  let rows = reshape(transpose(x, [...axes, ...kept]), [count, ...rest])
  while (rows.shape[0]! > 1) {
    const half = Math.floor(rows.shape[0]! / 2)
    const product = mul(sliceAxis(rows, 0, 0, half), sliceAxis(rows, 0, half, 2 * half))
    const odd = rows.shape[0]! % 2 === 1
    rows = odd
      ? apply1("concatenate", { axis: 0 }, product, sliceAxis(rows, 0, 2 * half, 2 * half + 1))
      : product
  }
  return rows.shape[0] === 0 ? apply1("prod", { axes: [0] }, rows) : reshape(rows, rest)
}

const free = (rank: number, ...used: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> =>
  range(rank).filter((axis) => !used.some((axes) => axes.includes(axis)))

/** The cotangent of one operand: the result's cotangent, contracted with the other operand over its free axes. */
const sideCotangent = (ct: Value, side: 0 | 1, inputs: ReadonlyArray<Value>, params: DotParams): Value => {
  const { contracting, batch } = params
  const other = side === 0 ? 1 : 0
  const [mine, theirs] = [inputs[side]!, inputs[other]!]
  const myFree = free(mine.shape.length, contracting[side], batch[side])
  const theirFree = free(theirs.shape.length, contracting[other], batch[other])
  const batches = range(batch[0].length)
  const theirsStart = batches.length + (side === 0 ? myFree.length : 0)
  const product = apply1(
    "dot",
    { contracting: [range(theirFree.length, theirsStart), theirFree], batch: [batches, batch[other]] },
    ct,
    theirs
  )
  // Its axes: batch, this operand's free axes, then the contracted ones in the order of the other operand.
  const left = range(theirs.shape.length).filter((axis) => contracting[other].includes(axis))
  const places = [
    ...batch[side],
    ...myFree,
    ...left.map((axis) => contracting[side][contracting[other].indexOf(axis)]!)
  ]
  return transpose(
    product,
    range(mine.shape.length).map((axis) => places.indexOf(axis))
  )
}

export const contractDerivatives: Derivatives<Reduction | "dot" | "argmax" | "argmin"> = {
  sum: {
    each: ({ inputs: [x], params: { axes } }) => [
      { push: (t) => sum(t, axes), pull: (ct) => spread(ct, x!, axes) }
    ]
  },
  prod: { rewrite: ([x], { axes }) => [inWorking(x!, (wide) => productTree(wide, axes))] },
  max: extremum,
  min: extremum,
  dot: {
    each: ({ inputs, params }) => [
      {
        push: (t) => apply1("dot", params, t, inputs[1]!),
        pull: (ct) => sideCotangent(ct, 0, inputs, params)
      },
      {
        push: (t) => apply1("dot", params, inputs[0]!, t),
        pull: (ct) => sideCotangent(ct, 1, inputs, params)
      }
    ]
  }
}
