import { shapeError, valueError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { dilated } from "../primitives/window.ts"
import { requireDim, requireList, requireOptions, requireTensor, shown } from "../required.ts"
import { type Shape, show } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { Convolved, DimensionNumbers, FitsInput } from "../types/convolutions.ts"
import type { NumericDType } from "../types.ts"
import { transpose } from "../values.ts"
import { type Padding, type PerAxis, pairs, perAxis } from "./window.ts"

export type { DimensionNumbers }

/** How a convolution moves, pads and spreads its kernel. */
export interface ConvOptions<
  By extends PerAxis = PerAxis,
  P extends Padding = Padding,
  Spread extends PerAxis = PerAxis,
  Apart extends PerAxis = PerAxis,
  L extends DimensionNumbers | undefined = DimensionNumbers | undefined,
  G extends number = number,
  B extends number = number
> {
  readonly strides?: By
  /** ("valid") */
  readonly padding?: P
  readonly inputDilation?: Spread
  readonly kernelDilation?: Apart
  /** Groups of features that are convolved apart (1). */
  readonly groups?: G
  /** Groups of the batch, each of which meets its own share of the outputs (1). */
  readonly batchGroups?: B
  /**
   * What the axes of the input, of the kernel and of the result are, as JAX writes them: `["NHWC", "HWIO", "NHWC"]`. The
   * spatial axes of other options are in the order of the kernel's letters.
   */
  readonly dimensionNumbers?: L
}

type Order = ReadonlyArray<number>

/** The axes in the order in which convolutions work on them; undefined where they are in it. */
interface Orders {
  readonly input: Order
  readonly kernel: Order
  readonly output: Order
}

const hint = 'write the axes of the input, the kernel and the result: ["NHWC", "HWIO", "NHWC"]'

/** Each letter once, and the two that must be there. */
const requireLetters = (op: string, text: unknown, first: string, second: string, rank: number): string => {
  if (
    typeof text === "string" &&
    text.length === rank &&
    new Set(text).size === rank &&
    text.includes(first) &&
    text.includes(second)
  )
    return text
  throw valueError(
    op,
    `${op}: ${shown(text)} does not name ${rank} axes, with ${first} and ${second} among them`,
    hint
  )
}

const ordersOf = (op: string, given: DimensionNumbers | undefined, rank: number): Orders | undefined => {
  if (given === undefined) return undefined
  const list = requireList<string>(op, "dimensionNumbers", given, hint)
  if (list.length !== 3) throw valueError(op, `${op}: dimensionNumbers has ${list.length} parts, not 3`, hint)
  const input = requireLetters(op, list[0], "N", "C", rank)
  const kernel = requireLetters(op, list[1], "O", "I", rank)
  const output = requireLetters(op, list[2], "N", "C", rank)
  const spatial = [...kernel].filter((letter) => letter !== "O" && letter !== "I")
  const within = (text: string, first: string, second: string): Order =>
    [first, second, ...spatial].map((letter) => {
      const axis = text.indexOf(letter)
      if (axis >= 0) return axis
      throw valueError(op, `${op}: ${shown(text)} has no axis ${letter}, which ${shown(kernel)} has`, hint)
    })
  return {
    input: within(input, "N", "C"),
    kernel: within(kernel, "O", "I"),
    output: within(output, "N", "C")
  }
}

const inverse = (order: Order): Order => order.map((_, i) => order.indexOf(i))

interface Read {
  readonly x: Value
  readonly kernel: Value
  /** How many spatial axes there are. */
  readonly rank: number
  readonly back: (y: Value) => Value
}

/** The operands in the order in which convolutions work on them, and how the result leaves it. */
export const read = (op: string, x: Tensor, kernel: Tensor, given: DimensionNumbers | undefined): Read => {
  const [value, weights] = [requireTensor(op, "x", x), requireTensor(op, "kernel", kernel)]
  const rank = value.shape.length
  if (rank < 2 || weights.shape.length !== rank)
    throw shapeError(
      op,
      `${op}: does not take ${show(value)} with the kernel ${show(weights)}`,
      "input is [batch, features, ...], kernel [outputs, features, ...], of the same rank"
    )
  const orders = ordersOf(op, given, rank)
  if (orders === undefined) return { x: value, kernel: weights, rank: rank - 2, back: (y) => y }
  return {
    x: transpose(value, orders.input),
    kernel: transpose(weights, orders.kernel),
    rank: rank - 2,
    back: (y) => transpose(y, inverse(orders.output))
  }
}

export const spatial = (x: Value, dilation: Shape): Shape =>
  x.shape.slice(2).map((length, i) => dilated(length, dilation[i]!))

/**
 * Convolves (cross-correlates) `[batch, features, ...spatial]` with a kernel `[outputs, features / groups,
 * ...spatial]`: `[batch / batchGroups, outputs, ...spatial]`. `dimensionNumbers` names another order of axes. Both have
 * one dtype. Fails with a `ShapeError` where the shapes do not fit or both kinds of groups are given, a `DTypeError`
 * where the dtypes do not fit, and a `ValueError` for another padding, or for letters that name no order.
 *
 * @example
 * conv(ones([1, 1, 4], "f32"), ones([1, 1, 2], "f32")) // f32[1,1,3]: [[[2, 2, 2]]]
 * const images = ones([8, 28, 28, 3], "f32")
 * conv(images, ones([5, 5, 3, 16], "f32"), { dimensionNumbers: ["NHWC", "HWIO", "NHWC"] }) // f32[8,24,24,16]
 */
export const conv = <
  D extends NumericDType,
  S extends Shape,
  K extends Shape,
  const By extends PerAxis = 1,
  const P extends Padding = "valid",
  const Spread extends PerAxis = 1,
  const Apart extends PerAxis = 1,
  const L extends DimensionNumbers | undefined = undefined,
  const G extends number = 1,
  const B extends number = 1
>(
  x: Tensor<D, S>,
  kernel: Tensor<NoInfer<D>, K> & FitsInput<D, S, K, NoInfer<G>, NoInfer<L>>,
  options?: ConvOptions<By, P, Spread, Apart, L, G, B>
): Tensor<
  D,
  Convolved<
    S,
    K,
    NoInfer<L>,
    {
      strides: NoInfer<By>
      padding: NoInfer<P>
      inputDilation: NoInfer<Spread>
      kernelDilation: NoInfer<Apart>
      batchGroups: NoInfer<B>
    }
  >
> => {
  const names = [
    "strides",
    "padding",
    "inputDilation",
    "kernelDilation",
    "groups",
    "batchGroups",
    "dimensionNumbers"
  ] as const
  const given = requireOptions<ConvOptions>("conv", options, names)
  const { padding = "valid", groups = 1, batchGroups = 1 } = given
  if (groups !== 1 && batchGroups !== 1)
    throw shapeError(
      "conv",
      `conv: groups is ${shown(groups)} and batchGroups ${shown(batchGroups)}`,
      "divide the features or the batch, not both"
    )
  const { x: value, kernel: weights, rank, back } = read("conv", x, kernel, given.dimensionNumbers)
  const strides = perAxis("conv", "strides", given.strides, rank)
  const inputDilation = perAxis("conv", "inputDilation", given.inputDilation, rank)
  const kernelDilation = perAxis("conv", "kernelDilation", given.kernelDilation, rank)
  const [lengths, windows] = [spatial(value, inputDilation), spatial(weights, kernelDilation)]
  return tensorOf(
    back(
      apply1(
        "conv",
        {
          strides,
          padding: pairs("conv", padding, lengths, windows, strides),
          inputDilation,
          kernelDilation,
          featureGroups: requireDim("conv", "groups", groups, 1),
          batchGroups: requireDim("conv", "batchGroups", batchGroups, 1)
        },
        value,
        weights
      )
    )
  )
}
