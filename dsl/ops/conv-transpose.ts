import { named, valueError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireFlag, requireOptions, shown } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { Convolved, DimensionNumbers, OutputsOf } from "../types/convolutions.ts"
import type { NumericDType, Unknown } from "../types.ts"
import { range, transpose } from "../values.ts"
import { read, spatial } from "./conv.ts"
import { type Padding, type PerAxis, pairs, perAxis } from "./window.ts"

type WholePadding = Exclude<Padding, "sameLower">

/** How the transpose of a convolution moves, pads and spreads its kernel. */
export interface ConvTransposeOptions<
  By extends PerAxis = PerAxis,
  P extends WholePadding = WholePadding,
  Apart extends PerAxis = PerAxis,
  L extends DimensionNumbers | undefined = DimensionNumbers | undefined,
  T extends boolean = boolean
> {
  /** How far apart the elements of the input are put (1). */
  readonly strides?: By
  /** That of the convolution whose transpose it is ("valid"), or pairs that are added around the spread input. */
  readonly padding?: P
  readonly kernelDilation?: Apart
  /** As for `conv`. */
  readonly dimensionNumbers?: L
  /** Whether the kernel is that of the convolution: its outputs are the features here, and it is turned around. */
  readonly transposeKernel?: T
}

/** What is added around the spread input, so that the result has the length of a convolution's input. */
const around = (window: number, stride: number, padding: "same" | "valid"): readonly [number, number] => {
  if (padding === "valid") return [window - 1, stride - 1 + Math.max(window - stride, 0)]
  const total = window + stride - 2
  const low = stride > window - 1 ? window - 1 : Math.ceil(total / 2)
  return [low, total - low]
}

/**
 * Convolves as the transpose of a convolution does: with the elements of the input `strides` apart. The operands are
 * those of `conv`. The kernel is not turned around, unless `transposeKernel` says so. With "same" each length is
 * multiplied by the stride; with "valid" the rest of the kernel is added. Both have one dtype. Fails with a `ShapeError`
 * where the shapes do not fit, a `DTypeError` where the dtypes do not, and a `ValueError` for another padding.
 *
 * @example convTranspose(ones([1, 1, 2], "f32"), ones([1, 1, 2], "f32"), { strides: 2 }) // [[[1, 1, 1, 1]]]
 */
export const convTranspose = named(
  "convTranspose",
  <
    D extends NumericDType,
    S extends Shape,
    K extends Unknown<S>,
    const By extends PerAxis = 1,
    const P extends WholePadding = "valid",
    const Apart extends PerAxis = 1,
    const L extends DimensionNumbers | undefined = undefined,
    const T extends boolean = false
  >(
    x: Tensor<D, S>,
    kernel: Tensor<NoInfer<D>, K>,
    options?: ConvTransposeOptions<By, P, Apart, L, T>
  ): Tensor<
    D,
    Convolved<
      S,
      K,
      NoInfer<L>,
      {
        strides: NoInfer<By>
        padding: NoInfer<P>
        kernelDilation: NoInfer<Apart>
        batchGroups: 1
        transposed: OutputsOf<NoInfer<T>>
      }
    >
  > => {
    const op = "convTranspose"
    const names = ["strides", "padding", "kernelDilation", "dimensionNumbers", "transposeKernel"] as const
    const given = requireOptions<ConvTransposeOptions>(op, options, names)
    const { padding = "valid" } = given
    if ((padding as Padding) === "sameLower")
      throw valueError(
        op,
        `${op}: padding is ${shown(padding)}`,
        'give "same", "valid" or a pair for each axis'
      )
    const { x: value, kernel: weights, rank, back } = read(op, x, kernel, given.dimensionNumbers)
    const strides = perAxis(op, "strides", given.strides, rank)
    const kernelDilation = perAxis(op, "kernelDilation", given.kernelDilation, rank)
    const windows = spatial(weights, kernelDilation)
    const isTurned = requireFlag(op, "transposeKernel", given.transposeKernel)
    const turned = isTurned
      ? transpose(apply1("reverse", { axes: range(rank, 2) }, weights), [1, 0, ...range(rank, 2)])
      : weights
    const ones = strides.map(() => 1)
    return tensorOf(
      back(
        apply1(
          "conv",
          {
            strides: ones,
            padding:
              padding === "same" || padding === "valid"
                ? windows.map((window, i) => around(window, strides[i]!, padding))
                : pairs(op, padding, spatial(value, strides), windows, ones),
            inputDilation: strides,
            kernelDilation,
            featureGroups: 1,
            batchGroups: 1
          },
          value,
          turned
        )
      )
    )
  }
)
