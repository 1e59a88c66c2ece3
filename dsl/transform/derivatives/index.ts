import type { Primitive } from "../../program.ts"
import { contractDerivatives } from "./contract.ts"
import { controlDerivatives } from "./control.ts"
import type { Derivatives } from "./derivative.ts"
import { elementwiseDerivatives } from "./elementwise.ts"
import { indexingDerivatives } from "./indexing.ts"
import { linalgDerivatives } from "./linalg.ts"
import { shardingDerivatives } from "./sharding.ts"
import { structureDerivatives } from "./structure.ts"
import { windowDerivatives } from "./window.ts"

/** The one derivative of each primitive: leaving one out is a type error. */
export const derivatives: Derivatives<Primitive> = {
  ...elementwiseDerivatives,
  ...structureDerivatives,
  ...contractDerivatives,
  ...windowDerivatives,
  ...indexingDerivatives,
  ...linalgDerivatives,
  ...controlDerivatives,
  ...shardingDerivatives
}
