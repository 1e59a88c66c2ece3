import type { DType, Shape, Tensor } from "../../dsl/index.ts"

/** A tensor, and the type that the editor must show for it, to be compared with what tracing finds. */
export interface Agreement {
  readonly found: Tensor
  readonly dtype: DType
  readonly shape: Shape
}

/** Compiles only where the tensor's type has exactly this dtype and these lengths. */
export const agree = <D extends DType, S extends Shape, const T extends Shape>(
  found: Tensor<D, S>,
  dtype: [D] extends [infer E] ? E & DType : never,
  shape: T & (Shape extends S ? never : [S] extends [T] ? unknown : never)
): Agreement => ({ found, dtype, shape })
