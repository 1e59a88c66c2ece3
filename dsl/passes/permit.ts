import type { Pass } from "./pass.ts"
import { type Rewrite, rewritten } from "./rewrite.ts"

const permitted: Rewrite<"scan"> = ({ primitive, params, outputs }, builder, inputs) => {
  const { carry, reassociate } = params
  if (carry === 0 || (reassociate?.length === carry && reassociate.every(Boolean))) return undefined
  const allowed = { ...params, reassociate: Array.from({ length: carry }, () => true) }
  return builder.add(
    primitive,
    allowed,
    inputs,
    outputs.map(({ aval }) => aval)
  )
}

/** Allows all scans to compute their floats in another order: nested ones too, and those that reverse mode made. */
export const permit: Pass = {
  name: "permit",
  run: (program) => rewritten(program, { scan: permitted })
}
