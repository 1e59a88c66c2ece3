import { named } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireOneOf } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { AreSizes } from "../types/sizes.ts"
import { binary, convert, filled } from "../values.ts"
import { blocks, type Key } from "./key.ts"

/** The dtypes of random bits: unsigned integers. */
export type BitsDType = "u8" | "u16" | "u32" | "u64"

export const bitsOf = (op: string, key: Key, shape: Shape, dtype: BitsDType): Value => {
  const [high, low] = blocks(op, key, shape)
  if (dtype !== "u64") return convert(binary("xor", high, low), dtype)
  const upper = convert(high, "u64")
  return binary("or", apply1("shiftLeft", {}, upper, filled(upper, 32)), convert(low, "u64"))
}

/**
 * Draws random bits, all equally likely: an array of the shape and dtype (u32). Fails with a `ShapeError` for what is
 * no key or no shape, and a `ValueError` for another dtype.
 *
 * @example random.bits(random.key(0), [2]) // u32[2]
 */
export const bits = named(
  "random.bits",
  <const S extends Shape, D extends BitsDType = "u32">(
    key: Key,
    shape: S & AreSizes<"random.bits", S>,
    dtype: D = "u32" as D
  ): Tensor<NoInfer<D>, S> => {
    requireOneOf<BitsDType>("random.bits", "the dtype", dtype, ["u8", "u16", "u32", "u64"])
    return tensorOf(bitsOf("random.bits", key, shape, dtype))
  }
)
