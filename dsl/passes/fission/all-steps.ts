import type { Loop, LoopSource } from "../../loops/loop.ts"
import { placed } from "../../place.ts"
import { apply } from "../../primitives/index.ts"
import type { Equation, Primitive, Var } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { batch } from "../../transform/batch.ts"
import { repeated } from "../../transform/batching/batch-rule.ts"
import { broadcast, compare, iota } from "../../values.ts"
import { neededFor, type Step } from "./step.ts"

/** A variable of a step for all steps: an array whose first axis is the steps, or the one value that all share. */
export interface Stacked {
  readonly value: Value
  readonly varies: boolean
}

/** A variable of so many steps as an array, also where they all share its value. */
export const rowsOfAll = ({ value, varies }: Stacked, steps: number): Value =>
  varies ? value : repeated(value, steps)

/** Which rows a traced length leaves; undefined where it leaves all. */
export const aliveOf = ({ traced, length }: Loop): Value | undefined =>
  traced && compare("lt", iota([length!], 0), broadcast(traced, [length!], []))

/** The rows of a leaf of xs, as an array. */
export const arrayOf = ({ leaf, operand }: LoopSource, length: number): Value => {
  if (leaf.kind === "rows") return operand!
  const { dtype, start, step } = leaf
  return apply("arange", { dtype, start, step, length }, operand === undefined ? [] : [operand])[0]!
}

/** The variables of a step for many steps at once: for all of them outside the loop, or for one of each lane. */
export class AllSteps {
  readonly #known = new Map<Var, Stacked>()
  /** Rows are arrays only where they are asked for: a range may be longer than an array. */
  readonly #rows = new Map<Var, LoopSource>()
  readonly length: number

  constructor(length: number) {
    this.length = length
  }

  /** The steps of a whole loop. */
  static of(step: Step, loop: Loop): AllSteps {
    const all = new AllSteps(loop.length!)
    step.consts.forEach((variable, i) => {
      all.set(variable, { value: loop.consts[i]!, varies: false })
    })
    step.rows.forEach((variable, i) => {
      all.#rows.set(variable, loop.xs[i]!)
    })
    return all
  }

  set(variable: Var, stacked: Stacked): void {
    this.#known.set(variable, stacked)
  }

  get(variable: Var): Stacked {
    const row = this.#rows.get(variable)
    if (row !== undefined && !this.#known.has(variable))
      this.set(variable, { value: arrayOf(row, this.length), varies: true })
    return this.#known.get(variable)!
  }

  /** Computes what some variables need, by these equations, which are in order. */
  compute(equations: ReadonlyArray<Equation>, wanted: Iterable<Var>): void {
    for (const equation of placed(neededFor(equations, wanted, this.#known))) this.#run(equation)
  }

  #run(equation: Equation): void {
    const { primitive, params, outputs } = equation
    const inputs = [...new Set(equation.inputs)]
    const given = inputs.map((input) => this.get(input))
    const values = given.map(({ value }) => value)
    const batched = given.map(({ varies }) => varies)
    const made = batched.some(Boolean)
      ? batch({ inputs, equations: [equation], outputs }, { values, batched }, this.length)
      : {
          values: apply<Primitive>(
            primitive,
            params,
            equation.inputs.map((input) => this.get(input).value)
          ),
          batched: outputs.map(() => false)
        }
    outputs.forEach((output, i) => {
      this.set(output, { value: made.values[i]!, varies: made.batched[i]! })
    })
  }
}
