import { ProgramBuilder } from "../builder.ts"
import { counterOf } from "../loops/counter.ts"
import { scanOperands } from "../primitives/scan.ts"
import type { Equation, Program, ScanParams, Var } from "../program.ts"
import type { Aval } from "../shape.ts"
import type { Pass } from "./pass.ts"
import { rewritten } from "./rewrite.ts"

const zero = (builder: ProgramBuilder, aval: Aval): Var =>
  builder.constant(aval, aval.dtype === "bool" ? false : 0)

const avals = (vars: ReadonlyArray<Var>): ReadonlyArray<Aval> => vars.map(({ aval }) => aval)

/** The indices of a row: zero on all axes but the first. */
const rowIndices = (builder: ProgramBuilder, row: Var, rank: number): ReadonlyArray<Var> => {
  if (rank <= 1) return [row]
  const origin = zero(builder, row.aval)
  return [row, ...Array.from({ length: rank - 1 }, () => origin)]
}

const takeRow = (builder: ProgramBuilder, array: Var, row: Var): Var => {
  const [, ...shape] = array.aval.shape
  const indices = rowIndices(builder, row, array.aval.shape.length)
  const [taken] = builder.apply("dynamicSlice", { sizes: [1, ...shape] }, array, ...indices)
  return builder.apply("reshape", { shape }, taken)[0]
}

const putRow = (builder: ProgramBuilder, array: Var, value: Var, row: Var): Var => {
  const [update] = builder.apply("reshape", { shape: [1, ...value.aval.shape] }, value)
  const indices = rowIndices(builder, row, array.aval.shape.length)
  return builder.apply("dynamicUpdateSlice", {}, array, update, ...indices)[0]
}

/** A scan's operands by what a step does with them, wherever they are defined. */
interface Step {
  readonly params: ScanParams
  readonly limit: Var
  readonly consts: ReadonlyArray<Var>
  /** For each leaf of xs its array; undefined for a counter. */
  readonly xs: ReadonlyArray<Var | undefined>
}

/** Writes one step; the state is the counter, the carry, and the stacks. */
const step = (
  builder: ProgramBuilder,
  { params, limit, consts, xs }: Step,
  [count, ...rest]: ReadonlyArray<Var>
): ReadonlyArray<Var> => {
  const one = builder.constant(count!.aval, 1)
  const usesRow = xs.length > 0 || rest.length > params.carry
  const row =
    params.reverse && usesRow
      ? builder.apply("sub", {}, builder.apply("sub", {}, limit, one)[0], count!)[0]
      : count!
  const rows = xs.map((array) => (array === undefined ? row : takeRow(builder, array, row)))
  const results = builder.inline(params.body, [...consts, ...rest.slice(0, params.carry), ...rows])
  const stacks = rest
    .slice(params.carry)
    .map((stack, i) => putRow(builder, stack, results[params.carry + i]!, row))
  return [builder.apply("add", {}, count!, one)[0], ...results.slice(0, params.carry), ...stacks]
}

/** Whether `turn` more steps are left. */
const conditionOf = (state: ReadonlyArray<Var>, limit: Var, turn: number): Program => {
  const builder = new ProgramBuilder(avals([limit, ...state]))
  const [most, count] = builder.inputs as readonly [Var, Var]
  const last = turn === 1 ? count : builder.apply("add", {}, count, builder.constant(count.aval, turn - 1))[0]
  return builder.program(builder.apply("lt", {}, last, most))
}

/** A loop that takes `turn` steps at a time, while at least that many are left. */
const loop = (
  builder: ProgramBuilder,
  { params, limit, consts, xs }: Step,
  state: ReadonlyArray<Var>,
  turn: number
): ReadonlyArray<Var> => {
  const arrays = xs.filter((array) => array !== undefined)
  const around = [limit, ...consts, ...arrays]
  const body = new ProgramBuilder(avals([...around, ...state]))
  const [most, ...inside] = body.inputs.slice(0, around.length) as [Var, ...Array<Var>]
  let next = consts.length
  const one: Step = {
    params,
    limit: most,
    consts: inside.slice(0, consts.length),
    xs: xs.map((array) => array && inside[next++])
  }
  let now: ReadonlyArray<Var> = body.inputs.slice(around.length)
  for (let i = 0; i < turn; i++) now = step(body, one, now)
  return builder.add(
    "while",
    {
      condition: conditionOf(state, limit, turn),
      body: body.program(now),
      conditionConsts: 1,
      bodyConsts: around.length,
      max: null,
      checkpoint: "all"
    },
    [limit, ...around, ...state],
    avals(state)
  )
}

const whileOf = (
  { params, outputs }: Equation<"scan">,
  builder: ProgramBuilder,
  inputs: ReadonlyArray<Var>
): ReadonlyArray<Var> => {
  const { length, consts, carry, xs } = scanOperands(params, inputs)
  const stacks = () => avals(outputs.slice(params.carry)).map((aval) => zero(builder, aval))
  if (params.length === 0) return [...carry, ...stacks()]
  const counter = counterOf(params.length)
  const limit = length ?? builder.constant(counter, params.length!)
  const scan = { params, limit, consts, xs }
  const initial = [zero(builder, counter), ...carry, ...stacks()]
  const turn = Math.min(params.unroll, params.length ?? params.unroll)
  const turned = turn > 1 ? loop(builder, scan, initial, turn) : initial
  const even = turn > 1 && length === undefined && params.length! % turn === 0
  return (even ? turned : loop(builder, scan, turned, 1)).slice(1)
}

/**
 * A scan as a loop with a counter, for compilers. Its state is the counter, the carry, and one array for each output,
 * into which each step writes its row. When unrolled, a second loop runs the remaining steps.
 */
export const scans: Pass = {
  name: "scans",
  run: (program, { takes }) => (takes === "program" ? program : rewritten(program, { scan: whileOf }))
}
