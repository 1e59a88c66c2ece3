import type { DType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { requireDim, requireList, requireTensor } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { Asserted, IsShaped } from "../types/asserted.ts"

interface Shaped {
  <D extends DType, S extends Shape, const T extends Shape>(
    x: Tensor<D, S>,
    shape: T & IsShaped<D, S, T>
  ): Tensor<D, T>
  <D extends DType, S extends Shape, const T extends ReadonlyArray<number | null>>(
    x: Tensor<D, S>,
    shape: T & IsShaped<D, S, T>
  ): Tensor<D, Asserted<S, T>>
}

/**
 * Says the shape of a tensor where TypeScript cannot compute it: the result has that shape as its type. The shape is
 * checked while tracing, and nothing is computed when the program runs. A length that is null may be any. Fails with a
 * `ShapeError` where the tensor has another shape.
 *
 * @example shaped(concatenate([arange(2), arange(3)]), [5]) // i32[5]
 */
export const shaped: Shaped = (x: Tensor, shape: ReadonlyArray<number | null>) => {
  const value = requireTensor("shaped", "x", x)
  const hint = "give the dimensions, null for any: [3, null]"
  const wanted = requireList<number | null>("shaped", "shape", shape, hint)
  for (const dim of wanted) if (dim !== null) requireDim("shaped", "a dimension", dim)
  const fits =
    wanted.length === value.shape.length && wanted.every((dim, i) => dim === null || dim === value.shape[i])
  if (!fits) {
    const b = `${value.dtype}[${wanted.map((dim) => dim ?? "?").join(",")}]`
    throw shapeError(
      "shaped",
      say("shaped", { op: "shaped", a: show(value), b }),
      "say the shape that it has"
    )
  }
  return tensorOf<never, never>(value)
}
