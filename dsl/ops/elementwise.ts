import type { ComplexDType, DType, FloatDType, IntegerDType, SignedDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import type { BinaryPrimitive, Comparison, UnaryPrimitive } from "../program.ts"
import { requireDType, requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type {
  BroadcastAll,
  Broadcasted,
  Check,
  NumericDType,
  Operand,
  PairFault,
  RealDType,
  RealOf,
  Weak
} from "../types.ts"
import { alike } from "./operand.ts"

type Unary<Allowed extends DType> = <D extends Allowed, S extends Shape>(x: Tensor<D, S>) => Tensor<D, S>

const unary =
  <Allowed extends DType>(op: UnaryPrimitive): Unary<Allowed> =>
  (x) =>
    tensorOf(apply1(op, {}, ...alike(op, [x])))

/** Two or more operands of one dtype, broadcast as NumPy does; a number takes the tensors' dtype. */
interface Arithmetic<Op extends string, Allowed extends DType, W> {
  <D extends Allowed, S extends Shape>(
    a: Tensor<D, S>,
    b: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | W,
    ...more: ReadonlyArray<NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | W>
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape>(
    a: W,
    b: Tensor<D, S>,
    ...more: ReadonlyArray<NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | W>
  ): Tensor<D, S>
  <A extends Tensor<Allowed>, B extends Tensor<Allowed>, M extends ReadonlyArray<Tensor<Allowed> | W>>(
    a: A,
    b: B & Check<PairFault<Op, A, B>>,
    ...more: M
  ): BroadcastAll<Broadcasted<A, B>, M>
}

const fold =
  <Op extends BinaryPrimitive, Allowed extends DType, W extends Operand>(
    op: Op
  ): Arithmetic<Op, Allowed, W> =>
  (...operands: ReadonlyArray<Operand>) => {
    const [first, ...rest] = alike(op, operands)
    return tensorOf(rest.reduce((total, next) => apply1(op, {}, total, next), first!))
  }

/** Exactly two operands, for what is not associative. */
interface Pairwise<Op extends string, Allowed extends DType, W> {
  <D extends Allowed, S extends Shape>(
    a: Tensor<D, S>,
    b: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | W
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape>(a: W, b: Tensor<D, S>): Tensor<D, S>
  <A extends Tensor<Allowed>, B extends Tensor<Allowed>>(
    a: A,
    b: B & Check<PairFault<Op, A, B>>
  ): Broadcasted<A, B>
}

const pair =
  <Op extends BinaryPrimitive, Allowed extends DType, W extends Operand>(op: Op): Pairwise<Op, Allowed, W> =>
  (a: Operand, b: Operand) =>
    tensorOf(apply1(op, {}, ...alike(op, [a, b])))

interface Compare<Op extends string, Allowed extends DType> {
  <D extends Allowed, S extends Shape>(
    a: Tensor<D, S>,
    b: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | Weak | boolean
  ): Tensor<"bool", S>
  <D extends Allowed, S extends Shape>(a: Weak | boolean, b: Tensor<D, S>): Tensor<"bool", S>
  <A extends Tensor<Allowed>, B extends Tensor<Allowed>>(
    a: A,
    b: B & Check<PairFault<Op, A, B>>
  ): Broadcasted<A, B, "bool">
}

const compare =
  <Op extends Comparison, Allowed extends DType>(op: Op): Compare<Op, Allowed> =>
  (a: Operand, b: Operand) =>
    tensorOf<"bool", never>(apply1(op, {}, ...alike(op, [a, b])))

type Bits = IntegerDType | "bool"
type Ordered = RealDType | "bool"
type Analytic = FloatDType | ComplexDType

/** `a + b + …`. Integers wrap around. */
export const add = fold<"add", NumericDType, Weak>("add")
/** `a * b * …`. Integers wrap around. */
export const mul = fold<"mul", NumericDType, Weak>("mul")
/** The greater of each pair; NaN where one is NaN. */
export const maximum = fold<"maximum", Ordered, Weak | boolean>("maximum")
/** The lesser of each pair; NaN where one is NaN. */
export const minimum = fold<"minimum", Ordered, Weak | boolean>("minimum")
/** Logical and of booleans, bitwise and of integers. */
export const and = fold<"and", Bits, Weak | boolean>("and")
/** Logical or of booleans, bitwise or of integers. */
export const or = fold<"or", Bits, Weak | boolean>("or")
/** Exclusive or, logical or bitwise. */
export const xor = fold<"xor", Bits, Weak | boolean>("xor")

/** `a - b`. Integers wrap around. */
export const sub = pair<"sub", NumericDType, Weak>("sub")
/** `a / b`. Integers round toward zero; an integer divided by 0 is -1 (all bits set), as XLA has it. */
export const div = pair<"div", NumericDType, Weak>("div")
/** The remainder of `a / b`, with the sign of `a`. */
export const rem = pair<"rem", RealDType, Weak>("rem")
/** `a` to the power `b`. */
export const pow = pair<"pow", NumericDType, Weak>("pow")
/** The angle of the point (b, a), in radians from -π to π. */
export const atan2 = pair<"atan2", FloatDType, Weak>("atan2")

export const neg = unary<FloatDType | SignedDType | ComplexDType>("neg")
/** The absolute value; of complex numbers the modulus, which is real. */
export const abs = <D extends Analytic | SignedDType, S extends Shape>(
  x: Tensor<D, S>
): Tensor<RealOf<D>, S> => tensorOf(apply1("abs", {}, ...alike("abs", [x])))
/** -1, 0 or 1; NaN for NaN. */
export const sign = unary<FloatDType | SignedDType>("sign")
export const floor = unary<FloatDType>("floor")
export const ceil = unary<FloatDType>("ceil")
/** To the nearest integer, halves to the even one. */
export const round = unary<FloatDType>("round")
export const exp = unary<Analytic>("exp")
/** `exp(x) - 1`, exact near 0. */
export const expm1 = unary<Analytic>("expm1")
/** The natural logarithm; NaN below 0. */
export const log = unary<Analytic>("log")
/** `log(1 + x)`, exact near 0. */
export const log1p = unary<Analytic>("log1p")
export const sqrt = unary<Analytic>("sqrt")
/** `1 / sqrt(x)`. */
export const rsqrt = unary<Analytic>("rsqrt")
export const cbrt = unary<FloatDType>("cbrt")
export const sin = unary<Analytic>("sin")
export const cos = unary<Analytic>("cos")
export const tan = unary<Analytic>("tan")
export const tanh = unary<Analytic>("tanh")
/** `1 / (1 + exp(-x))`. */
export const logistic = unary<Analytic>("logistic")
export const asin = unary<FloatDType>("asin")
export const acos = unary<FloatDType>("acos")
export const atan = unary<FloatDType>("atan")
export const sinh = unary<FloatDType>("sinh")
export const cosh = unary<FloatDType>("cosh")
export const asinh = unary<FloatDType>("asinh")
export const acosh = unary<FloatDType>("acosh")
export const atanh = unary<FloatDType>("atanh")
/** The error function. */
export const erf = unary<FloatDType>("erf")
/** `1 - erf(x)`, exact where that is small. */
export const erfc = unary<FloatDType>("erfc")
/** The inverse of the error function, for -1 < x < 1. */
export const erfInv = unary<FloatDType>("erfInv")
/** The logarithm of the absolute value of the gamma function. */
export const lgamma = unary<FloatDType>("lgamma")
/** The derivative of `lgamma`. */
export const digamma = unary<FloatDType>("digamma")
/** The n-th derivative of `digamma` at x, n being a float that holds a whole number from 0. */
export const polygamma = pair<"polygamma", FloatDType, Weak>("polygamma")
/** The next number after `a` on the way to `b`. */
export const nextAfter = pair<"nextAfter", FloatDType, Weak>("nextAfter")
/** `x * x`. */
export const square = named(
  "square",
  <D extends NumericDType, S extends Shape>(x: Tensor<D, S>): Tensor<D, S> => {
    const value = requireTensor("square", "x", x)
    return tensorOf(apply1("mul", {}, value, value))
  }
)

/** A complex number of its parts: f32 makes c64, f64 makes c128. */
export const complex = <D extends "f32" | "f64", S extends Shape>(
  re: Tensor<D, S>,
  im: NoInfer<Tensor<D, S>> | Weak
): Tensor<D extends "f32" ? "c64" : "c128", S> =>
  tensorOf(apply1("complex", {}, ...alike("complex", [re, im])))

const part =
  (op: "real" | "imag") =>
  <D extends ComplexDType, S extends Shape>(x: Tensor<D, S>): Tensor<RealOf<D>, S> =>
    tensorOf(apply1(op, {}, requireTensor(op, "x", x)))

/** The real part. */
export const real = part("real")
/** The imaginary part. */
export const imag = part("imag")
/** The complex conjugate. */
export const conj = named(
  "conj",
  <D extends ComplexDType, S extends Shape>(x: Tensor<D, S>): Tensor<D, S> => {
    const value = requireTensor("conj", "x", x)
    const below = apply1("neg", {}, apply1("imag", {}, value))
    return tensorOf(apply1("complex", {}, apply1("real", {}, value), below))
  }
)

/** `a * 2^b`, bits beyond the dtype lost; 0 for b of its width or more. */
export const shiftLeft = pair<"shiftLeft", IntegerDType, Weak>("shiftLeft")
/** `b` places to the right, zeros coming in. */
export const shiftRightLogical = pair<"shiftRightLogical", IntegerDType, Weak>("shiftRightLogical")
/** `b` places to the right, the sign bit coming in. */
export const shiftRightArithmetic = pair<"shiftRightArithmetic", IntegerDType, Weak>("shiftRightArithmetic")
/** How many bits are set. */
export const popcount = unary<IntegerDType>("popcount")
/** How many bits are zero before the first that is set. */
export const countLeadingZeros = unary<IntegerDType>("countLeadingZeros")
/** The same bits as elements of another dtype of the same size. */
export const bitcast = <D extends NumericDType, S extends Shape>(
  x: Tensor<NumericDType, S>,
  dtype: D
): Tensor<D, S> => {
  requireDType("bitcast", dtype)
  return tensorOf(apply1("bitcast", { dtype }, requireTensor("bitcast", "x", x)))
}

/** Logical not of booleans, bitwise not of integers. */
export const not = unary<Bits>("not")

/** Whether each element is neither infinite nor NaN. */
export const isFinite = <D extends FloatDType, S extends Shape>(x: Tensor<D, S>): Tensor<"bool", S> =>
  tensorOf(apply1("isFinite", {}, requireTensor("isFinite", "x", x)))

export const eq = compare<"eq", DType>("eq")
export const ne = compare<"ne", DType>("ne")
export const lt = compare<"lt", Ordered>("lt")
export const le = compare<"le", Ordered>("le")
export const gt = compare<"gt", Ordered>("gt")
export const ge = compare<"ge", Ordered>("ge")
