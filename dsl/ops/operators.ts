import type { ComplexDType, DType, FloatDType } from "../dtype.ts"
import { apply1 } from "../primitives/index.ts"
import type { BinaryPrimitive, Comparison, UnaryPrimitive } from "../program.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"
import type { BroadcastAll, Broadcasted, Operand, PairCheck, RealDType, Weak } from "../types.ts"
import { alike } from "./operand.ts"

export type Unary<Allowed extends DType> = <D extends Allowed, S extends Shape>(
  x: Tensor<D, S>
) => Tensor<D, S>

export const unary =
  <Allowed extends DType>(op: UnaryPrimitive): Unary<Allowed> =>
  (x) =>
    tensorOf(apply1(op, {}, ...alike(op, [x])))

/** Two or more operands of one dtype, broadcast as NumPy does; a number takes the tensors' dtype. */
export interface Arithmetic<Op extends string, Allowed extends DType, W> {
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
    b: B & PairCheck<Op, A, B>,
    ...more: M
  ): BroadcastAll<Broadcasted<A, B>, M>
}

export const fold =
  <Op extends BinaryPrimitive, Allowed extends DType, W extends Operand>(
    op: Op
  ): Arithmetic<Op, Allowed, W> =>
  (...operands: ReadonlyArray<Operand>) => {
    const [first, ...rest] = alike(op, operands)
    return tensorOf(rest.reduce((total, next) => apply1(op, {}, total, next), first!))
  }

/** Exactly two operands, for what is not associative. */
export interface Pairwise<Op extends string, Allowed extends DType, W> {
  <D extends Allowed, S extends Shape>(
    a: Tensor<D, S>,
    b: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | W
  ): Tensor<D, S>
  <D extends Allowed, S extends Shape>(a: W, b: Tensor<D, S>): Tensor<D, S>
  <A extends Tensor<Allowed>, B extends Tensor<Allowed>>(a: A, b: B & PairCheck<Op, A, B>): Broadcasted<A, B>
}

export const pair =
  <Op extends BinaryPrimitive, Allowed extends DType, W extends Operand>(op: Op): Pairwise<Op, Allowed, W> =>
  (a: Operand, b: Operand) =>
    tensorOf(apply1(op, {}, ...alike(op, [a, b])))

export interface Compare<Op extends string, Allowed extends DType> {
  <D extends Allowed, S extends Shape>(
    a: Tensor<D, S>,
    b: NoInfer<Tensor<D, S> | Tensor<D, readonly []>> | Weak | boolean
  ): Tensor<"bool", S>
  <D extends Allowed, S extends Shape>(a: Weak | boolean, b: Tensor<D, S>): Tensor<"bool", S>
  <A extends Tensor<Allowed>, B extends Tensor<Allowed>>(
    a: A,
    b: B & PairCheck<Op, A, B>
  ): Broadcasted<A, B, "bool">
}

export const compare =
  <Op extends Comparison, Allowed extends DType>(op: Op): Compare<Op, Allowed> =>
  (a: Operand, b: Operand) =>
    tensorOf<"bool", never>(apply1(op, {}, ...alike(op, [a, b])))

export type Ordered = RealDType | "bool"
export type Analytic = FloatDType | ComplexDType
