import { whileOperands } from "../../primitives/control.ts"
import type { Program } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import { compareText } from "./elementwise.ts"
import { type Rows, type Site, withRegions } from "./row.ts"
import { whileText } from "./scan.ts"

const counterAval: Aval = { dtype: "i32", shape: [] }

const branch = (site: Site, program: Program) => ({
  parameters: [],
  results: site.outputs,
  body: () => site.inline(program, site.operands.slice(1))
})

export const controlRows: Rows<"while" | "switch" | "customVjp"> = {
  while: (site, params) => {
    const { writer } = site
    const { conditionConsts, bodyConsts, carry } = whileOperands(params, site.operands)
    const bounded = params.max !== null
    const state = bounded ? [counterAval, ...site.outputs] : site.outputs
    const initial = bounded ? [writer.constant(0, counterAval), ...carry] : carry
    const results = whileText(writer, state, initial, {
      condition: (names) => {
        const [holds] = site.inline(params.condition, [
          ...conditionConsts,
          ...(bounded ? names.slice(1) : names)
        ])
        if (!bounded) return holds!
        const most = writer.constant(params.max!, counterAval)
        const within = compareText(writer, "LT", [names[0]!, most], counterAval)
        return writer.assign(`stablehlo.and ${within}, ${holds} : tensor<i1>`)
      },
      body: (names) => {
        const next = site.inline(params.body, [...bodyConsts, ...(bounded ? names.slice(1) : names)])
        if (!bounded) return next
        const one = writer.constant(1, counterAval)
        return [writer.assign(`stablehlo.add ${names[0]}, ${one} : tensor<i32>`), ...next]
      }
    })
    return bounded ? results.slice(1) : results
  },
  switch: (site, { branches }) =>
    withRegions(
      { ...site, operands: site.operands.slice(0, 1), inputs: site.inputs.slice(0, 1) },
      "case",
      "",
      branches.map((program) => branch(site, program))
    ),
  customVjp: (site, { primal }) => site.inline(primal, site.operands)
}
