import type { DType } from "../dtype.ts"
import { named, shapeError } from "../errors.ts"
import { say } from "../messages.ts"
import type { DotParams } from "../params.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { requireList, requireRecord, requireTensor, requireWholes } from "../required.ts"
import { broadcastShapes, type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { Without } from "../types/axes.ts"
import type { Permuted } from "../types/permutations.ts"
import type { Multiplied, Whole } from "../types/whole.ts"
import type { NumericDType, Product, ProductCheck } from "../types.ts"
import { broadcastValue } from "./operand.ts"

/** The batch, then what is left of both sides. */
type Dotted<
  S extends Shape,
  T extends Shape,
  C extends DotParams["contracting"],
  B extends DotParams["batch"]
> = number extends (C | B)[0 | 1][number] | S["length"] | T["length"]
  ? Shape
  : readonly [
      ...Permuted<S, B[0]>,
      ...Without<S, B[0][number] | C[0][number]>,
      ...Without<T, B[1][number] | C[1][number]>
    ]

/**
 * Multiplies two arrays of one dtype: sums over pairs of contracted axes, and keeps pairs of batch axes side by side.
 * The result's axes are the batch, the rest of `a`, the rest of `b` (StableHLO's dot_general). Fails with a
 * `ShapeError` where the axes of a pair differ in length, and a `DTypeError` where the dtypes do.
 *
 * @example
 * const a = ones([2, 3], "f32")
 * dotGeneral(a, ones([4, 3], "f32"), { contracting: [[1], [1]] }) // f32[2,4]
 */
export const dotGeneral = named(
  "dotGeneral",
  <
    D extends NumericDType,
    S extends Shape,
    T extends Shape,
    const C extends DotParams["contracting"],
    const B extends DotParams["batch"] = readonly [readonly [], readonly []]
  >(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T>,
    axes: { readonly contracting: C; readonly batch?: B }
  ): Tensor<D, Dotted<S, T, C, NoInfer<B>>> => {
    const hint = "name the axes of each side: { contracting: [[1], [0]] }"
    const { contracting, batch = [[], []] } = requireRecord("dotGeneral", "axes", axes, hint)
    const sides = (what: string, pair: DotParams["batch"]): DotParams["batch"] => {
      const [left, right] = requireList("dotGeneral", what, pair, hint)
      return [
        requireWholes("dotGeneral", `${what}[0]`, left!, hint),
        requireWholes("dotGeneral", `${what}[1]`, right!, hint)
      ]
    }
    const params = { contracting: sides("contracting", contracting), batch: sides("batch", batch) }
    const [left, right] = [requireTensor("dotGeneral", "a", a), requireTensor("dotGeneral", "b", b)]
    return tensorOf(apply1("dot", params, left, right))
  }
)

/** A batch of matrices broadcast to the batch axes. */
const spread = (x: Value, batch: Shape): Value =>
  broadcastValue("matmul", x, [...batch, ...x.shape.slice(-2)])

interface Matmul extends Whole<Multiplied> {
  <A extends Tensor<NumericDType>, B extends Tensor<NumericDType>>(
    a: A,
    b: B & ProductCheck<A, B>
  ): Tensor<A["dtype"], Product<A["shape"], B["shape"]>>
}

/**
 * Multiplies matrices and vectors of one dtype: f32[m,k] by f32[k,n] gives f32[m,n]. A vector is a row or a column as
 * needed. With more axes, the last two are matrices and those before are batches, which broadcast. Fails with a
 * `ShapeError` for scalars and where the inner axes differ, and a `DTypeError` where the dtypes do.
 *
 * @example
 * const m = constant([[1, 2], [3, 4]], "f32")
 * matmul(m, constant([1, 1], "f32")) // f32[2]: [3, 7]
 */
export const matmul: Matmul = named("matmul", (a: Tensor, b: Tensor) => {
  const [left, right] = [requireTensor("matmul", "a", a), requireTensor("matmul", "b", b)]
  requireSameDType("matmul", left, right)
  const words = { op: "matmul", a: show(left), b: show(right) }
  if (left.shape.length === 0 || right.shape.length === 0) {
    throw shapeError("matmul", say("matmulRank", words), "mul(a, b) multiplies by a scalar")
  }
  const inner = left.shape.length - 1
  const row = Math.max(0, right.shape.length - 2)
  if (left.shape[inner] !== right.shape[row]) {
    throw shapeError(
      "matmul",
      say("matmulInner", words),
      "the last axis of the left must be as long as the last but one of the right"
    )
  }
  const flat = left.shape.length <= 2 && right.shape.length <= 2
  const oneSided = left.shape.length === 1 || right.shape.length === 1
  if (flat || oneSided) {
    const product = apply1("dot", { contracting: [[inner], [row]], batch: [[], []] }, left, right)
    return tensorOf<DType, never>(product) as never
  }
  const batch = broadcastShapes(left.shape.slice(0, -2), right.shape.slice(0, -2))
  if (batch === undefined) {
    throw shapeError(
      "matmul",
      say("matmulBatch", words),
      "axes before the last two are matched from the last of them"
    )
  }
  const axes = batch.map((_, i) => i)
  const product = apply1(
    "dot",
    { contracting: [[axes.length + 1], [axes.length]], batch: [axes, axes] },
    spread(left, batch),
    spread(right, batch)
  )
  return tensorOf<DType, never>(product) as never
})
