import { ProgramBuilder } from "../builder.ts"
import { type Held, hasEffect, holderOf } from "../held.ts"
import { scanOperands } from "../primitives/scan.ts"
import { type Equation, isEquation, type Program, type Var } from "../program.ts"
import type { Aval } from "../shape.ts"
import { foldedTo, isFoldable } from "./folding.ts"
import { identities, type Made, type Term } from "./identities.ts"
import { constantOf, type Known, knownConstant, mostElements, spread, weightOf } from "./known.ts"
import type { Pass, Target } from "./pass.ts"
import { prune } from "./prune.ts"

/** A program that is folded, and what is known of its outputs. */
interface Folded {
  readonly program: Program
  readonly outputs: ReadonlyArray<Known | undefined>
}

/** What all programs share in which one pass folds. */
class Folding {
  readonly target: Target
  changed = false
  /** How many numbers may be added to what the program holds. */
  spare = mostElements

  constructor(target: Target) {
    this.target = target
  }

  /** A program whose inputs are known where `given` says so. One in which nothing changes is given back as it is. */
  folded(program: Program, given: ReadonlyArray<Known | undefined>): Folded {
    const before = this.changed
    this.changed = given.some((known) => known !== undefined)
    const writer = new Writer(this, program.inputs)
    const terms = program.inputs.map(({ aval }, i) => writer.input(aval, i, given[i]))
    const outputs = writer.write(program, terms)
    const made = writer.program(outputs)
    const result = this.changed ? made : program
    this.changed ||= before
    return { program: result, outputs: outputs.map(({ known }) => known) }
  }
}

const uses = (program: Program): ReadonlyMap<Var, number> => {
  const counts = new Map<Var, number>()
  const count = (variable: Var) => counts.set(variable, (counts.get(variable) ?? 0) + 1)
  for (const { inputs } of program.equations) for (const input of inputs) count(input)
  for (const output of program.outputs) count(output)
  return counts
}

/** Writes one program. A constant is written where it is first used, so those that nothing uses are not. */
class Writer {
  readonly #folding: Folding
  readonly #builder: ProgramBuilder
  readonly #vars = new Map<Term, Var>()
  /** Terms that more than one variable of the program stands for. */
  readonly #shared = new Set<Term>()

  constructor(folding: Folding, inputs: ReadonlyArray<Var>) {
    this.#folding = folding
    this.#builder = new ProgramBuilder(inputs.map(({ aval }) => aval))
  }

  input(aval: Aval, i: number, known: Known | undefined): Term {
    if (known !== undefined) return { aval, known }
    const term = { aval }
    this.#vars.set(term, this.#builder.inputs[i]!)
    return term
  }

  program(outputs: ReadonlyArray<Term>): Program {
    return this.#builder.program(outputs.map((output) => this.#use(output)))
  }

  /** Writes the equations of a program, whose inputs are the terms given. */
  write(program: Program, inputs: ReadonlyArray<Term>): ReadonlyArray<Term> {
    const here = new Map<Var, Term>(program.inputs.map((input, i) => [input, inputs[i]!]))
    const counts = uses(program)
    const around = this.#builder.place
    for (const equation of program.equations) {
      this.#builder.place = equation.place ?? around
      const operands = equation.inputs.map((input) => here.get(input)!)
      const results = this.#equation(equation, operands, counts)
      equation.outputs.forEach((output, i) => {
        here.set(output, results[i]!)
      })
    }
    this.#builder.place = around
    return program.outputs.map((output) => here.get(output)!)
  }

