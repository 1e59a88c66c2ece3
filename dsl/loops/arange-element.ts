import { isInteger, workingDType, wrapInteger } from "../dtype.ts"
import type { ArangeParams } from "../params.ts"
import type { Shape } from "../shape.ts"
import type { Value } from "../tensor.ts"
import { add, broadcast, convert, filled, mul } from "../values.ts"

/**
 * `start + step * i` for integers `i`. Half floats are computed in f32 and rounded once; integers wrap. `operand` is a
 * traced start, whose axes are the first axes of `i`.
 */
export const arangeElement = (
  { dtype, start, step }: ArangeParams,
  operand: Value | undefined,
  i: Value
): Value => {
  const working = workingDType(dtype)
  const index = convert(i, working)
  const number = (value: number | bigint): Value =>
    filled(index, isInteger(working) ? wrapInteger(value, working) : value)
  const scaled = Number(step) === 1 ? index : mul(index, number(step))
  if (operand === undefined) return convert(Number(start) === 0 ? scaled : add(number(start!), scaled), dtype)
  return convert(add(spread(convert(operand, working), index.shape), scaled), dtype)
}

const spread = (x: Value, shape: Shape): Value =>
  broadcast(
    x,
    shape,
    x.shape.map((_, axis) => axis)
  )
