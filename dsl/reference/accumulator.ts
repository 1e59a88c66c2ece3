import { type DType, workingDType } from "../dtype.ts"
import type { BinaryPrimitive, Reduction } from "../program.ts"
import type { Element } from "./array.ts"
import { combine } from "./elementwise.ts"
import { converted, elementOf } from "./number.ts"

export const operations: { readonly [R in Reduction]: BinaryPrimitive } = {
  sum: "add",
  prod: "mul",
  max: "maximum",
  min: "minimum",
  all: "and",
  any: "or"
}

/** Combines elements one after another in the dtype of sums and products, and rounds once. */
export const accumulator = (op: BinaryPrimitive, dtype: DType, first: number | bigint | boolean) => {
  const working = op === "add" || op === "mul" ? workingDType(dtype) : dtype
  let total = elementOf(first, working)
  const wide = (value: Element) => converted(value, dtype, working)
  return {
    take: (value: Element) => {
      total = combine(op, total, wide(value), working)
    },
    /** Adds a product, which is rounded to the working dtype alone. */
    takeProduct: (a: Element, b: Element) => {
      total = combine(op, total, combine("mul", wide(a), wide(b), working), working)
    },
    result: () => converted(total, working, dtype)
  }
}
