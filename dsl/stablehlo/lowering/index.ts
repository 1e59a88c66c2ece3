import type { Primitive } from "../../program.ts"
import { contractLowerings } from "./contract.ts"
import { controlLowerings } from "./control.ts"
import { elementwiseLowerings } from "./elementwise.ts"
import { indexingLowerings } from "./indexing.ts"
import { linalgLowerings } from "./linalg.ts"
import type { Lowerings } from "./lowering.ts"
import { shardingLowerings } from "./sharding.ts"
import { structureLowerings } from "./structure.ts"
import { windowLowerings } from "./window.ts"

/** How each primitive is written as StableHLO: leaving one out is a type error. Passes leave neither scans nor composites. */
export const lowerings: Lowerings<Exclude<Primitive, "scan" | "composite">> = {
  ...elementwiseLowerings,
  ...structureLowerings,
  ...contractLowerings,
  ...windowLowerings,
  ...indexingLowerings,
  ...linalgLowerings,
  ...controlLowerings,
  ...shardingLowerings
}
