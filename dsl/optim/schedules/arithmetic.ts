import type { BinaryPrimitive, UnaryPrimitive } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { binary, compare, filled, select, unary } from "../../values.ts"

/** What schedules are computed with: numbers of the host, or scalars of a program. */
export interface Arithmetic<N> {
  readonly number: (value: number) => N
  readonly add: (a: N, b: N) => N
  readonly sub: (a: N, b: N) => N
  readonly mul: (a: N, b: N) => N
  readonly div: (a: N, b: N) => N
  readonly pow: (a: N, b: N) => N
  readonly min: (a: N, b: N) => N
  readonly max: (a: N, b: N) => N
  readonly cos: (x: N) => N
  readonly floor: (x: N) => N
  /** `x` where a is less than b, else `y`. */
  readonly ifLess: (a: N, b: N, x: N, y: N) => N
}

export const ofNumbers: Arithmetic<number> = {
  number: (value) => value,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: Math.pow,
  min: Math.min,
  max: Math.max,
  cos: Math.cos,
  floor: Math.floor,
  ifLess: (a, b, x, y) => (a < b ? x : y)
}

const two = (op: BinaryPrimitive) => (a: Value, b: Value) => binary(op, a, b)
const one = (op: UnaryPrimitive) => (x: Value) => unary(op, x)

export const ofScalars = (dtype: "f32" | "f64"): Arithmetic<Value> => ({
  number: (value) => filled({ dtype, shape: [] }, value),
  add: two("add"),
  sub: two("sub"),
  mul: two("mul"),
  div: two("div"),
  pow: two("pow"),
  min: two("minimum"),
  max: two("maximum"),
  cos: one("cos"),
  floor: one("floor"),
  ifLess: (a, b, x, y) => select(compare("lt", a, b), x, y)
})
