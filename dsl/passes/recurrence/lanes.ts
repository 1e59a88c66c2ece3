import { isInexact } from "../../dtype.ts"
import { arangeElement } from "../../loops/arange-element.ts"
import { counted, type Loop, loopOf, plainLoop, rowsOf, runLoop } from "../../loops/loop.ts"
import { rowsBefore } from "../../loops/rows-before.ts"
import type { ScanParams } from "../../program.ts"
import type { Aval } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import {
  add,
  binary,
  broadcast,
  compare,
  convert,
  filled,
  iota,
  mul,
  range,
  reshape,
  selectEach,
  sliceAxis,
  sub,
  zeros
} from "../../values.ts"
import { AllSteps, aliveOf, rowsOfAll } from "../fission/all-steps.ts"
import { dependents, required, type Step } from "../fission/step.ts"
import type { Component } from "./components.ts"
import { type Form, formOf, type Wider } from "./form.ts"
import { guarded } from "./guarded.ts"
import { joined, laidOut, type Plan } from "./layout.ts"
import { advanced, hasFactor, isLinear, noSteps, withStep } from "./summary.ts"

/** Values in parts as long as some others. */
const parted =
  (like: ReadonlyArray<ReadonlyArray<unknown>>) =>
  (values: ReadonlyArray<Value>): ReadonlyArray<ReadonlyArray<Value>> => {
    let next = 0
    return like.map(({ length }) => {
      next += length
      return values.slice(next - length, next)
    })
  }

/** A scan in lanes. */
class Lanes {
  readonly #params: ScanParams
  readonly #step: Step
  readonly #plan: Plan
  readonly #loop: Loop
  readonly #rows: ReadonlyArray<Value>

