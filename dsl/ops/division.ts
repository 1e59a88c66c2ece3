import { kindOf } from "../dtype.ts"
import { named } from "../errors.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Shape } from "../shape.ts"
import type { Tensor } from "../tensor.ts"
import { tensorOf, type Value } from "../tensor.ts"
import type { Among, PairCheck } from "../types/operands.ts"
import type { Broadcast, DTypeOf, Operand, RealDType, ShapeOf, Weak } from "../types.ts"
import { binary, compare, filled, plus, select, sub, unary, zeros } from "../values.ts"
import { alike } from "./operand.ts"
import { pairOf } from "./operators.ts"

const real = ["float", "signed", "unsigned"] as const
const rem = (a: Value, b: Value): Value => binary("rem", a, b)

/** The remainder with the sign of b, of one with the sign of a. */
const turned = (remainder: Value, b: Value): Value => {
  const none = zeros(b)
  const differ = compare("ne", compare("lt", remainder, none), compare("lt", b, none))
  return select(binary("and", differ, compare("ne", remainder, none)), binary("add", remainder, b), remainder)
}

const remainder = (a: Value, b: Value): Value => {
  if (kindOf(b.dtype) === "float") return turned(rem(a, b), b)
  const safe = select(compare("eq", b, zeros(b)), filled(b, 1), b)
  return kindOf(b.dtype) === "unsigned" ? rem(a, safe) : turned(rem(a, safe), safe)
}

const signsDiffer = (a: Value, b: Value): Value => compare("ne", unary("sign", a), unary("sign", b))

/** As CPython's float_divmod: what is divided is a multiple of b but for rounding. */
const quotient = (a: Value, b: Value): Value => {
  if (kindOf(a.dtype) === "unsigned") return binary("div", a, b)
  const left = rem(a, b)
  const inexact = compare("ne", left, zeros(left))
  if (kindOf(a.dtype) === "signed") {
    const whole = binary("div", a, b)
    return select(binary("and", signsDiffer(a, b), inexact), plus(whole, -1), whole)
  }
  const even = binary("div", select(compare("eq", b, zeros(b)), a, sub(a, left)), b)
  const down = binary("and", inexact, signsDiffer(b, left))
  return unary("round", select(down, plus(even, -1), even))
}

/**
 * Divides and rounds down: `floor(a / b)`. Takes floats and integers. Integers wrap around; an integer divided by 0 has
 * no meaning, and gives what XLA has. Operands have one dtype and broadcast as NumPy's do; a plain number takes that
 * dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example floorDivide(constant([7, -7], "i32"), 2) // [3, -4]
 */
export const floorDivide = pairOf<"floorDivide", RealDType>("floorDivide", real, quotient)

/**
 * Gives the remainder of `floorDivide`, with the sign of `b`. `rem` has the sign of `a`. Takes floats and integers; of
 * integers the remainder by 0 is 0. Operands have one dtype and broadcast as NumPy's do; a plain number takes that
 * dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example mod(constant([7, -7], "i32"), 3) // [1, 2]
 */
export const mod = pairOf<"mod", RealDType>("mod", real, remainder)

interface Divmod {
  <D extends RealDType, S extends Shape, const N extends Weak>(
    a: Tensor<D, S>,
    b: N & Among<"divmod", N>[D]
  ): [Tensor<D, S>, Tensor<D, S>]
  <const A extends Tensor<RealDType> | Weak, const B extends Tensor<RealDType> | Weak>(
    a: A,
    b: B & PairCheck<"divmod", A, B>
  ): [
    Tensor<DTypeOf<A> | DTypeOf<B>, Broadcast<ShapeOf<A>, ShapeOf<B>>>,
    Tensor<DTypeOf<A> | DTypeOf<B>, Broadcast<ShapeOf<A>, ShapeOf<B>>>
  ]
}

/**
 * Gives the results of `floorDivide` and of `mod`. Takes floats and integers. Operands have one dtype and broadcast as
 * NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an
 * operand does not fit.
 *
 * @example divmod(constant([7, -7], "i32"), 2) // [[3, -4], [1, 1]]
 */
export const divmod: Divmod = named("divmod", (a: Operand, b: Operand) => {
  const [left, right] = alike("divmod", [a, b]) as [Value, Value]
  requireKind("divmod", left, real)
  const both = [quotient(left, right), remainder(left, right)]
  return both.map((each) => tensorOf<never, never>(each)) as never
})
