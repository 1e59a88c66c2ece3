import type { DType } from "../dtype.ts"
import { named } from "../errors.ts"
import { requireFunction, requireOptions, requireTensor } from "../required.ts"
import type { Tensor } from "../tensor.ts"
import type { Tree } from "../tree.ts"
import type { IsTree } from "../tree-types.ts"
import { arange, type Range } from "./arange.ts"
import { scanAs } from "./scan.ts"
import type { CarryCheck, Outputs, Row, ScanOptions, Xs } from "./scan-types.ts"
import type { HasSteps, IsXs } from "./xs-types.ts"

type Bound = number | Tensor<DType, readonly []>

/** How `fori` loops, and what reverse mode keeps of it. */
export interface ForiOptions extends Pick<ScanOptions, "unroll" | "checkpoint" | "reassociate"> {
  /** The greatest number of steps, where a bound is traced; needed for reverse mode. */
  readonly max?: number
}

/**
 * Runs `body(i, carry)` for i from `lower` to before `upper`. Bounds are numbers, or integer scalars of the program;
 * reverse mode over a traced number of steps needs `max`. The body keeps the carry's types. Fails with a `TreeError`
 * where it does not, and a `DTypeError` for a bound that is no integer.
 *
 * @example fori(0, 5, (i, total) => add(total, i), scalar(0, "i32")) // 10
 */
export const fori = <const C, const C2>(
  lower: Bound,
  upper: Bound,
  body: (i: Tensor<"i32", readonly []>, carry: C) => C2 & CarryCheck<"fori", C, C2>,
  init: C & IsTree<"fori", "carry", C>,
  options?: ForiOptions
): C => {
  requireFunction("fori", "body", body)
  const { max, ...how } = requireOptions("fori", options, ["max", "unroll", "checkpoint", "reassociate"])
  for (const bound of [lower, upper]) if (typeof bound !== "number") requireTensor("fori", "a bound", bound)
  const plain = typeof lower === "number" && typeof upper === "number"
  const bounds = plain ? { dtype: "i32" } : { dtype: "i32", ...(max === undefined ? {} : { max }) }
  const steps = named("fori", arange as (...args: ReadonlyArray<unknown>) => Range | Tensor)(
    lower,
    upper,
    bounds
  )
  const step = (carry: never, i: never) => [body(i, carry), null] as const
  return scanAs("fori", init as Tree, steps as Xs, step, how)[0] as C
}

/**
 * Runs `fn` on each row of `xs`, one after another, and stacks the results: like `vmap`, with the memory of one row.
 * Fails with a `ShapeError` where rows differ in number or there are none.
 *
 * @example map((x) => sum(x), constant([[1, 2], [3, 4]], "f32")) // [3, 7]
 */
export const map = <const X, const Y>(
  fn: ((x: Row<X>) => Y & IsTree<"map", "the result", Y>) & HasSteps<"map", X, unknown>,
  xs: X & IsXs<"map", X>
): Outputs<Y, X, object> => {
  requireFunction("map", "fn", fn)
  return scanAs("map", null, xs as Xs, (_: never, x: never) => [null, fn(x)] as const)[1] as Outputs<
    Y,
    X,
    object
  >
}
