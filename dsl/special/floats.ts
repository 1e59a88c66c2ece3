import type { FloatDType } from "../dtype.ts"
import { workingDType } from "../dtype.ts"
import { named, valueError } from "../errors.ts"
import { add, mul } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { alike } from "../ops/operand.ts"
import { requireKind } from "../primitives/rule.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf, valueOf } from "../tensor.ts"
import { customJvp } from "../transform/custom-jvp.ts"
import type { MoreFault } from "../types/operands.ts"
import type { AnyTensor, Check, DTypeOf, JoinedAll, Operand, ShapeOf } from "../types.ts"
import { convert } from "../values.ts"

/** What stands for floats: a tensor, or a number that takes the dtype of the tensors beside it. */
export type FloatOperand = Tensor<FloatDType> | number

type DTypesOf<M> = DTypeOf<M extends ReadonlyArray<infer X> ? X : never>

/** Why operands do not go together. Of what is any nothing is known. */
type Fault<Op extends string, X, M> = 0 extends 1 & X
  ? never
  : X extends AnyTensor
    ? MoreFault<Op, DTypeOf<X>, ShapeOf<X>, M>
    : never

/** Floats of one dtype, broadcast: an array, and what else the function takes. */
export type Broadcasting<Op extends string, P extends ReadonlyArray<FloatOperand | undefined>> = <
  const X extends FloatOperand,
  const M extends P
>(
  x: X,
  ...more: M & Check<Fault<Op, X, M>>
) => Tensor<DTypeOf<X> | DTypesOf<M>, JoinedAll<ShapeOf<X>, M>>

/**
 * A function of floats, of which some may be left out. Operands have one dtype and are broadcast; half floats are
 * computed as f32 and rounded once.
 */
export const ofFloats = <F>(
  op: string,
  needed: number,
  make: (...operands: ReadonlyArray<never>) => Floats,
  defaults: ReadonlyArray<number> = []
): F =>
  named(op, (...given: ReadonlyArray<Operand | undefined>) => {
    const most = needed + defaults.length
    if (given.length > most)
      throw valueError(op, `${op}: takes ${most} arguments, not ${given.length}`, "leave out the others")
    const full = Array.from({ length: most }, (_, i) => given[i] ?? defaults[i - needed])
    const values = alike(op, full as ReadonlyArray<Operand>)
    const { dtype } = values[0]!
    requireKind(op, values[0]!, ["float"])
    const wide = values.map((each) => tensorOf<"f32", Shape>(convert(each, workingDType(dtype))))
    return tensorOf<never, never>(convert(valueOf(make(...(wide as unknown as ReadonlyArray<never>))), dtype))
  }) as F

/** A function with its derivatives by each operand, of the result and the operands. */
export const withSlopes = <A extends ReadonlyArray<Floats>>(
  fn: (...operands: A) => Floats,
  ...slopes: ReadonlyArray<(result: Floats, ...operands: A) => Floats>
): ((...operands: A) => Floats) => {
  const call: (...operands: A) => Floats = customJvp(
    fn as unknown as (...operands: ReadonlyArray<Floats>) => Floats,
    (operands, tangents) => {
      const args = operands as unknown as A
      const result = call(...args)
      const moves = slopes.map((slope, i) => mul(tangents[i] as Floats, slope(result, ...args)))
      return [result, moves.reduce((sum, each) => add(sum, each))]
    }
  ) as never
  return call
}
