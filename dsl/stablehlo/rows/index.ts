import type { Primitive } from "../../program.ts"
import { controlRows } from "./control.ts"
import { elementwiseRows } from "./elementwise.ts"
import { indexingRows } from "./indexing.ts"
import { linalgRows } from "./linalg.ts"
import { reduceRows } from "./reduce.ts"
import type { Rows } from "./row.ts"
import { scanRow } from "./scan.ts"
import { shardingRows } from "./sharding.ts"
import { structureRows } from "./structure.ts"
import { threefryRow } from "./threefry.ts"

/** How each primitive is written as StableHLO: leaving one out is a type error. */
export const rows: Rows<Primitive> = {
  ...elementwiseRows,
  ...structureRows,
  ...reduceRows,
  ...indexingRows,
  ...linalgRows,
  ...controlRows,
  ...shardingRows,
  threefry: threefryRow,
  scan: scanRow
}
