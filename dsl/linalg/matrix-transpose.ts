import type { DType } from "../dtype.ts"
import { named } from "../errors.ts"
import { requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import { flip } from "../values.ts"
import { requireAxes } from "./requirements.ts"
import type { AreMatrices, ColumnsOf, Matrices, RowsOf } from "./types.ts"

/**
 * Transposes matrices: f32[...,m,n] gives f32[...,n,m]. Takes all dtypes, and does not conjugate. Fails with a
 * `ShapeError` for fewer than two axes.
 *
 * @example matrixTranspose(constant([[1, 2], [3, 4]], "f32")) // [[1, 3], [2, 4]]
 */
export const matrixTranspose = named(
  "matrixTranspose",
  <D extends DType, S extends Shape>(
    a: Tensor<D, S> & AreMatrices<"matrixTranspose", D, S>
  ): Tensor<D, Matrices<S, ColumnsOf<S>, RowsOf<S>>> => {
    const value = requireTensor("matrixTranspose", "a", a)
    requireAxes("matrixTranspose", value)
    return tensorOf(flip(value))
  }
)
