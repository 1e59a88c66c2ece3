import type { DType } from "../dtype.ts"
import { requireFunction } from "../required.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import { arange, type Range } from "./arange.ts"
import { scan } from "./scan.ts"
import type { Outputs, Row, ScanOptions, Xs } from "./scan-types.ts"

type Bound = number | Tensor<DType, readonly []>

export interface ForiOptions extends Pick<ScanOptions, "unroll" | "checkpoint"> {
  /** The greatest number of steps, where a bound is traced; needed for reverse mode. */
  readonly max?: number
}

/**
 * Runs `body(i, carry)` for i from `lower` to before `upper`. Bounds are numbers, or integer scalars of the program;
 * reverse mode over a traced number of steps needs `max`.
 *
 * @example fori(0, 10, (i, total) => add(total, i), scalar(0, "i32"))
 */
export const fori = <const C extends Tree>(
  lower: Bound,
  upper: Bound,
  body: (i: Tensor<"i32", readonly []>, carry: C) => NoInfer<C>,
  init: C,
  { max, ...options }: ForiOptions = {}
): C => {
  requireFunction("fori", body)
  const plain = typeof lower === "number" && typeof upper === "number"
  const bounds = plain ? { dtype: "i32" } : { dtype: "i32", ...(max === undefined ? {} : { max }) }
  const steps = (arange as (...args: ReadonlyArray<unknown>) => Range | Tensor)(lower, upper, bounds)
  const run = scan as unknown as (
    init: C,
    xs: unknown,
    body: (carry: C, i: Tensor<"i32", readonly []>) => readonly [C, null],
    options: ScanOptions
  ) => readonly [C, unknown]
  return run(init, steps, (carry, i) => [body(i, carry), null], options)[0]
}

/**
 * Runs `fn` on each row of `xs`, one after another, and stacks the results: like vmap, with the memory of one row.
 *
 * @example map((x) => sum(x), matrix)
 */
export const map = <X extends Xs, const Y extends Tree>(
  fn: (x: Row<X>) => Y,
  xs: X
): Outputs<Y, X, object> => {
  requireFunction("map", fn)
  const run = scan as unknown as (
    init: null,
    xs: X,
    body: (carry: null, x: Row<X>) => readonly [null, Y]
  ) => readonly [null, Outputs<Y, X, object>]
  return run(null, xs, (_, x) => [null, fn(x)])[1]
}
