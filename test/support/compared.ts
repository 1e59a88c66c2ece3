import type { Compared } from "../../scripts/bench/compare-row.ts"
import { timesOf } from "../../scripts/bench/statistics.ts"

/** A row of a comparison, with the best times of both sides in microseconds. */
export const compared = (name: string, loopcarry: number, jax: number): Compared => ({
  name,
  reassociate: false,
  kind: "scan",
  loopcarry: timesOf([loopcarry, 2 * loopcarry]),
  jax: timesOf([jax]),
  lower: { loopcarry: 10, jax: 100 },
  compile: { loopcarry: 20, jax: 10 }
})
