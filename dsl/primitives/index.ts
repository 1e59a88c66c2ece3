import type { Params, Primitive } from "../program.ts"
import { makeNode, type Value } from "../tensor.ts"
import { noteWritten } from "../unused.ts"
import { contractRules } from "./contract.ts"
import { controlRules } from "./control.ts"
import { elementwiseRules } from "./elementwise.ts"
import { indexingRules } from "./indexing.ts"
import { linalgRules } from "./linalg.ts"
import type { Rules } from "./rule.ts"
import { shardingRules } from "./sharding.ts"
import { structureRules } from "./structure.ts"
import { windowRules } from "./window.ts"

/** The rule of every primitive: leaving one out is a type error. */
export const rules: Rules<Primitive> = {
  ...elementwiseRules,
  ...structureRules,
  ...contractRules,
  ...windowRules,
  ...indexingRules,
  ...linalgRules,
  ...controlRules,
  ...shardingRules
}

/** Applies a primitive to values while tracing. */
export const apply = <P extends Primitive>(
  primitive: P,
  params: Params[P],
  inputs: ReadonlyArray<Value>
): ReadonlyArray<Value> => makeNode(primitive, params, inputs, rules[primitive].infer(inputs, params))

export const apply1 = <P extends Primitive>(
  primitive: P,
  params: Params[P],
  ...inputs: ReadonlyArray<Value>
): Value => {
  const value = apply(primitive, params, inputs)[0]!
  if (value.dtype === "bool") noteWritten(value.node)
  return value
}
