import { named, shapeError } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireSameDType } from "../primitives/rule.ts"
import { plainAxes, requireFunction } from "../required.ts"
import { type Shape, sameShape, show, sizeOf } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value, valueOf } from "../tensor.ts"
import { vmap } from "../transform/vmap.ts"
import { carryLeaves, flatten, type Tree, unflatten } from "../tree.ts"
import type { IsTree } from "../tree-types.ts"
import type { Reduced } from "../types/axes.ts"
import type { Numbers } from "../types/lengths.ts"
import { broadcast, reshape, sliceAxis, transpose } from "../values.ts"

type Axes = number | Numbers | undefined

/** A tree of arrays with axes gone. */
export type ReducedTree<T, A> = T extends Tensor
  ? Tensor<T["dtype"], Reduced<T["shape"], A, false>>
  : T extends null
    ? null
    : { -readonly [K in keyof T]: ReducedTree<T[K], A> }

/** Scalars of the same dtypes. */
export type ScalarsOf<T> = T extends Tensor
  ? Tensor<T["dtype"], readonly []>
  : T extends null
    ? null
    : { readonly [K in keyof T]: ScalarsOf<T[K]> }

type Leaves = ReadonlyArray<Value>

/** Neighbours combined, until one row is left; the order stays. */
const halved = (combine: (a: Leaves, b: Leaves) => Leaves, rows: Leaves): Leaves => {
  let left = rows
  for (let count = left[0]!.shape[0]!; count > 1; count = Math.ceil(count / 2)) {
    const whole = count - (count % 2)
    const [first, second] = [0, 1].map((start) => left.map((each) => sliceAxis(each, 0, start, whole, 2)))
    const joined = combine(first!, second!)
    left =
      whole === count
        ? joined
        : joined.map((each, i) =>
            apply1("concatenate", { axis: 0 }, each, sliceAxis(left[i]!, 0, whole, count))
          )
  }
  return left.map((each) => reshape(each, each.shape.slice(1)))
}

/**
 * Combines all elements along axes, or along all, by a function of two scalars, or of two trees of them. The function must
 * be associative, and `init`, which comes first, must change nothing: elements are combined as neighbours, in rounds. So
 * sums of floats may differ from `sum` in their last bits. Nothing gives `init`. It has both derivatives, those of the
 * function. Fails with a `ShapeError` where shapes or axes do not fit, a `DTypeError` where dtypes differ, and a
 * `TreeError` where the function gives another type.
 *
 * @example
 * reduce(constant([[1, 2], [3, 4]], "f32"), scalar(1, "f32"), (a, b) => mul(a, b), 0) // [3, 8]
 * reduce(arange(5), scalar(0, "i32"), (a, b) => maximum(a, b)) // 4
 */
export const reduce = named(
  "reduce",
  <const T, const A extends Axes = undefined>(
    x: T & IsTree<"reduce", "x", T>,
    init: ScalarsOf<NoInfer<T>>,
    fn: (a: ScalarsOf<NoInfer<T>>, b: ScalarsOf<NoInfer<T>>) => ScalarsOf<NoInfer<T>>,
    axes?: A
  ): ReducedTree<T, NoInfer<A>> => {
    const op = "reduce"
    requireFunction(op, "the function", fn)
    const given = flatten<Tensor>(x as Tree, isTensor, op, "x")
    const starts = flatten<Tensor>(init as Tree, isTensor, op, "init")
    const values = given.leaves.map(valueOf)
    const [first] = values
    if (first === undefined) return x as never
    const from = carryStarts(op, values, starts.leaves)
    const over = plainAxes(op, axes, first)
    const kept = first.shape.map((_, i) => i).filter((axis) => !over.includes(axis))
    const outer = kept.map((axis) => first.shape[axis]!)
    const many = sizeOf(outer)
    const length = sizeOf(over.map((axis) => first.shape[axis]!))
    const tree = (leaves: Leaves): Tree =>
      unflatten<Tensor>(
        given.structure,
        leaves.map((each) => tensorOf<never, never>(each))
      )
    const scalars = flatten<Tensor>(tree(from), isTensor, op, "x")
    const each = (a: Tree, b: Tree): Tree => {
      const found = flatten<Tensor>((fn as unknown as (a: Tree, b: Tree) => Tree)(a, b), isTensor, op, "x")
      return unflatten<Tensor>(given.structure, carryLeaves(op, scalars, found, "x"))
    }
    const flat = (leaves: Leaves): Tree => tree(leaves.map((leaf) => reshape(leaf, [sizeOf(leaf.shape)])))
    const combine = (a: Leaves, b: Leaves): Leaves => {
      const made = vmap(each as never) as unknown as (a: Tree, b: Tree) => Tree
      return flatten<Tensor>(made(flat(a), flat(b)), isTensor, op, "x").leaves.map((leaf, i) =>
        reshape(valueOf(leaf), a[i]!.shape)
      )
    }
    const initial = from.map((value) => broadcast(value, [many], []))
    const rows = values.map((value) => reshape(transpose(value, [...over, ...kept]), [length, many]))
    const total = length === 0 || many === 0 ? initial : combine(initial, halved(combine, rows))
    return unflatten<Tensor>(
      given.structure,
      total.map((leaf) => tensorOf<never, never>(reshape(leaf, outer)))
    ) as never
  }
)

/** The initial elements: a scalar for each array, of its dtype. */
const carryStarts = (op: string, values: Leaves, starts: ReadonlyArray<Tensor>): Leaves => {
  if (starts.length !== values.length)
    throw shapeError(
      op,
      `${op}: ${starts.length} initial elements for ${values.length} arrays`,
      "give one for each"
    )
  return starts.map((start, i) => {
    const [value, array] = [valueOf(start), values[i]!]
    requireSameDType(op, array, value)
    if (value.shape.length > 0)
      throw shapeError(op, `${op}: init is ${show(value)}, not a scalar`, "give one element of each dtype")
    if (!sameShape(array.shape, values[0]!.shape as Shape))
      throw shapeError(
        op,
        `${op}: arrays differ in shape: ${show(values[0]!)} and ${show(array)}`,
        "all are reduced along the same axes"
      )
    return value
  })
}
