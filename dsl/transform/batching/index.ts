import type { Primitive } from "../../program.ts"
import type { BatchRules } from "./batch-rule.ts"
import { contractBatching } from "./contract.ts"
import { controlBatching } from "./control.ts"
import { elementwiseBatching } from "./elementwise.ts"
import { indexingBatching } from "./indexing.ts"
import { linalgBatching } from "./linalg.ts"
import { shardingBatching } from "./sharding.ts"
import { structureBatching } from "./structure.ts"
import { windowBatching } from "./window.ts"

/** How each primitive works over a batch: leaving one out is a type error. */
export const batching: BatchRules<Primitive> = {
  ...elementwiseBatching,
  ...structureBatching,
  ...contractBatching,
  ...windowBatching,
  ...indexingBatching,
  ...linalgBatching,
  ...controlBatching,
  ...shardingBatching
}
