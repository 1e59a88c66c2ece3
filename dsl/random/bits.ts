import { named } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireOneOf } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import { binary, convert, filled } from "../values.ts"
import { blocks, type Key } from "./key.ts"

export type BitsDType = "u8" | "u16" | "u32" | "u64"

export const bitsOf = (op: string, key: Key, shape: Shape, dtype: BitsDType): Value => {
  const [high, low] = blocks(op, key, shape)
  if (dtype !== "u64") return convert(binary("xor", high, low), dtype)
  const upper = convert(high, "u64")
  return binary("or", apply1("shiftLeft", {}, upper, filled(upper, 32)), convert(low, "u64"))
}

/** Random bits, all equally likely. */
export const bits = named(
  "random.bits",
  <const S extends Shape, D extends BitsDType = "u32">(
    key: Key,
    shape: S,
    dtype: D = "u32" as D
  ): Tensor<D, S> => {
    requireOneOf<BitsDType>("random.bits", "the dtype", dtype, ["u8", "u16", "u32", "u64"])
    return tensorOf(bitsOf("random.bits", key, shape, dtype))
  }
)
