import { gt, lt, ne, or } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"
import { select } from "../ops/structure.ts"

/** The value for a share q; NaN where q is none. */
export const quantile = (q: Floats, value: Floats): Floats =>
  select(or(ne(q, q), lt(q, 0), gt(q, 1)), Number.NaN, value)
