import type { DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { plainAxis, requireDim, requireList, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { IsAxis } from "../types/axes.ts"
import type { Numbers, Parts, SplitFault } from "../types/lengths.ts"
import type { CheckNumber, Guarded, Lengths } from "../types.ts"
import { sliceAxis } from "../values.ts"

const refuse = (message: string, hint: string) => shapeError("split", message, hint)

const mostParts = 2 ** 20

const equalParts = (x: Value, axis: number, parts: number): ReadonlyArray<number> => {
  const length = x.shape[axis]!
  if (!Number.isSafeInteger(parts) || parts < 1 || parts > mostParts || length % parts !== 0)
    throw refuse(
      say("divide", { op: "split", axis: `${axis}`, a: show(x), parts: `${parts}` }),
      "give a divisor, or the lengths of the parts"
    )
  return Array.from({ length: parts }, () => length / parts)
}

/**
 * Cuts an array along an axis (the first): into so many equal parts, or into parts of the given lengths. Fails with a
 * `ShapeError` where the parts do not make up the axis.
 *
 * @example split(arange(4), [1, 3]) // [[0], [1, 2, 3]]
 */
export const split = named(
  "split",
  <D extends DType, S extends Shape, const P extends number | Numbers, const A extends number = 0>(
    x: Tensor<D, S>,
    parts: P & Guarded<CheckNumber<P, SplitFault<Tensor<D, S>, P, NoInfer<A>>>>[Lengths<S>],
    axis: A & IsAxis<"split", D, S, A> = 0 as never
  ): Parts<Tensor<D, S>, P, NoInfer<A>> => {
    const value = requireTensor("split", "x", x)
    const at = plainAxis("split", axis, value)
    const length = value.shape[at]!
    const lengths =
      typeof parts === "number"
        ? equalParts(value, at, parts)
        : requireList<number>("split", "parts", parts, "give how many, or the lengths of the parts")
    for (const each of lengths) requireDim("split", "a part's length", each)
    const total = lengths.reduce((sum, each) => sum + each, 0)
    if (total !== length) {
      throw refuse(
        say("parts", { op: "split", total: `${total}`, axis: `${at}`, a: show(value) }),
        "the lengths must add up to the axis"
      )
    }
    let start = 0
    return lengths.map((each) => {
      const from = start
      start += each
      return tensorOf<D, Shape>(sliceAxis(value, at, from, start))
    }) as never
  }
)