  constructor(params: ScanParams, step: Step, plan: Plan, inputs: ReadonlyArray<Value>) {
    this.#params = params
    this.#step = step
    this.#plan = plan
    this.#loop = loopOf(params, inputs)
    this.#rows = this.#loop.xs.flatMap(({ leaf, operand }) =>
      leaf.kind === "rows" ? [laidOut(operand!, plan, params.reverse)] : []
    )
  }

  /** The number of the row that each lane has at a step. */
  #rowsAt(count: Value): Value {
    const { lanes, steps } = this.#plan
    const first = mul(iota([lanes], 0), filled({ dtype: "i32", shape: [lanes] }, steps))
    const number = add(first, broadcast(count, [lanes], []))
    return this.#loop.reverse ? sub(filled(number, this.#loop.length! - 1), number) : number
  }

  /** Which lanes still have a step; undefined where all have. */
  #alive(row: Value): Value | undefined {
    const { lanes, steps } = this.#plan
    const { length, traced } = this.#loop
    if (traced === undefined && lanes * steps === length) return undefined
    const limit = traced === undefined ? filled(row, length!) : broadcast(traced, [lanes], [])
    return binary("and", compare("ge", row, filled(row, 0)), compare("lt", row, limit))
  }

  /** What is known at a step of all lanes: consts, rows, and the leaves that are given. */
  #known(leaves: ReadonlyArray<number>, state: ReadonlyArray<Value>, row: Value, rows: ReadonlyArray<Value>) {
    const all = new AllSteps(this.#plan.lanes)
    this.#step.consts.forEach((variable, i) => {
      all.set(variable, { value: this.#loop.consts[i]!, varies: false })
    })
    let next = 0
    this.#loop.xs.forEach(({ leaf, operand }, i) => {
      const value = leaf.kind === "rows" ? rows[next++]! : arangeElement(leaf, operand, row)
      all.set(this.#step.rows[i]!, { value, varies: true })
    })
    leaves.forEach((leaf, i) => {
      all.set(this.#step.carry[leaf]!, { value: state[i]!, varies: true })
    })
    return all
  }

  #run(
    carry: ReadonlyArray<Value>,
    step: (
      state: ReadonlyArray<Value>,
      row: Value,
      rows: ReadonlyArray<Value>
    ) => {
      carry: ReadonlyArray<Value>
      ys: ReadonlyArray<Value>
    }
  ) {
    return runLoop(
      plainLoop(this.#plan.steps),
      { consts: [], carry, xs: [counted, ...this.#rows.map(rowsOf)] },
      (_, state, [count, ...rows]) => step(state, this.#rowsAt(count!), rows)
    )
  }

  /** The next values of leaves that are known, in lanes that still have a step. */
  #next(all: AllSteps, leaves: ReadonlyArray<number>, state: ReadonlyArray<Value>, alive: Value | undefined) {
    const next = leaves.map((leaf) => this.#step.next[leaf]!)
    all.compute(this.#step.body.equations, next)
    return next.map((variable, i) => {
      const wide = rowsOfAll(all.get(variable), this.#plan.lanes)
      return alive === undefined ? wide : selectEach(alive, wide, state[i]!)
    })
  }

  /**
   * For the leaves of a level, their values before each lane and at the end. Where `keeps` says so, also the summaries
   * after each step.
   */
  starts(level: ReadonlyArray<Component>, known: ReadonlyMap<number, Value>, keeps: boolean) {
    const { lanes, once } = this.#plan
    const wider = once ? {} : this.#plan.wider
    const leaves = [...known.keys()]
    const own = level.flat()
    const carried = own.map((leaf) => this.#step.carry[leaf]!)
    const unknown = dependents(
      this.#step.body,
      this.#step.carry.filter((_, leaf) => !known.has(leaf))
    )
    const equations = this.#step.body.equations.filter(
      ({ outputs }) => !outputs.some((each) => unknown.has(each))
    )
    const plain = [
      ...this.#step.body.equations.flatMap(({ inputs }) => inputs),
      ...own.map((leaf) => this.#step.next[leaf]!)
    ].filter((variable) => !unknown.has(variable))
    const formsOf = (all: AllSteps): ReadonlyArray<Form> => {
      all.compute(equations, plain)
      return level.map((component) => formOf(this.#step, component, all, this.#params, wider)!)
    }
    // The forms' kinds are the same at each step: those of a step that is not run say how a summary begins.
    const sample = this.#known(
      leaves,
      [...known.values()],
      this.#rowsAt(filled({ dtype: "i32", shape: [] }, 0)),
      this.#rows.map((rows) => reshape(sliceAxis(rows, 0, 0, 1), rows.shape.slice(1)))
    )
    const forms = formsOf(sample)
    const widened = (by: Wider): ReadonlyArray<ReadonlyArray<Aval>> =>
      level.map((component, i) =>
        component.map((leaf) => {
          const { dtype, shape } = this.#step.carry[leaf]!.aval
          return { dtype: isLinear(forms[i]!) ? (by[dtype] ?? dtype) : dtype, shape }
        })
      )
    const working = widened(this.#plan.wider)
    const none = widened(wider).map(([aval], i) => noSteps(forms[i]!, aval!, lanes))
    const split = parted(none)
    const leavesOf = parted(level)
    const { carry, ys: running } = this.#run([...known.values(), ...none.flat()], (state, row, rows) => {
      const alive = this.#alive(row)
      const all = this.#known(leaves, state.slice(0, leaves.length), row, rows)
      const now = formsOf(all)
      const before = split(state.slice(leaves.length))
      const after = now.flatMap((form, i) => withStep(form, before[i]!, lanes, alive))
      return { carry: [...this.#next(all, leaves, state, alive), ...after], ys: keeps ? after : [] }
    })
    const summaries = carry.slice(leaves.length)
    const { carry: last, ys: starts } = runLoop(
      plainLoop(lanes),
      {
        consts: [],
        carry: own.map((leaf, i) => convert(this.#loop.carry[leaf]!, working.flat()[i]!.dtype)),
        xs: summaries.map(rowsOf)
      },
      (_, state, rows) => {
        const [each, before] = [split(rows), leavesOf(state)]
        return { carry: forms.flatMap((form, i) => advanced(form, each[i]!, before[i]!)), ys: state }
      }
    )
    const rounded = last.map((value, i) => convert(value, carried[i]!.aval.dtype))
    return { last: rounded, starts, forms, running, summaries }
  }

  /**
   * The outputs, where each leaf's running summaries are known: a leaf after a step is its lane's start combined with
   * the summary. What else the outputs need is computed of that, for all steps at once.
   */
  outputsOf(forms: ReadonlyArray<Form>, starts: ReadonlyArray<Value>, running: ReadonlyArray<Value>) {
    const step = this.#step
    const { length, reverse } = this.#loop
    const all = AllSteps.of(step, this.#loop)
    const needed = required(step.body, step.ys)
    forms.forEach((form, leaf) => {
      const stack = running[leaf]!
      const before = broadcast(starts[leaf]!, stack.shape, range(starts[leaf]!.shape.length, 1))
      const [own, next] = [step.carry[leaf]!, step.next[leaf]!]
      const each = convert(advanced(form, [stack], [before])[0]!, own.aval.dtype)
      const after = joined(each, this.#plan, length!, reverse)
      all.set(next, { value: after, varies: true })
      if (!needed.has(own)) return
      all.set(own, { value: rowsBefore(after, this.#loop.carry[leaf]!, reverse), varies: true })
    })
    all.compute(step.body.equations, step.ys)
    const alive = aliveOf(this.#loop)
    return step.ys.map((variable) => {
      const rows = rowsOfAll(all.get(variable), length!)
      return alive === undefined ? rows : selectEach(alive, rows, zeros(rows))
    })
  }

  /** The outputs, by the steps of all lanes from their starts. */
  outputs(starts: ReadonlyMap<number, Value>): ReadonlyArray<Value> {
    if (this.#step.ys.length === 0) return []
    const { lanes } = this.#plan
    const { length, reverse } = this.#loop
    const leaves = [...starts.keys()]
    const { ys } = this.#run([...starts.values()], (state, row, rows) => {
      const alive = this.#alive(row)
      const all = this.#known(leaves, state, row, rows)
      const carry = this.#next(all, leaves, state, alive)
      all.compute(this.#step.body.equations, this.#step.ys)
      const outputs = this.#step.ys.map((variable) => {
        const wide = rowsOfAll(all.get(variable), lanes)
        return alive === undefined ? wide : selectEach(alive, wide, zeros(wide))
      })
      return { carry, ys: outputs }
    })
    return ys.map((stack) => joined(stack, this.#plan, length!, reverse))
  }
}

/** Runs a scan in lanes: first what each lane does to the carry, then the carry before each lane, then the steps. */
export const inLanes = (
  params: ScanParams,
  step: Step,
  plan: Plan,
  inputs: ReadonlyArray<Value>
): ReadonlyArray<Value> => {
  const scan = new Lanes(params, step, plan, inputs)
  if (plan.once) {
    const { last, starts, forms, running } = scan.starts(plan.levels[0]!, new Map(), step.ys.length > 0)
    return [...last, ...(step.ys.length === 0 ? [] : scan.outputsOf(forms, starts, running))]
  }
  const starts = new Map<number, Value>()
  const last = new Map<number, Value>()
  const factors: Array<Value> = []
  for (const level of plan.levels) {
    const made = scan.starts(level, starts, false)
    level.flat().forEach((leaf, i) => {
      starts.set(leaf, convert(made.starts[i]!, step.carry[leaf]!.aval.dtype))
      last.set(leaf, made.last[i]!)
    })
    if (made.forms.some(hasFactor)) factors.push(...made.summaries.filter(({ dtype }) => isInexact(dtype)))
    // An effect has factors of zero where steps have none: with those, what is infinite in a leaf reaches others.
    if (made.forms.some(({ kind }) => kind === "coupled"))
      factors.push(...made.starts.filter(({ dtype }) => isInexact(dtype)))
  }
  const leaves = [...starts.keys()]
  const known = [...starts.values(), ...range(params.carry).map((leaf) => last.get(leaf)!)]
  return guarded(params, inputs, factors, known, (given, values) => [
    ...values.slice(leaves.length),
    ...new Lanes(params, step, plan, given).outputs(new Map(leaves.map((leaf, i) => [leaf, values[i]!])))
  ])
}
