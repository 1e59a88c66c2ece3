import { bodyOf } from "../composites.ts"
import type { Pass } from "./pass.ts"
import { type Rewrites, rewritten } from "./rewrite.ts"

const rewrites: Rewrites = {
  composite: ({ params }, builder, inputs) =>
    builder.inline(
      rewritten(
        bodyOf(
          params,
          inputs.map(({ aval }) => aval)
        ),
        rewrites
      ),
      inputs
    )
}

/** What composites are made of in their places, for compilers. An interpreter has rules of its own for them. */
export const composites: Pass = {
  name: "composites",
  run: (program, { takes }) => (takes === "program" ? program : rewritten(program, rewrites))
}
