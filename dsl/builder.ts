import { rules } from "./primitives/index.ts"
import type { Rule } from "./primitives/rule.ts"
import type { Equation, Params, Primitive, Program, Scalar, Var } from "./program.ts"
import type { Aval } from "./shape.ts"

/**
 * Writes a Program equation by equation. Passes use it where they change a Program that is traced already: unlike a
 * replay of values, it keeps equations that only have effects.
 */
export class ProgramBuilder {
  readonly inputs: ReadonlyArray<Var>
  /** The place of what is written now. */
  place: string | undefined
  readonly #equations: Array<Equation> = []
  readonly #makers = new Map<Var, Equation>()
  #count = 0

  constructor(avals: ReadonlyArray<Aval>) {
    this.inputs = avals.map((aval) => this.#define(aval))
  }

  #define(aval: Aval): Var {
    return { id: this.#count++, aval }
  }

  /** Adds an equation whose results have the types that are given. */
  add<P extends Primitive>(
    primitive: P,
    params: Params[P],
    inputs: ReadonlyArray<Var>,
    avals: ReadonlyArray<Aval>
  ): ReadonlyArray<Var> {
    const outputs = avals.map((aval) => this.#define(aval))
    const made = { primitive, params, inputs, outputs } as Equation
    const equation = this.place === undefined ? made : { ...made, place: this.place }
    this.#equations.push(equation)
    for (const output of outputs) this.#makers.set(output, equation)
    return outputs
  }

  /** The equation that makes a variable; undefined for an input. */
  makerOf(variable: Var): Equation | undefined {
    return this.#makers.get(variable)
  }

  /** Adds an equation with one result or more, of the types that its primitive's rule infers. */
  apply<P extends Primitive>(
    primitive: P,
    params: Params[P],
    ...inputs: ReadonlyArray<Var>
  ): readonly [Var, ...Array<Var>] {
    const rule = rules[primitive] as Rule<P>
    const avals = rule.infer(
      inputs.map(({ aval }) => aval),
      params
    )
    return this.add(primitive, params, inputs, avals) as readonly [Var, ...Array<Var>]
  }

  /** Adds an array whose elements are all the same number. */
  constant(aval: Aval, value: Scalar): Var {
    return this.apply("constant", { aval, value })[0]
  }

  /** Adds a program's equations; gives what its outputs are here. */
  inline(program: Program, inputs: ReadonlyArray<Var>): ReadonlyArray<Var> {
    const here = new Map<Var, Var>(program.inputs.map((input, i) => [input, inputs[i]!]))
    const use = (variable: Var): Var => here.get(variable)!
    const around = this.place
    for (const { primitive, params, inputs, outputs, place } of program.equations) {
      this.place = place ?? around
      const avals = outputs.map(({ aval }) => aval)
      const made = this.add<Primitive>(primitive, params, inputs.map(use), avals)
      outputs.forEach((output, i) => {
        here.set(output, made[i]!)
      })
    }
    this.place = around
    return program.outputs.map(use)
  }

  /** The program so far, with these outputs. */
  program(outputs: ReadonlyArray<Var>): Program {
    return { inputs: this.inputs, equations: this.#equations, outputs }
  }
}

/** A program of these equations, its variables numbered anew in order of definition. */
export const renumbered = (
  inputs: ReadonlyArray<Var>,
  equations: ReadonlyArray<Equation>,
  outputs: ReadonlyArray<Var>
): Program => {
  const builder = new ProgramBuilder(inputs.map(({ aval }) => aval))
  return builder.program(builder.inline({ inputs, equations, outputs }, builder.inputs))
}
