import type { Pass } from "./pass.ts"
import { rewritten } from "./rewrite.ts"

/** Puts functions that have a derivative of their own in place of their calls: nobody differentiates any more. */
export const inline: Pass = {
  name: "inline",
  run: (program) =>
    rewritten(program, {
      customDerivative: ({ params }, builder, inputs) => builder.inline(params.primal, inputs)
    })
}
