import type { ComplexDType, DType, FloatDType, SignedDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { IsKind } from "../types/operands.ts"
import type { NumericDType, RealDType, RealOf, Weak } from "../types.ts"
import { alike } from "./operand.ts"
import { type Analytic, fold, type Ordered, pair, type Unary, unary } from "./operators.ts"

/**
 * Adds the operands, two or more: `a + b + …`. Integers wrap around. Operands have one dtype and broadcast as NumPy's
 * do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand
 * does not fit.
 *
 * @example add(constant([1, 2], "f32"), 10) // [11, 12]
 */
export const add = fold<"add", NumericDType, Weak>("add")

/**
 * Multiplies the operands, two or more: `a * b * …`. Integers wrap around. Operands have one dtype and broadcast as
 * NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an
 * operand does not fit.
 *
 * @example mul(constant([1, 2], "f32"), 3) // [3, 6]
 */
export const mul = fold<"mul", NumericDType, Weak>("mul")

/**
 * Takes the greatest of the operands, element by element; NaN where one is NaN. Operands have one dtype and broadcast
 * as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where
 * an operand does not fit.
 *
 * @example maximum(constant([1, 5], "i32"), 3) // [3, 5]
 */
export const maximum = fold<"maximum", Ordered, Weak | boolean>("maximum")

/**
 * Takes the least of the operands, element by element; NaN where one is NaN. Operands have one dtype and broadcast as
 * NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an
 * operand does not fit.
 *
 * @example minimum(constant([1, 5], "i32"), 3) // [1, 3]
 */
export const minimum = fold<"minimum", Ordered, Weak | boolean>("minimum")

/**
 * Subtracts: `a - b`. Integers wrap around. Operands have one dtype and broadcast as NumPy's do; a plain number takes
 * that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example sub(constant([5, 7], "i32"), 2) // [3, 5]
 */
export const sub = pair<"sub", NumericDType, Weak>("sub")

/**
 * Divides: `a / b`. Integers round toward zero; an integer divided by 0 is -1 (all bits set), as XLA has it. Operands
 * have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a
 * `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example div(constant([7, -7], "i32"), 2) // [3, -3]
 */
export const div = pair<"div", NumericDType, Weak>("div")

/**
 * Gives the remainder of `a / b`, with the sign of `a`. Operands have one dtype and broadcast as NumPy's do; a plain
 * number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example rem(constant([7, -7], "i32"), 3) // [1, -1]
 */
export const rem = pair<"rem", RealDType, Weak>("rem")

/**
 * Raises `a` to the power `b`. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype.
 * Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example pow(constant([2, 3], "f32"), 2) // [4, 9]
 */
export const pow = pair<"pow", NumericDType, Weak>("pow")

/**
 * Negates each element. Signed integers wrap around. Takes floats, complex numbers and signed integers. The result
 * has the dtype and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example neg(constant([1, -2], "i32")) // [-1, 2]
 */
export const neg = unary<"neg", FloatDType | SignedDType | ComplexDType>("neg")

/**
 * Gives the absolute value; of complex numbers the modulus, which is real (f32 of c64, f64 of c128). Takes floats,
 * complex numbers and signed integers. Fails with a `DTypeError` for another dtype.
 *
 * @example
 * abs(constant([-3, 4], "f32")) // [3, 4]
 * abs(complex(scalar(3, "f32"), 4)) // f32[]: 5
 */
export const abs = <D extends DType, S extends Shape>(
  x: Tensor<D, S> & IsKind<"abs", Analytic | SignedDType, D, S>
): Tensor<RealOf<D>, S> => tensorOf(apply1("abs", {}, ...alike("abs", [x])))

/**
 * Gives -1, 0 or 1; NaN for NaN. Takes floats and signed integers. The result has the dtype and shape of `x`. Fails
 * with a `DTypeError` for another dtype.
 *
 * @example sign(constant([-3, 0, 4], "f32")) // [-1, 0, 1]
 */
export const sign = unary<"sign", FloatDType | SignedDType>("sign")

/**
 * Rounds down to a whole number. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with
 * a `DTypeError` for another dtype.
 *
 * @example floor(constant([1.5, -1.5], "f32")) // [1, -2]
 */
export const floor = unary<"floor", FloatDType>("floor")

/**
 * Rounds up to a whole number. Takes f16, bf16, f32 and f64. The result has the dtype and shape of `x`. Fails with a
 * `DTypeError` for another dtype.
 *
 * @example ceil(constant([1.5, -1.5], "f32")) // [2, -1]
 */
export const ceil = unary<"ceil", FloatDType>("ceil")

/**
 * Rounds to the nearest whole number, halves to the even one. Takes f16, bf16, f32 and f64. The result has the dtype
 * and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example round(constant([0.5, 1.5, 2.4], "f32")) // [0, 2, 2]
 */
export const round = unary<"round", FloatDType>("round")

/**
 * Multiplies each element by itself. Takes floats, complex numbers and integers, which wrap around. The result has
 * the dtype and shape of `x`. Fails with a `DTypeError` for booleans.
 *
 * @example square(constant([1, -3], "f32")) // [1, 9]
 */
export const square: Unary<"square", NumericDType> = named("square", (x) => {
  const value = requireTensor("square", "x", x)
  return tensorOf(apply1("mul", {}, value, value))
})

/**
 * Gives the next number after `a` on the way to `b`. Takes f16, bf16, f32 and f64. Operands have one dtype and
 * broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit.
 *
 * @example sub(nextAfter(scalar(1, "f16"), 2), 1) // 0.000977
 */
export const nextAfter = pair<"nextAfter", FloatDType, Weak>("nextAfter")

/**
 * Makes complex numbers of their parts: f32 makes c64, f64 makes c128. The parts broadcast as NumPy's do; a plain
 * number may stand for the imaginary one. Fails with a `DTypeError` for another dtype, and a `ShapeError` where the
 * shapes do not fit.
 *
 * @example complex(constant([1, 2], "f32"), 3) // c64[2]: [[1, 3], [2, 3]]
 */
export const complex = <D extends "f32" | "f64", S extends Shape>(
  re: Tensor<D, S>,
  im: NoInfer<Tensor<D, S>> | Weak
): Tensor<D extends "f32" ? "c64" : "c128", S> =>
  tensorOf(apply1("complex", {}, ...alike("complex", [re, im])))

const part =
  <Op extends "real" | "imag">(op: Op) =>
  <D extends DType, S extends Shape>(
    x: Tensor<D, S> & IsKind<Op, ComplexDType, D, S>
  ): Tensor<RealOf<D>, S> =>
    tensorOf(apply1(op, {}, requireTensor(op, "x", x)))

/**
 * Gives the real part: f32 of c64, f64 of c128, of the same shape. Fails with a `DTypeError` for real numbers.
 *
 * @example real(complex(constant([1, 2], "f32"), 3)) // [1, 2]
 */
export const real = part("real")

/**
 * Gives the imaginary part: f32 of c64, f64 of c128, of the same shape. Fails with a `DTypeError` for real numbers.
 *
 * @example imag(complex(constant([1, 2], "f32"), 3)) // [3, 3]
 */
export const imag = part("imag")

/**
 * Gives the complex conjugate, of the same dtype and shape. Fails with a `DTypeError` for real numbers.
 *
 * @example conj(complex(constant([1], "f32"), 2)) // [[1, -2]]
 */
export const conj = named(
  "conj",
  <D extends DType, S extends Shape>(x: Tensor<D, S> & IsKind<"conj", ComplexDType, D, S>): Tensor<D, S> => {
    const value = requireTensor("conj", "x", x)
    const below = apply1("neg", {}, apply1("imag", {}, value))
    return tensorOf(apply1("complex", {}, apply1("real", {}, value), below))
  }
)
