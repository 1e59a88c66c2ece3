import { workingDType } from "../../dtype.ts"
import { scanOperands } from "../../primitives/scan.ts"
import type { ScanParams, XsLeaf } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import { tensorType, type Writer } from "../text.ts"
import { arangeElement, convertText } from "./arange.ts"
import { compareText } from "./elementwise.ts"
import { type Row, resultNames, type Site, types } from "./row.ts"

const zero = (writer: Writer, aval: Aval): string => writer.constant(aval.dtype === "bool" ? false : 0, aval)

/** The type of the step counter: i32 while it can count the steps. */
const counterAval = (params: ScanParams): Aval => ({
  dtype: (params.length ?? 0) < 2 ** 31 ? "i32" : "i64",
  shape: []
})

interface WhileRegions {
  /** Given the names of the state, the name of a boolean. */
  readonly condition: (names: ReadonlyArray<string>) => string
  /** Given the names of the state, those of the next one. */
  readonly body: (names: ReadonlyArray<string>) => ReadonlyArray<string>
}

/** Writes a `stablehlo.while` and gives the names of the last state. */
export const whileText = (
  writer: Writer,
  state: ReadonlyArray<Aval>,
  initial: ReadonlyArray<string>,
  { condition, body }: WhileRegions
): ReadonlyArray<string> => {
  const names = state.map(() => writer.fresh())
  const result = writer.fresh()
  const bindings = names.map((name, i) => `${name} = ${initial[i]}`).join(", ")
  const bound = state.length > 1 ? `${result}:${state.length}` : result
  writer.line(`${bound} = stablehlo.while(${bindings}) : ${types(state)}`)
  writer.line("cond {")
  writer.indented(() => writer.line(`stablehlo.return ${condition(names)} : tensor<i1>`))
  writer.line("} do {")
  writer.indented(() => writer.line(`stablehlo.return ${body(names).join(", ")} : ${types(state)}`))
  writer.line("}")
  return resultNames(result, state.length)
}

/**
 * A scan is one `stablehlo.while`: its state is the step counter, the carry, and one array for each output, into
 * which each step writes its row. Constants are used from outside the loop's regions. An arange among the xs is
 * worked out from the counter, so it is never stored. Unrolled, a second loop takes the steps that are left over.
 */
export const scanRow: Row<"scan"> = (site, params) => {
  const { writer, outputs } = site
  const operands = scanOperands(params, site.operands)
  const stacks = outputs.slice(params.carry)
  if (params.length === 0) return [...operands.carry, ...stacks.map((stack) => zero(writer, stack))]
  const counter = counterAval(params)
  const limit = operands.length ?? writer.constant(params.length!, counter)
  const type = tensorType(counter)
  const loop = (initial: ReadonlyArray<string>, turn: number): ReadonlyArray<string> =>
    whileText(writer, [counter, ...outputs], initial, {
      condition: ([count]) => {
        const last =
          turn === 1
            ? count!
            : writer.assign(`stablehlo.add ${count}, ${writer.constant(turn - 1, counter)} : ${type}`)
        return compareText(writer, "LT", [last, limit], counter)
      },
      body: (names) => {
        let state = names
        for (let i = 0; i < turn; i++) state = step(site, params, { counter, limit, names: state, stacks })
        return state
      }
    })
  const initial = [zero(writer, counter), ...operands.carry, ...stacks.map((stack) => zero(writer, stack))]
  const turn = Math.min(params.unroll, params.length ?? params.unroll)
  const turned = turn > 1 ? loop(initial, turn) : initial
  const even = turn > 1 && operands.length === undefined && params.length! % turn === 0
  return (even ? turned : loop(turned, 1)).slice(1)
}

interface Loop {
  readonly counter: Aval
  readonly limit: string
  /** Counter, carry, stacks: as the loop's body sees them. */
  readonly names: ReadonlyArray<string>
  readonly stacks: ReadonlyArray<Aval>
}

