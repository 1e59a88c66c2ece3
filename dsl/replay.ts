import { placed } from "./place.ts"
import { apply } from "./primitives/index.ts"
import type { Primitive, Program, Var } from "./program.ts"
import { placesOf } from "./shape.ts"
import type { Value } from "./tensor.ts"
import { programOf } from "./trace.ts"

/** Values of a program's variables while it is walked through. */
export class Environment<T> {
  readonly #values = new Map<Var, T>()

  constructor(variables: ReadonlyArray<Var>, values: ReadonlyArray<T>) {
    this.set(variables, values)
  }

  set(variables: ReadonlyArray<Var>, values: ReadonlyArray<T>): void {
    variables.forEach((variable, i) => {
      this.#values.set(variable, values[i]!)
    })
  }

  get(variables: ReadonlyArray<Var>): ReadonlyArray<T> {
    return variables.map((variable) => this.#values.get(variable)!)
  }
}

/** Applies a program to values: its equations become expressions again. */
export const replay = (program: Program, inputs: ReadonlyArray<Value>): ReadonlyArray<Value> => {
  const values = new Environment(program.inputs, inputs)
  for (const { primitive, params, inputs: operands, outputs } of placed(program.equations)) {
    values.set(outputs, apply<Primitive>(primitive, params, values.get(operands)))
  }
  return values.get(program.outputs)
}

/** The same program taking `consts`, among which is all it had captured, in place of what it had captured. */
export const withConsts = (
  { program, captured }: { readonly program: Program; readonly captured: ReadonlyArray<Value> },
  consts: ReadonlyArray<Value>
): Program => {
  const rest = program.inputs.slice(captured.length).map(({ aval }) => aval)
  const places = placesOf(consts)
  return programOf([...consts, ...rest], (values) => {
    const own = captured.map((each) => values[places.get(each)!]!)
    return replay(program, [...own, ...values.slice(consts.length)])
  })
}
