import { count } from "../count.ts"
import { shapeError, valueError } from "../errors.ts"
import { say } from "../messages.ts"
import { prefixLeaves } from "../prefix.ts"
import { axisError, isList, requireFunction, requireOptions } from "../required.ts"
import { show } from "../shape.ts"
import { isTensor, type Tensor, type Value, valueOf } from "../tensor.ts"
import { capture } from "../trace.ts"
import { type Flat, flatten, type Structure, type Tree } from "../tree.ts"
import type { AreTrees, IsTree, NoTypes } from "../tree-types.ts"
import type { Mapping, Rule, Whole } from "../types/whole.ts"
import { moveAxis } from "../values.ts"
import { batch } from "./batch.ts"
import { repeated } from "./batching/batch-rule.ts"
import { type Fn, tree } from "./differentiate.ts"
import type { HaveAxes, IfOwn } from "./vmap-checks.ts"
import type { Axes, Batched, VmapOptions } from "./vmap-types.ts"

const isAxis = (axes: unknown): axes is number | null =>
  axes === null || (typeof axes === "number" && Number.isInteger(axes))

/** Refuses a list of axes that has not one for each argument. */
const requireOneEach = (axes: Axes | undefined, args: number): void => {
  if (!isList(axes) || axes.length === args) return
  throw valueError(
    "vmap",
    say("axesOfArguments", {
      n: count(axes.length, "entry", "entries"),
      count: count(args, "argument")
    }),
    "give one axis for each argument, or one for all"
  )
}

/** The axis of each leaf, from axes that may stand for whole branches. */
const axisOfLeaves = (what: string, structure: Structure, axes: Axes): ReadonlyArray<number | null> =>
  prefixLeaves("vmap", what, structure, axes, isAxis, "an axis")

/** The common length of the mapped axes, and the leaves with those axes in front. */
const mappedLeaves = (args: Flat<Tensor>, axes: ReadonlyArray<number | null>) => {
  let first: { readonly path: string; readonly size: number } | undefined
  const values = args.leaves.map((leaf, i): Value => {
    const value = valueOf(leaf)
    const axis = axes[i]!
    if (axis === null) return value
    const path = args.paths[i]!
    const plain = axis < 0 ? axis + leaf.shape.length : axis
    if (plain < 0 || plain >= leaf.shape.length) {
      throw shapeError(
        "vmap",
        `vmap: ${path} is ${show(leaf)}, which has no axis ${axis}`,
        "give an axis that it has, or null to share it between all calls"
      )
    }
    const size = leaf.shape[plain]!
    if (first !== undefined && first.size !== size) {
      throw shapeError(
        "vmap",
        `vmap: ${first.path} is mapped over ${first.size} but ${path} over ${size}`,
        "mapped axes must have the same length; in: null shares an argument between all calls"
      )
    }
    first ??= { path, size }
    return moveAxis(value, plain, 0)
  })
  if (first === undefined) {
    throw valueError(
      "vmap",
      "vmap: no argument is mapped over",
      "give at least one argument an axis, such as in: 0"
    )
  }
  return { size: first.size, values }
}

/**
 * Makes a function of a batch out of a function of one example, computed all together. `in` says for each argument
 * which axis is the batch (null: every call gets all of it); `out` says where it goes in the results. Fails with a
 * `ShapeError` where axes are missing or differ in length, and a `ValueError` where nothing is mapped.
 *
 * @example
 * const scale = (x: Tensor<"f32", readonly [2]>, k: Tensor<"f32", readonly []>) => mul(x, k)
 * vmap(scale, { in: [0, null] })(constant([[1, 2], [3, 4]], "f32"), scalar(10, "f32")) // [[10, 20], [30, 40]]
 */
export const vmap = <
  const R,
  const A extends ReadonlyArray<unknown> = NoTypes<"vmap">,
  const I extends Axes = 0,
  const O extends Axes = 0,
  K extends Rule | Mapping | null = null
>(
  fn: Fn<A, R & IsTree<"vmap", "the result", R>> &
    ([K] extends [Rule] ? unknown : AreTrees<"vmap", A>) &
    Whole<K>,
  given?: VmapOptions<I, O> & IfOwn<K, HaveAxes<A, R, I, O>>
): Batched<A, R, I, O, K> =>
  ((...args: ReadonlyArray<Tree>) => {
    requireFunction("vmap", "the function", fn)
    const options = requireOptions("vmap", given, ["in", "out"])
    requireOneEach(options.in, args.length)
    const flat = flatten<Tensor>(args, isTensor, "vmap", "args")
    const axes = axisOfLeaves("in", flat.structure, options.in === undefined ? 0 : options.in)
    const { size, values } = mappedLeaves(flat, axes)
    const avals = values.map(({ dtype, shape }, i) => ({
      dtype,
      shape: axes[i] === null ? shape : shape.slice(1)
    }))
    const { program, captured, outputs } = capture("vmap", fn as never, flat.structure, avals)
    const batched = [...captured.map(() => false), ...axes.map((axis) => axis !== null)]
    const results = batch(program, { values: [...captured, ...values], batched }, size)
    const outAxes = axisOfLeaves("out", outputs.structure, options.out === undefined ? 0 : options.out)
    const placed = results.values.map((value, i) => placeAxis(value, results.batched[i]!, outAxes[i]!, size))
    return tree(outputs.structure, placed)
  }) as never

/** Moves the batch axis to its place in a result. */
const placeAxis = (value: Value, isBatched: boolean, axis: number | null, size: number): Value => {
  if (axis === null) {
    if (!isBatched) return value
    throw valueError(
      "vmap",
      `vmap: a result with out: null differs within the batch (it is ${show(value)})`,
      "give it an axis"
    )
  }
  const whole = isBatched ? value : repeated(value, size)
  const rank = whole.shape.length
  const plain = axis < 0 ? axis + rank : axis
  if (plain < 0 || plain >= rank) {
    throw axisError("vmap", axis, { dtype: whole.dtype, shape: whole.shape.slice(1) }, rank)
  }
  return moveAxis(whole, 0, plain)
}
