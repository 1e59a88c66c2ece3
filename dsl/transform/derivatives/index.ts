import type { Primitive } from "../../program.ts"
import { contractDerivatives } from "./contract.ts"
import { controlDerivatives } from "./control.ts"
import type { Derivative, Derivatives } from "./derivative.ts"
import { elementwiseDerivatives } from "./elementwise.ts"
import { indexingDerivatives } from "./indexing.ts"
import { linalgDerivatives } from "./linalg.ts"
import { shardingDerivatives } from "./sharding.ts"
import { structureDerivatives } from "./structure.ts"
import { windowDerivatives } from "./window.ts"

/** The one derivative of each primitive that has one: leaving one out is a type error. */
const derivatives: Derivatives<Primitive> = {
  ...elementwiseDerivatives,
  ...structureDerivatives,
  ...contractDerivatives,
  ...windowDerivatives,
  ...indexingDerivatives,
  ...linalgDerivatives,
  ...controlDerivatives,
  ...shardingDerivatives
}

export const derivativeOf = (primitive: Primitive): Derivative<Primitive> | undefined =>
  (derivatives as Partial<Record<Primitive, unknown>>)[primitive] as Derivative<Primitive> | undefined
