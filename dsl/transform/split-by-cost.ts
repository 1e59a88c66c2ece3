import { type Edge, minCut } from "../min-cut.ts"
import type { Equation, Program, Var } from "../program.ts"
import { recomputeCost } from "./recompute-cost.ts"
import { cut, earlyOf, type Split } from "./split.ts"

/** Of two ways that cost the same, the one that computes fewer equations again is taken. */
const perEquation = 2 ** -10

/** The known variables that an unknown part, which computes nothing again, reads. */
const readLate = (program: Program, early: ReadonlySet<Equation>, earlyOutputs: number): ReadonlySet<Var> =>
  new Set([
    ...program.outputs.slice(earlyOutputs),
    ...program.equations.flatMap((equation) => (early.has(equation) ? [] : equation.inputs))
  ])

/**
 * As `split`, but the residuals are those that cost least. `keepCost` says what it costs to keep a variable, and
 * `recomputeCost` what it costs to compute one again. A minimum cut finds them (Chen et al. 2016, functorch): the source
 * is what only the known part has, the sink what the unknown part reads.
 */
export const splitByCost = (
  program: Program,
  isKnown: ReadonlyArray<boolean>,
  earlyOutputs: number,
  keepCost: (variable: Var) => number
): Split => {
  const early = earlyOf(program, isKnown)
  const makers = new Map<Var, Equation>()
  for (const equation of early) for (const output of equation.outputs) makers.set(output, equation)
  const knownInputs = new Set(program.inputs.filter((_, i) => isKnown[i]))
  const [source, sink] = [0, 1]
  const edges: Array<Edge> = []
  const nodes = new Map<Var, number>()
  const pending: Array<Var> = []
  let count = 2
  /** The node of a variable that the unknown part would have. The sink is the node of all that it reads. */
  const nodeOf = (variable: Var): number => {
    const known = nodes.get(variable)
    if (known !== undefined) return known
    const node = count++
    nodes.set(variable, node)
    pending.push(variable)
    return node
  }
  for (const variable of readLate(program, early, earlyOutputs)) {
    if (!makers.has(variable) && !knownInputs.has(variable)) continue
    nodes.set(variable, sink)
    pending.push(variable)
  }
  /** For each equation that could be computed again, the node that stands for its operands. */
  const again = new Map<Equation, number>()
  for (let variable = pending.pop(); variable !== undefined; variable = pending.pop()) {
    const keep = keepCost(variable)
    // What is free stays with the sink: nothing leads to it from the source.
    if (keep === 0) continue
    const maker = makers.get(variable)
    const cost = maker === undefined ? Number.POSITIVE_INFINITY : recomputeCost(maker)
    const to = nodes.get(variable)!
    if (maker === undefined || cost === Number.POSITIVE_INFINITY) {
      edges.push({ from: source, to, capacity: keep })
      continue
    }
    const from = count++
    again.set(maker, from)
    edges.push({ from, to, capacity: keep })
    edges.push({ from: source, to: from, capacity: cost + perEquation })
    for (const input of maker.inputs) {
      const node = nodeOf(input)
      if (node !== sink) edges.push({ from: node, to: from, capacity: Number.POSITIVE_INFINITY })
    }
  }
  const isSource = minCut(count, edges, source, sink)
  return cut(program, isKnown, earlyOutputs, (equation) => {
    const node = again.get(equation)
    return early.has(equation) && (node === undefined || isSource[node]!)
  })
}
