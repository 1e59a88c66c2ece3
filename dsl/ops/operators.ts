import type { ComplexDType, DType, DTypeKind, FloatDType } from "../dtype.ts"
import { named } from "../errors.ts"
import { apply1 } from "../primitives/index.ts"
import { requireKind } from "../primitives/rule.ts"
import type { BinaryPrimitive, Comparison, UnaryPrimitive } from "../program.ts"
import { requireTensor } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, type Value } from "../tensor.ts"
import type { Fitting, IsAxis } from "../types/axes.ts"
import type { Among, IsKind, IsKindOf, MoreFault, PairCheck, Plain } from "../types/operands.ts"
import type { AsFirst, Joined, ShapedAsFirst, Whole } from "../types/whole.ts"
import type { Broadcast, Check, DTypeOf, JoinedAll, Operand, RealDType, ShapeOf, Weak } from "../types.ts"
import { alike } from "./operand.ts"

export interface Unary<Op extends string, Allowed extends DType> extends Whole<AsFirst> {
  <D extends DType, S extends Shape>(x: Tensor<D, S> & IsKind<Op, Allowed, D, S>): Tensor<D, S>
}

/** A question about each element. */
export interface Predicate<Op extends string, Allowed extends DType> extends Whole<ShapedAsFirst<"bool">> {
  <D extends DType, S extends Shape>(x: Tensor<D, S> & IsKind<Op, Allowed, D, S>): Tensor<"bool", S>
}

/** What keeps dtype and shape, and works along an axis, which may be left out. */
export interface AlongAxis<Op extends string, Allowed extends DType, Axis, Options = undefined>
  extends Whole<AsFirst> {
  <D extends DType, S extends Shape, const A extends Axis>(
    x: Tensor<D, S> & IsKind<Op, Allowed, D, S>,
    axis?: A & IsAxis<Op, D, S, A>,
    options?: Options
  ): Tensor<D, S>
}

export const unary =
  <Op extends UnaryPrimitive, Allowed extends DType>(op: Op): Unary<Op, Allowed> =>
  (x) =>
    tensorOf(apply1(op, {}, requireTensor(op, "x", x)))

/** As `unary`, for what is made of other operations. */
export const unaryOf = <Op extends string, Allowed extends DType>(
  op: Op,
  kinds: ReadonlyArray<DTypeKind>,
  make: (x: Value) => Value
): Unary<Op, Allowed> =>
  named(op, (x) => {
    const value = requireTensor(op, "x", x)
    requireKind(op, value, kinds)
    return tensorOf(make(value))
  })

type Scalar<D extends DType> = Tensor<NoInfer<D>, readonly []>

type KnowsLess<S extends Shape, T extends Shape> = number extends S[number]
  ? number extends T[number]
    ? false
    : true
  : false

/**
 * For T that broadcasts to S: whether S knows as many lengths, for else those of T would be lost. (Fits: see `PairCheck`.)
 */
export type AsKnown<S extends Shape, T extends Shape> = [
  [KnowsLess<S, T>] extends [false] ? true : never
] extends [never]
  ? never
  : unknown

/**
 * Two or more operands of one dtype, broadcast as NumPy does; a number takes the tensors' dtype. Those but the
 * last are what is common, and hold for code that is generic in dimensions; the last tells what is wrong.
 */
