import { binaryKinds, comparisonKinds, unaryKinds } from "../primitives/elementwise.ts"

/** Operations of which each element of the result depends on one element of each operand. */
export const elementwise: ReadonlySet<string> = new Set<string>([
  ...Object.keys(unaryKinds),
  ...Object.keys(binaryKinds),
  ...Object.keys(comparisonKinds),
  "select",
  "clamp",
  "convert",
  "bitcast"
] satisfies ReadonlyArray<string>)