  #use(term: Term): Var {
    const known = this.#vars.get(term)
    if (known !== undefined) return known
    const [made] = this.#builder.apply("constant", constantOf(term.known!))
    this.#vars.set(term, made)
    return made
  }

  #add(equation: Equation, inputs: ReadonlyArray<Term>): ReadonlyArray<Term> {
    const { primitive, params, outputs } = equation
    const operands = inputs.map((input) => this.#use(input))
    const avals = outputs.map(({ aval }) => aval)
    const made = outputs.length === 1 ? { made: { primitive, params, inputs } } : {}
    return this.#builder.add(primitive, params, operands, avals).map((variable) => {
      const term: Term = { aval: variable.aval, ...made }
      this.#vars.set(term, variable)
      return term
    })
  }

  #equation(
    equation: Equation,
    inputs: ReadonlyArray<Term>,
    counts: ReadonlyMap<Var, number>
  ): ReadonlyArray<Term> {
    if (isEquation(equation, "constant")) {
      const known = knownConstant(equation.params)
      return known === undefined ? this.#add(equation, inputs) : [{ aval: known.aval, known }]
    }
    if (holderOf(equation) !== undefined) return this.#holding(equation, inputs)
    const [output] = equation.outputs
    if (equation.outputs.length !== 1) return this.#add(equation, inputs)
    const simple = this.#simplified({ ...equation, inputs }, output!.aval)
    if (!("primitive" in simple)) {
      this.#shared.add(simple)
      return [simple]
    }
    const known = this.#computed(simple, equation, inputs, counts)
    if (known !== undefined) return [{ aval: known.aval, known }]
    return this.#add({ ...equation, primitive: simple.primitive, params: simple.params }, simple.inputs)
  }

  #simplified(made: Made, aval: Aval): Term | Made {
    let now = made
    for (;;) {
      const identity = identities[now.primitive] as
        | ((made: Made, aval: Aval) => Term | Made | undefined)
        | undefined
      const next = identity?.(now, aval)
      if (next === undefined) return now
      this.#folding.changed = true
      if (!("primitive" in next)) return next
      now = next
    }
  }

  #computed(
    { primitive, params, inputs }: Made,
    equation: Equation,
    operands: ReadonlyArray<Term>,
    counts: ReadonlyMap<Var, number>
  ): Known | undefined {
    if (!isFoldable(primitive)) return undefined
    const known = inputs.flatMap((input) => input.known ?? [])
    if (known.length < inputs.length) return undefined
    const folding = this.#folding
    const result = foldedTo(primitive, params, known, equation.outputs[0]!.aval, folding.target)
    if (result === undefined) return undefined
    const needed = weightOf(result) - this.#freed(equation, operands, counts)
    if (needed > folding.spare) return undefined
    folding.spare -= needed
    folding.changed = true
    return result
  }

  /** How many numbers nothing else uses. */
  #freed(equation: Equation, operands: ReadonlyArray<Term>, counts: ReadonlyMap<Var, number>): number {
    return operands.reduce((sum, { known }, i) => {
      const only =
        known !== undefined && counts.get(equation.inputs[i]!) === 1 && !this.#shared.has(operands[i]!)
      return only ? sum + weightOf(known) : sum
    }, 0)
  }

  #holding(equation: Equation, inputs: ReadonlyArray<Term>): ReadonlyArray<Term> {
    const inlined = this.#inlined(equation, inputs)
    if (inlined !== undefined) {
      this.#folding.changed = true
      for (const term of [...inputs, ...inlined]) this.#shared.add(term)
      return inlined
    }
    const holder = holderOf(equation)!
    const held = holder.held(equation.params, inputs.length)
    const given = knownInside(equation, held, inputs)
    const made = held.map(({ program }, k) => this.#folding.folded(program, given[k]!))
    if (isEquation(equation, "while") && made[0]!.outputs[0]?.data[0] === false && !hasEffect(equation)) {
      this.#folding.changed = true
      return inputs.slice(inputs.length - equation.outputs.length)
    }
    if (made.every(({ program }, k) => program === held[k]!.program)) return this.#add(equation, inputs)
    const params = holder.mapped(
      equation.params,
      made.map(({ program }) => program)
    )
    return this.#add({ ...equation, params }, inputs)
  }

  /** The results of a branch that is known, and of a loop that takes no step. */
  #inlined(equation: Equation, inputs: ReadonlyArray<Term>): ReadonlyArray<Term> | undefined {
    if (isEquation(equation, "switch")) {
      const index = inputs[0]!.known
      if (index === undefined) return undefined
      const { branches } = equation.params
      const chosen = branches[Number(index.data[0])] ?? branches.at(-1)!
      for (const term of inputs) this.#shared.add(term)
      return this.write(chosen, inputs.slice(1))
    }
    if (isEquation(equation, "while") && equation.params.max === 0 && !hasEffect(equation))
      return inputs.slice(inputs.length - equation.outputs.length)
    if (!isEquation(equation, "scan") || equation.params.length !== 0) return undefined
    const { carry } = scanOperands(equation.params, inputs)
    return [...carry, ...equation.outputs.slice(carry.length).map(({ aval }) => this.#zeros(aval))]
  }

  #zeros(aval: Aval): Term {
    const params = { aval, value: aval.dtype === "bool" ? false : 0 }
    const known = knownConstant(params)
    if (known !== undefined) return { aval, known }
    const term = { aval }
    this.#vars.set(term, this.#builder.apply("constant", params)[0])
    return term
  }
}

/** Whether an input is the element of a range, whose operand is the start. */
const isRange = (equation: Equation, input: number): boolean => {
  if (!isEquation(equation, "scan")) return false
  const { consts, carry, xs } = equation.params
  return xs[input - consts - carry]?.kind === "arange"
}

/** What is known of the inputs of each held program: what the equation hands on, or by rows, is the same everywhere. */
const knownInside = (
  equation: Equation,
  held: ReadonlyArray<Held>,
  inputs: ReadonlyArray<Term>
): ReadonlyArray<ReadonlyArray<Known | undefined>> => {
  const carried = new Set(held.flatMap(({ next }) => next))
  return held.map(({ program, operands }) =>
    program.inputs.map(({ aval }, i) => {
      const operand = operands[i]
      if (operand === undefined || carried.has(operand) || isEquation(equation, "shardMap")) return undefined
      const known = inputs[operand]!.known
      return known?.uniform && known.aval.dtype === aval.dtype && !isRange(equation, i)
        ? spread(known, aval)
        : undefined
    })
  )
}

/**
 * Computes what depends on small constants alone, where every device gives the same bits. Leaves out operations that
 * change nothing, loops that take no step, and branches that are never taken.
 */
export const fold: Pass = {
  name: "fold",
  run: (program, target) => {
    const { program: folded } = new Folding(target).folded(
      program,
      program.inputs.map(() => undefined)
    )
    return folded === program ? program : prune.run(folded)
  }
}
