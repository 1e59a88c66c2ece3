import { whileOperands } from "../../primitives/control.ts"
import type { Program } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import { tensorType } from "../text.ts"
import { compareText } from "./elementwise.ts"
import { type Rows, type Site, withRegions } from "./row.ts"
import { whileText } from "./scan.ts"

/** The custom call that prints; the runtime gives it to the plugin. */
export const printTarget = "loopcarry_print"

/** A text as MLIR writes it: what is not plain ASCII as its bytes in hexadecimal. */
const quoted = (text: string): string =>
  `"${Array.from(new TextEncoder().encode(text), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c
      ? `\\${byte.toString(16).toUpperCase().padStart(2, "0")}`
      : String.fromCharCode(byte)
  ).join("")}"`

const counterAval: Aval = { dtype: "i32", shape: [] }

const branch = (site: Site, program: Program) => ({
  parameters: [],
  results: site.outputs,
  body: () => site.inline(program, site.operands.slice(1))
})

export const controlRows: Rows<"while" | "switch" | "customVjp" | "debugPrint"> = {
  // Nothing comes back, so that the value itself is not copied; the side effect keeps the call.
  debugPrint: ({ writer, operands, inputs }, { label }) => {
    const config = `backend_config = {label = ${quoted(label)}}`
    writer.line(
      `stablehlo.custom_call @${printTarget}(${operands[0]}) {api_version = 4 : i32, has_side_effect = true, ${config}} : (${tensorType(inputs[0]!)}) -> ()`
    )
    return [operands[0]!]
  },
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
