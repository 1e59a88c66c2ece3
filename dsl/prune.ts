import { type Equation, isEquation, type Program, type Var } from "./program.ts"

/** A program of these equations, its variables numbered anew in order of definition. */
export const renumbered = (
  inputs: ReadonlyArray<Var>,
  equations: ReadonlyArray<Equation>,
  outputs: ReadonlyArray<Var>
): Program => {
  const fresh = new Map<Var, Var>()
  const define = (variable: Var): Var => {
    const made = { id: fresh.size, aval: variable.aval }
    fresh.set(variable, made)
    return made
  }
  const use = (variable: Var): Var => fresh.get(variable)!
  return {
    inputs: inputs.map(define),
    equations: equations.map((equation) => ({
      ...equation,
      inputs: equation.inputs.map(use),
      outputs: equation.outputs.map(define)
    })),
    outputs: outputs.map(use)
  }
}

/** The program with only those outputs for which `keep` holds, and without what the others alone needed. */
const only = (program: Program, keep: (output: number) => boolean): Program =>
  prune({ ...program, outputs: program.outputs.filter((_, i) => keep(i)) })

/** An equation without the results that nothing uses, where it holds programs that may leave them out. */
const pruned = (equation: Equation, used: (output: Var) => boolean): Equation => {
  const { outputs } = equation
  if (isEquation(equation, "scan")) {
    // The carry runs on from step to step, so all of it stays.
    const keep = (i: number) => i < equation.params.carry || used(outputs[i]!)
    const params = { ...equation.params, body: only(equation.params.body, keep) }
    return { ...equation, params, outputs: outputs.filter((_, i) => keep(i)) } as Equation
  }
  if (isEquation(equation, "switch")) {
    const keep = (i: number) => used(outputs[i]!)
    const branches = equation.params.branches.map((branch) => only(branch, keep))
    return { ...equation, params: { branches }, outputs: outputs.filter((_, i) => keep(i)) } as Equation
  }
  if (isEquation(equation, "shardMap")) {
    const keep = (i: number) => used(outputs[i]!)
    const { params } = equation
    const out = params.out.filter((_, i) => keep(i))
    return {
      ...equation,
      params: { ...params, out, body: only(params.body, keep) },
      outputs: outputs.filter((_, i) => keep(i))
    } as Equation
  }
  if (isEquation(equation, "while")) {
    const { condition, body } = equation.params
    return {
      ...equation,
      params: { ...equation.params, condition: prune(condition), body: prune(body) }
    } as Equation
  }
  return equation
}

/** Leaves out equations, and stacked outputs of scans and results of branches, that no output needs. */
export const prune = (program: Program): Program => {
  const needed = new Set(program.outputs)
  const kept: Array<Equation> = []
  for (const equation of [...program.equations].reverse()) {
    if (!equation.outputs.some((output) => needed.has(output))) continue
    kept.push(pruned(equation, (output) => needed.has(output)))
    for (const input of equation.inputs) needed.add(input)
  }
  return renumbered(program.inputs, kept.reverse(), program.outputs)
}
