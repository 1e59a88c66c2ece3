import type { Pass } from "./pass.ts"
import { rewritten } from "./rewrite.ts"

/** Puts functions in place of their calls: only derivatives told them apart, and nobody differentiates any more. */
export const inline: Pass = {
  name: "inline",
  run: (program) =>
    rewritten(program, {
      customDerivative: ({ params }, builder, inputs) => builder.inline(params.primal, inputs),
      checkpoint: ({ params }, builder, inputs) => builder.inline(params.body, inputs),
      checkpointName: (_, __, inputs) => inputs
    })
}
