import type { DType, FloatDType } from "../dtype.ts"
import { apply1 } from "../primitives/index.ts"
import { requireTensor } from "../required.ts"
import { tensorOf } from "../tensor.ts"
import { compare, type Ordered, type Predicate } from "./operators.ts"

/**
 * Tells whether each element is neither infinite nor NaN: booleans of the same shape. Takes f16, bf16, f32 and f64.
 * Fails with a `DTypeError` for another dtype.
 *
 * @example isFinite(constant([1, Infinity, NaN], "f32")) // [true, false, false]
 */
export const isFinite: Predicate<"isFinite", FloatDType> = (x) =>
  tensorOf(apply1("isFinite", {}, requireTensor("isFinite", "x", x)))

/**
 * Tells where `a` equals `b`: booleans of the joined shape. False where one is NaN. Takes any dtype. Operands have
 * one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError`
 * or a `ValueError` where an operand does not fit.
 *
 * @example eq(constant([1, 2, 3], "i32"), 2) // [false, true, false]
 */
export const eq = compare<"eq", DType>("eq")

/**
 * Tells where `a` differs from `b`: booleans of the joined shape. NaN differs from all, itself too. Takes any dtype.
 * Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a
 * `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example ne(constant([1, 2, 3], "i32"), 2) // [true, false, true]
 */
export const ne = compare<"ne", DType>("ne")

/**
 * Tells where `a` is less than `b`: booleans of the joined shape. False where one is NaN. Takes all but complex
 * numbers. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a
 * `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example lt(constant([1, 2, 3], "i32"), 2) // [true, false, false]
 */
export const lt = compare<"lt", Ordered>("lt")

/**
 * Tells where `a` is at most `b`: booleans of the joined shape. False where one is NaN. Takes all but complex
 * numbers. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a
 * `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example le(constant([1, 2, 3], "i32"), 2) // [true, true, false]
 */
export const le = compare<"le", Ordered>("le")

/**
 * Tells where `a` is greater than `b`: booleans of the joined shape. False where one is NaN. Takes all but complex
 * numbers. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a
 * `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example gt(constant([1, 2, 3], "i32"), 2) // [false, false, true]
 */
export const gt = compare<"gt", Ordered>("gt")

/**
 * Tells where `a` is at least `b`: booleans of the joined shape. False where one is NaN. Takes all but complex
 * numbers. Operands have one dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a
 * `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 *
 * @example ge(constant([1, 2, 3], "i32"), 2) // [false, true, true]
 */
export const ge = compare<"ge", Ordered>("ge")
