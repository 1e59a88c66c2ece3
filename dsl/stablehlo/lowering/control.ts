import { whileOperands } from "../../primitives/control.ts"
import type { Program } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import { printTarget } from "../print-target.ts"
import { quoted, tensorType, type Writer } from "../text.ts"
import { compareText, type Lowerings, type Site, withRegions } from "./lowering.ts"
import { shardingText } from "./sharding.ts"
import { whileText } from "./while.ts"

/** Nothing comes back, so that the value itself is not copied; the side effect keeps the call. */
const printCall = (writer: Writer, operand: string, aval: Aval, label: string): void => {
  const config = `backend_config = {label = ${quoted(label)}}`
  writer.end(
    `stablehlo.custom_call @${printTarget}(${operand}) {api_version = 4 : i32, has_side_effect = true, ${config}} : (${tensorType(aval)}) -> ()`
  )
}

const counterAval: Aval = { dtype: "i32", shape: [] }

const branch = (site: Site, program: Program) => ({
  parameters: [],
  results: site.outputs,
  body: () => site.inline(program, site.operands.slice(1))
})

export const controlLowerings: Lowerings<
  | "while"
  | "switch"
  | "customDerivative"
  | "guard"
  | "debugPrint"
  | "checkpoint"
  | "barrier"
  | "checkpointName"
> = {
  guard: ({ operands }) => [operands[1]!],
  debugPrint: ({ writer, operands, inputs }, { label }) => {
    const [operand, aval] = [operands[0]!, inputs[0]!]
    if (writer.mesh === undefined) {
      printCall(writer, operand, aval, label)
      return [operand]
    }
    // XLA divides no call with a side effect: the whole array goes to all devices, of which the first prints it.
    const axes = Object.keys(writer.mesh.axes).map((axis) => `"${axis}"`)
    const whole = `[${shardingText([], aval)}]`
    const [result, part] = [writer.fresh(), writer.fresh()]
    const type = tensorType(aval)
    writer.line(
      `${result} = sdy.manual_computation(${operand}) in_shardings=${whole} out_shardings=${whole} manual_axes={${axes.join(", ")}} (${part}: ${type}) {`
    )
    writer.indented(() => {
      const number = writer.assign("stablehlo.partition_id : tensor<ui32>")
      const zero = writer.assign("stablehlo.constant dense<0> : tensor<ui32>")
      const first = writer.assign(
        `stablehlo.compare EQ, ${number}, ${zero} : (tensor<ui32>, tensor<ui32>) -> tensor<i1>`
      )
      writer.line(`"stablehlo.if"(${first}) ({`)
      writer.indented(() => {
        printCall(writer, part, aval, label)
        writer.line("stablehlo.return")
      })
      writer.line("}, {")
      writer.indented(() => writer.line("stablehlo.return"))
      writer.line("}) : (tensor<i1>) -> ()")
      writer.line(`sdy.return ${part} : ${type}`)
    })
    writer.end(`} : (${type}) -> ${type}`)
    return [result]
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
  customDerivative: (site, { primal }) => site.inline(primal, site.operands),
  checkpoint: (site, { body }) => site.inline(body, site.operands),
  checkpointName: ({ operands }) => [operands[0]!],
  barrier: ({ writer, operands, inputs }) => {
    if (operands.length === 0) return []
    const result = writer.fresh()
    const types = inputs.map(tensorType).join(", ")
    const count = operands.length === 1 ? "" : `:${operands.length}`
    writer.line(`${result}${count} = stablehlo.optimization_barrier ${operands.join(", ")} : ${types}`)
    return operands.length === 1 ? [result] : operands.map((_, i) => `${result}#${i}`)
  }
}
