import { dtypes, type IntegerDType, integerRange, isInteger } from "../dtype.ts"
import { dtypeError, named, valueError } from "../errors.ts"
import { splat } from "../ops/operand.ts"
import { apply1 } from "../primitives/index.ts"
import { requireDType, requireShape, shown } from "../required.ts"
import type { Shape } from "../shape.ts"
import { isTensor, type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { AreSizes } from "../types/sizes.ts"
import { add, binary, compare, convert, filled, mul, select, sub } from "../values.ts"
import { bitsOf } from "./bits.ts"
import { type Key, split } from "./key.ts"
import { bound, unsigned } from "./uniform.ts"

/** Signed and unsigned integers of one size hold the same bits. */
const sameBits = (x: Value, dtype: IntegerDType): Value =>
  x.dtype === dtype ? x : apply1("bitcast", { dtype }, x)

/** Whole numbers from `from` to below `to`, or with `beyond` to `to` itself, drawn in 32 or 64 bits. */
const integers = (key: Key, shape: Shape, from: Value, to: Value, beyond: boolean): Value => {
  const { dtype } = from
  const words = unsigned(dtype)
  const [high, low] = split(key).map((each) => bitsOf("random.randint", each, shape, words)) as [Value, Value]
  const gap = sameBits(sub(to, from), words)
  const one = filled(gap, 1)
  const empty = compare("le", to, from)
  // A span of all values wraps to zero, and a remainder by zero leaves the bits as they are.
  const span = select(empty, one, beyond ? add(gap, one) : gap)
  const rem = (a: Value) => binary("rem", a, span)
  // 2^bits modulo the span, for words of twice the bits.
  const root = rem(filled(gap, 2 ** (dtypes[dtype].bytes * 4)))
  const multiplier = rem(mul(root, root))
  const offset = rem(add(mul(rem(high), multiplier), rem(low)))
  return add(from, sameBits(offset, dtype as IntegerDType))
}

/**
 * Draws whole numbers from `min` to below `max`, each about equally likely: an array of the shape and dtype (i32).
 * Where no number is between, it gives `min`. Fails with a `ShapeError` for what is no key or no shape, a
 * `DTypeError` for a dtype that is no integer, and a `ValueError` for a bound out of its range.
 *
 * @example random.randint(random.key(0), [3], 5, 6) // i32[3]: [5, 5, 5]
 */
export const randint = named(
  "random.randint",
  <const S extends Shape, D extends IntegerDType = "i32">(
    key: Key,
    dims: S & AreSizes<"random.randint", S>,
    min: number | Tensor<NoInfer<D>>,
    max: number | Tensor<NoInfer<D>>,
    dtype: D = "i32" as D
  ): Tensor<NoInfer<D>, S> => {
    const op = "random.randint"
    requireDType(op, dtype)
    const shape = requireShape(op, dims)
    if (!isInteger(dtype))
      throw dtypeError(op, `${op}: takes an integer dtype, not ${dtype}`, "name one, such as i32")
    const [least, greatest] = integerRange(dtype)
    for (const given of [min, max]) {
      if (isTensor(given)) continue
      // `max` itself is never drawn, so one more than the greatest value is a bound, too.
      const last = given === max ? greatest + 1n : greatest
      if (!Number.isInteger(given) || BigInt(given) < least || BigInt(given) > last)
        throw valueError(
          op,
          `${op}: ${shown(given)} is out of range for ${dtype}`,
          `give whole numbers from ${least} to ${last}`
        )
    }
    const wide: IntegerDType = dtypes[dtype].bytes < 4 ? "i32" : dtype
    const beyond = !isTensor(max) && BigInt(max) > integerRange(wide)[1]
    const limit = (given: number | Tensor): Value =>
      isTensor(given) ? convert(bound(op, given, dtype, shape), wide) : splat(op, given, wide, shape)
    const to = beyond ? filled({ dtype: wide, shape }, integerRange(wide)[1]) : limit(max)
    return tensorOf(convert(integers(key, shape, limit(min), to, beyond), dtype))
  }
)
