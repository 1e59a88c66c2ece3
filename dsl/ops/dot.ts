import type { DType } from "../dtype.ts"
import { shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import type { DotParams } from "../program.ts"
import { show } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import type { Check, NumericDType, Product, ProductFault } from "../types.ts"

/**
 * The general product: pairs of contracted axes are summed over, pairs of batch axes are kept side by side. Result
 * axes: batch, the rest of `a`, the rest of `b` (StableHLO's dot_general).
 */
export const dotGeneral = <D extends NumericDType>(
  a: Tensor<D>,
  b: NoInfer<Tensor<D>>,
  axes: { readonly contracting: DotParams["contracting"]; readonly batch?: DotParams["batch"] }
): Tensor<D> =>
  tensorOf(
    apply1("dot", { contracting: axes.contracting, batch: axes.batch ?? [[], []] }, valueOf(a), valueOf(b))
  )

/** The product of matrices and vectors: f32[m,k] x f32[k,n] gives f32[m,n]; a vector is a row or a column as needed. */
export const matmul = <A extends Tensor<NumericDType>, B extends Tensor<NumericDType>>(
  a: A,
  b: B & Check<ProductFault<A, B>>
): Tensor<A["dtype"], Product<A["shape"], B["shape"]>> => {
  const [left, right] = [valueOf(a), valueOf(b)]
  requireSameDType("matmul", left, right)
  const words = { op: "matmul", a: show(left), b: show(right) }
  if (![left, right].every(({ shape }) => shape.length === 1 || shape.length === 2)) {
    throw shapeError(
      "matmul",
      say("matmulRank", words),
      "for more axes say which: dotGeneral(a, b, { contracting, batch })"
    )
  }
  const inner = left.shape.length - 1
  if (left.shape[inner] !== right.shape[0]) {
    throw shapeError(
      "matmul",
      say("matmulInner", words),
      "the last axis of the left must be as long as the first of the right"
    )
  }
  return tensorOf<DType, never>(
    apply1("dot", { contracting: [[inner], [0]], batch: [[], []] }, left, right)
  ) as never
}