export interface Arithmetic<Op extends string, Allowed extends DType, W extends Operand>
  extends Whole<Joined> {
  <D extends Allowed, S extends Shape>(
    a: Tensor<D, S>,
    b: Scalar<D> | Plain[D],
    ...more: ReadonlyArray<Tensor<NoInfer<D>, NoInfer<S>> | Scalar<D> | Plain[D]>
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape, T extends Fitting<S>>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T> & AsKnown<S, T>,
    ...more: ReadonlyArray<Tensor<NoInfer<D>, NoInfer<T>> | Scalar<D> | Plain[D]>
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape>(
    a: Plain[D],
    b: Tensor<D, S>,
    ...more: ReadonlyArray<Tensor<NoInfer<D>, NoInfer<S>> | Scalar<D> | Plain[D]>
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape>(
    a: Tensor<D, readonly []>,
    b: Tensor<NoInfer<D>, S>,
    ...more: ReadonlyArray<Tensor<NoInfer<D>, NoInfer<S>> | Scalar<D> | Plain[D]>
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape, const N extends W>(
    a: Tensor<D, S>,
    b: N & Among<Op, N>[D]
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape, T extends Fitting<S>>(
    a: Tensor<D, T>,
    b: Tensor<NoInfer<D>, S> & AsKnown<S, T>,
    ...more: ReadonlyArray<Tensor<NoInfer<D>, NoInfer<T>> | Scalar<D> | Plain[D]>
  ): Tensor<D, S>
  <const A extends Tensor | W, const B extends Tensor | W, const M extends ReadonlyArray<Tensor | W>>(
    a: A & IsKindOf<Op, Allowed, A>,
    b: B & PairCheck<Op, A, B>,
    ...more: M & Check<MoreFault<Op, DTypeOf<A> | DTypeOf<B>, Broadcast<ShapeOf<A>, ShapeOf<B>>, M>>
  ): Tensor<DTypeOf<A> | DTypeOf<B>, JoinedAll<Broadcast<ShapeOf<A>, ShapeOf<B>>, M>>
}

export const fold =
  <Op extends BinaryPrimitive, Allowed extends DType, W extends Operand>(
    op: Op
  ): Arithmetic<Op, Allowed, W> =>
  (...operands: ReadonlyArray<Operand>) => {
    const [first, ...rest] = alike(op, operands)
    return tensorOf<never, never>(rest.reduce((total, next) => apply1(op, {}, total, next), first!))
  }

/** Exactly two operands, for what is not associative. */
export interface Pairwise<Op extends string, Allowed extends DType, W extends Operand> extends Whole<Joined> {
  <D extends Allowed, S extends Shape>(a: Tensor<D, S>, b: Scalar<D> | Plain[D]): Tensor<D, S>
  <D extends Allowed, S extends Shape, T extends Fitting<S>>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T> & AsKnown<S, T>
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape>(a: Plain[D], b: Tensor<D, S>): Tensor<D, S>
  <D extends Allowed, S extends Shape, const N extends W>(
    a: Tensor<D, S>,
    b: N & Among<Op, N>[D]
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape, T extends Fitting<S>>(
    a: Tensor<D, T>,
    b: Tensor<NoInfer<D>, S> & AsKnown<S, T>
  ): Tensor<D, S>
  <const A extends Tensor | W, const B extends Tensor | W>(
    a: A & IsKindOf<Op, Allowed, A>,
    b: B & PairCheck<Op, A, B>
  ): Tensor<DTypeOf<A> | DTypeOf<B>, Broadcast<ShapeOf<A>, ShapeOf<B>>>
}

export const pair =
  <Op extends BinaryPrimitive, Allowed extends DType, W extends Operand>(op: Op): Pairwise<Op, Allowed, W> =>
  (a: Operand, b: Operand) =>
    tensorOf<never, never>(apply1(op, {}, ...alike(op, [a, b])))

/** As `pair`, for what is made of other operations. */
export const pairOf = <Op extends string, Allowed extends DType>(
  op: Op,
  kinds: ReadonlyArray<DTypeKind>,
  make: (a: Value, b: Value) => Value
): Pairwise<Op, Allowed, Weak> =>
  named(op, (a: Operand, b: Operand) => {
    const [left, right] = alike(op, [a, b])
    requireKind(op, left!, kinds)
    return tensorOf<never, never>(make(left!, right!))
  })

export interface Compare<Op extends string, Allowed extends DType, W extends Operand = Weak | boolean>
  extends Whole<Joined<"bool">> {
  <D extends Allowed, S extends Shape>(a: Tensor<D, S>, b: Scalar<D> | Plain[D]): Tensor<"bool", S>
  <D extends Allowed, S extends Shape, T extends Fitting<S>>(
    a: Tensor<D, S>,
    b: Tensor<NoInfer<D>, T> & AsKnown<S, T>
  ): Tensor<"bool", S>
  <D extends Allowed, S extends Shape>(a: Plain[D], b: Tensor<D, S>): Tensor<"bool", S>
  <D extends Allowed, S extends Shape, const N extends W>(
    a: Tensor<D, S>,
    b: N & Among<Op, N>[D]
  ): Tensor<"bool", S>
  <D extends Allowed, S extends Shape, T extends Fitting<S>>(
    a: Tensor<D, T>,
    b: Tensor<NoInfer<D>, S> & AsKnown<S, T>
  ): Tensor<"bool", S>
  <const A extends Tensor | W, const B extends Tensor | W>(
    a: A & IsKindOf<Op, Allowed, A>,
    b: B & PairCheck<Op, A, B>
  ): Tensor<"bool", Broadcast<ShapeOf<A>, ShapeOf<B>>>
}

export const compare =
  <Op extends Comparison, Allowed extends DType>(op: Op): Compare<Op, Allowed> =>
  (a: Operand, b: Operand) =>
    tensorOf<"bool", never>(apply1(op, {}, ...alike(op, [a, b])))

/** As `unaryOf`, for a question about each element. */
export const testOf = <Op extends string, Allowed extends DType>(
  op: Op,
  kinds: ReadonlyArray<DTypeKind>,
  make: (x: Value) => Value
): Predicate<Op, Allowed> => unaryOf<Op, Allowed>(op, kinds, make) as never

export type Ordered = RealDType | "bool"
export type Analytic = FloatDType | ComplexDType
