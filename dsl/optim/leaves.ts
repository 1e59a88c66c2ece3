import { type DType, workingDType } from "../dtype.ts"
import type { Value } from "../tensor.ts"
import { add, binary, broadcast, convert, div, filled, mul, range, sub, sum, unary } from "../values.ts"

/** The leaves of a tree, in the order of the gradients' tree. */
export type Leaves = ReadonlyArray<Value>

/** The dtype in which leaves are worked out together: f32 for half floats. */
export const workOf = (...leaves: Leaves): "f32" | "f64" =>
  leaves.some(({ dtype }) => dtype === "f64") ? "f64" : "f32"

/** A leaf in the dtype that is worked in. */
export const wide = (x: Value): Value => convert(x, workingDType(x.dtype))

/** Leaves in the dtypes of others. */
export const alike = (leaves: Leaves, others: Leaves): Leaves =>
  leaves.map((leaf, i) => convert(leaf, others[i]!.dtype))

export const zerosOf = (leaves: Leaves, value = 0, dtype?: DType): Leaves =>
  leaves.map(({ dtype: own, shape }) => filled({ dtype: dtype ?? own, shape }, value))

/** What a function gives for the leaves at one place, all in one dtype. */
export const together = (
  fn: (...leaves: Array<Value>) => Value,
  first: Leaves,
  ...rest: ReadonlyArray<Leaves>
): Leaves =>
  first.map((leaf, i) => {
    const all = [leaf, ...rest.map((leaves) => leaves[i]!)]
    const dtype = workOf(...all)
    return fn(...all.map((each) => convert(each, dtype)))
  })

/** A scalar at each element of a leaf. */
export const spread = (scalar: Value, like: Value): Value =>
  broadcast(convert(scalar, like.dtype), like.shape, [])

/** A number that depends on the dtype that is worked in, made once for each. */
export const byDType = (make: (dtype: "f32" | "f64") => Value): ((dtype: DType) => Value) => {
  const made = new Map<DType, Value>()
  return (dtype) => {
    const known = made.get(dtype) ?? make(dtype as "f32" | "f64")
    made.set(dtype, known)
    return known
  }
}

/** `(1 - decay) * x + decay * average`. */
export const averaged =
  (decay: number) =>
  (x: Value, average: Value): Value =>
    add(mul(x, filled(x, 1 - decay)), mul(average, filled(average, decay)))

/** One step more, which stays at the greatest number. */
export const next = (count: Value): Value =>
  add(binary("minimum", count, filled(count, 2 ** 31 - 2)), filled(count, 1))

/** `x / (1 - decay ** count)`: what an average would be that had not begun at zero. */
export const unbiased = (decay: number, count: Value): ((x: Value) => Value) => {
  const correction = byDType((dtype) => {
    const steps = convert(count, dtype)
    return sub(filled(steps, 1), binary("pow", filled(steps, decay), steps))
  })
  return (x) => div(x, spread(correction(x.dtype), x))
}

/** The sum of the products of all elements, in the dtype that is worked in. */
export const vdot = (as: Leaves, bs: Leaves): Value => {
  const dtype = workOf(...as, ...bs)
  const products = together((a, b) => sum(mul(a, b), range(a.shape.length)), as, bs)
  return products.map((each) => convert(each, dtype)).reduce(add, filled({ dtype, shape: [] }, 0))
}

/** The root of the sum of the squares of all elements, in the dtype that is worked in. */
export const normOf = (leaves: Leaves): Value => unary("sqrt", vdot(leaves, leaves))
