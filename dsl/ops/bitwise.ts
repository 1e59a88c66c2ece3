import type { IntegerDType } from "../dtype.ts"
import { apply1 } from "../primitives/index.ts"
import { requireDType, requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { NumericDType, Weak } from "../types.ts"
import { fold, pair, unary } from "./operators.ts"

type Bits = IntegerDType | "bool"

/**
 * Computes logical and of booleans, bitwise and of integers. Operands have one dtype and broadcast as NumPy's do; a
 * plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does
 * not fit.
 *
 * @example and(constant([6, 5], "u8"), 3) // [2, 1]
 */
export const and = fold<"and", Bits, Weak | boolean>("and")

/**
 * Computes logical or of booleans, bitwise or of integers. Operands have one dtype and broadcast as NumPy's do; a
 * plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does
 * not fit.
 *
 * @example or(constant([true, false], "bool"), false) // [true, false]
 */
export const or = fold<"or", Bits, Weak | boolean>("or")

/**
 * Computes exclusive or: logical of booleans, bitwise of integers. Operands have one dtype and broadcast as NumPy's
 * do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand
 * does not fit.
 *
 * @example xor(constant([6, 5], "u8"), 3) // [5, 6]
 */
export const xor = fold<"xor", Bits, Weak | boolean>("xor")

/**
 * Shifts bits left: `a * 2^b`, without the bits beyond the dtype; 0 for `b` of its width or more. Operands have one
 * dtype and broadcast as NumPy's do; a plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a
 * `ValueError` where an operand does not fit. Takes integers.
 *
 * @example shiftLeft(constant([1, 3], "u8"), 2) // [4, 12]
 */
export const shiftLeft = pair<"shiftLeft", IntegerDType, Weak>("shiftLeft")

/**
 * Shifts bits right by `b` places, zeros coming in. Operands have one dtype and broadcast as NumPy's do; a plain
 * number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does not fit.
 * Takes integers.
 *
 * @example shiftRightLogical(constant([8, 255], "u8"), 2) // [2, 63]
 */
export const shiftRightLogical = pair<"shiftRightLogical", IntegerDType, Weak>("shiftRightLogical")

/**
 * Shifts bits right by `b` places, the sign bit coming in. Operands have one dtype and broadcast as NumPy's do; a
 * plain number takes that dtype. Fails with a `ShapeError`, a `DTypeError` or a `ValueError` where an operand does
 * not fit. Takes integers.
 *
 * @example shiftRightArithmetic(constant([8, -8], "i8"), 2) // [2, -2]
 */
export const shiftRightArithmetic = pair<"shiftRightArithmetic", IntegerDType, Weak>("shiftRightArithmetic")

/**
 * Counts the bits that are set. Takes integers. The result has the dtype and shape of `x`. Fails with a `DTypeError`
 * for another dtype.
 *
 * @example popcount(constant([0, 7], "u8")) // [0, 3]
 */
export const popcount = unary<"popcount", IntegerDType>("popcount")

/**
 * Counts the zero bits before the first that is set. Takes integers. The result has the dtype and shape of `x`. Fails
 * with a `DTypeError` for another dtype.
 *
 * @example countLeadingZeros(constant([0, 7], "u8")) // [8, 5]
 */
export const countLeadingZeros = unary<"countLeadingZeros", IntegerDType>("countLeadingZeros")

/**
 * Reads the same bits as elements of another dtype of the same size. The shape stays. Fails with a `DTypeError` where
 * the sizes differ, and for booleans.
 *
 * @example bitcast(scalar(1, "f32"), "u32") // u32[]: 0x3f800000
 */
export const bitcast = <D extends NumericDType, S extends Shape>(
  x: Tensor<NumericDType, S>,
  dtype: D
): Tensor<D, S> => {
  requireDType("bitcast", dtype)
  return tensorOf(apply1("bitcast", { dtype }, requireTensor("bitcast", "x", x)))
}

/**
 * Computes logical not of booleans, bitwise not of integers. Takes booleans and integers. The result has the dtype
 * and shape of `x`. Fails with a `DTypeError` for another dtype.
 *
 * @example not(constant([true, false], "bool")) // [false, true]
 */
export const not = unary<"not", Bits>("not")