const step = (
  site: Site,
  params: ScanParams,
  { counter, limit, names, stacks }: Loop
): ReadonlyArray<string> => {
  const { writer } = site
  const { consts, xs } = scanOperands(params, site.operands)
  const inputs = scanOperands(params, site.inputs)
  const type = tensorType(counter)
  const one = writer.constant(1, counter)
  const [count, ...rest] = names as [string, ...Array<string>]
  const usesRow = params.xs.length > 0 || stacks.length > 0
  const row =
    params.reverse && usesRow
      ? writer.assign(
          `stablehlo.subtract ${writer.assign(`stablehlo.subtract ${limit}, ${one} : ${type}`)}, ${count} : ${type}`
        )
      : count
  const rows = params.xs.map((leaf, i) =>
    leaf.kind === "arange"
      ? rangeRow(writer, leaf, row, counter, xs[i])
      : takeRow(writer, xs[i]!, inputs.xs[i]!, row, counter)
  )
  const results = site.inline(params.body, [...consts, ...rest.slice(0, params.carry), ...rows])
  const written = stacks.map((stack, i) =>
    putRow(writer, rest[params.carry + i]!, stack, results[params.carry + i]!, row, counter)
  )
  const following = writer.assign(`stablehlo.add ${count}, ${one} : ${type}`)
  return [following, ...results.slice(0, params.carry), ...written]
}

const rangeRow = (
  writer: Writer,
  leaf: XsLeaf & { readonly kind: "arange" },
  row: string,
  counter: Aval,
  start: string | undefined
): string => {
  const result: Aval = { dtype: leaf.dtype, shape: [] }
  const working: Aval = { dtype: workingDType(leaf.dtype), shape: [] }
  const index = convertText(writer, row, counter, working)
  const from = start === undefined ? leaf.start! : convertText(writer, start, result, working)
  return convertText(writer, arangeElement(writer, index, working, from, leaf.step), working, result)
}

/** The indices of row `row`: zero on all axes but the first. */
const rowIndices = (writer: Writer, row: string, counter: Aval, rank: number): ReadonlyArray<string> => {
  if (rank <= 1) return [row]
  const origin = zero(writer, counter)
  return [row, ...Array.from({ length: rank - 1 }, () => origin)]
}

const takeRow = (writer: Writer, array: string, aval: Aval, row: string, counter: Aval): string => {
  const indices = rowIndices(writer, row, counter, aval.shape.length)
  const single: Aval = { dtype: aval.dtype, shape: [1, ...aval.shape.slice(1)] }
  const operandTypes = [aval, ...indices.map(() => counter)]
  const taken = writer.assign(
    `stablehlo.dynamic_slice ${[array, ...indices].join(", ")}, sizes = [${single.shape.join(", ")}] : (${types(operandTypes)}) -> ${tensorType(single)}`
  )
  const flat: Aval = { dtype: aval.dtype, shape: aval.shape.slice(1) }
  return writer.assign(`stablehlo.reshape ${taken} : (${tensorType(single)}) -> ${tensorType(flat)}`)
}

const putRow = (
  writer: Writer,
  array: string,
  aval: Aval,
  value: string,
  row: string,
  counter: Aval
): string => {
  const flat: Aval = { dtype: aval.dtype, shape: aval.shape.slice(1) }
  const single: Aval = { dtype: aval.dtype, shape: [1, ...flat.shape] }
  const update = writer.assign(`stablehlo.reshape ${value} : (${tensorType(flat)}) -> ${tensorType(single)}`)
  const indices = rowIndices(writer, row, counter, aval.shape.length)
  const operandTypes = [aval, single, ...indices.map(() => counter)]
  return writer.assign(
    `stablehlo.dynamic_update_slice ${[array, update, ...indices].join(", ")} : (${types(operandTypes)}) -> ${tensorType(aval)}`
  )
}
