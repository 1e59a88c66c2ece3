import { ProgramBuilder } from "../builder.ts"
import { isInteger } from "../dtype.ts"
import { type Held, holderOf } from "../held.ts"
import { type Equation, isEquation, type Params, type Primitive, type Program, type Var } from "../program.ts"
import type { Aval } from "../shape.ts"
import { range } from "../values.ts"
import { Numbering } from "./numbering.ts"
import type { Pass } from "./pass.ts"

/** For each of several things the first that is equal to it, by their places. */
type Classes = ReadonlyArray<number>

const classesOf = (keys: ReadonlyArray<string>): Classes => {
  const first = new Map<string, number>()
  return keys.map((key, i) => {
    if (!first.has(key)) first.set(key, i)
    return first.get(key)!
  })
}

const isFirst = (classes: Classes): ReadonlyArray<boolean> => classes.map((first, i) => first === i)

/** How often the carry is split into finer classes before all its leaves count as different. */
const mostRounds = 8

/** Of integers and booleans. Of floats the order may choose between two NaN, or between the zeros. */
const commutative: ReadonlySet<Primitive> = new Set<Primitive>([
  "add",
  "mul",
  "maximum",
  "minimum",
  "and",
  "or",
  "xor"
])

const commutes = (primitive: Primitive, [x]: ReadonlyArray<Var>): boolean => {
  if (primitive === "eq" || primitive === "ne") return true
  return commutative.has(primitive) && (isInteger(x!.aval.dtype) || x!.aval.dtype === "bool")
}

/** A program without repetition. */
interface Merged {
  readonly program: Program
  /** The number of its inputs and equations. */
  readonly number: number
  readonly effects: boolean
}

/** What takes an equation's place: its kept results, and which of them each of its results is. */
interface Narrowed {
  readonly params: Params[Primitive]
  readonly inputs: ReadonlyArray<Var>
  readonly avals: ReadonlyArray<Aval>
  readonly results: ReadonlyArray<number>
  readonly effects: boolean
}

class Merger {
  readonly #numbering = new Numbering()
  readonly #merged = new WeakMap<Program, Map<string, Merged>>()

  /** A program without repetition, where inputs of one class are one. `whole` keeps all inputs nevertheless. */
  merged(program: Program, classes: Classes, whole: boolean): Merged {
    const known = this.#merged.get(program) ?? new Map<string, Merged>()
    this.#merged.set(program, known)
    const key = `${whole} ${classes.join(" ")}`
    const made = known.get(key) ?? this.#merge(program, classes, whole)
    known.set(key, made)
    return made
  }

  #merge(program: Program, classes: Classes, whole: boolean): Merged {
    const kept = program.inputs.filter((_, i) => whole || classes[i] === i)
    const builder = new ProgramBuilder(kept.map(({ aval }) => aval))
    const here = new Map<Var, Var>(kept.map((input, i) => [input, builder.inputs[i]!]))
    program.inputs.forEach((input, i) => {
      here.set(input, here.get(program.inputs[classes[i]!]!)!)
    })
    const written = new Map<number, ReadonlyArray<Var>>()
    const numbers: Array<number> = []
    let effects = false
    for (const equation of program.equations) {
      const made = this.#narrowed(
        equation,
        equation.inputs.map((input) => here.get(input)!)
      )
      const number = this.#numberOf(equation.primitive, made)
      const known = made.effects ? undefined : written.get(number)
      builder.place = equation.place
      const vars = known ?? builder.add(equation.primitive, made.params, made.inputs, made.avals)
      if (known === undefined) {
        written.set(number, vars)
        numbers.push(number)
      }
      effects ||= made.effects
      equation.outputs.forEach((output, i) => {
        here.set(output, vars[made.results[i]!]!)
      })
    }
    const inputs = this.#numbering.text(builder.inputs.map(({ aval }) => aval))
    return {
      program: builder.program(program.outputs.map((output) => here.get(output)!)),
      number: this.#numbering.of(`program ${inputs} ${numbers.join(" ")}`),
      effects
    }
  }

  #numberOf(primitive: Primitive, { params, inputs }: Narrowed): number {
    const ids = inputs.map(({ id }) => id)
    if (commutes(primitive, inputs)) ids.sort((a, b) => a - b)
    // What people call the carry makes no difference.
    const text = this.#numbering.text("names" in params ? { ...params, names: undefined } : params)
    return this.#numbering.of(`${primitive} ${text} ${ids.join(" ")}`)
  }

  #narrowed(equation: Equation, inputs: ReadonlyArray<Var>): Narrowed {
    const holder = holderOf(equation)
    if (holder === undefined)
      return {
        params: equation.params,
        inputs,
        avals: equation.outputs.map(({ aval }) => aval),
        results: range(equation.outputs.length),
        effects: equation.primitive === "debugPrint"
      }
    const held = holder.held(equation.params, inputs.length)
    const whole = holder.narrowed === null
    const roles = held.map((each, k) => this.#roles(equation, each, k))
    const { classes, entries, programs } = this.#classified(held, roles, inputs, whole)
    const results = this.#resultClasses(equation, held, programs, classes)
    const keepsResult = whole ? results.map(() => true) : isFirst(results)
    const narrow = held.map(({ results, next }, k) => {
      const { program, number } = programs[k]!
      const outputs = program.outputs.filter((_, j) => {
        const result = results[j]
        return result === undefined ? next[j] === undefined : keepsResult[result]
      })
      const made = { ...program, outputs }
      this.#numbering.name(
        made,
        this.#numbering.of(`outputs ${number} ${outputs.map(({ id }) => id).join(" ")}`)
      )
      return made
    })
    const places = new Map(
      results
        .map((_, i) => i)
        .filter((i) => keepsResult[i])
        .map((result, place) => [result, place])
    )
    return {
      params: whole
        ? holder.mapped(equation.params, narrow)
        : holder.narrowed!(equation.params, {
            results: keepsResult,
            inputs: entries.map(isFirst),
            programs: narrow
          }),
      inputs: inputs.filter((_, i) => whole || classes[i] === i),
      avals: equation.outputs.filter((_, i) => keepsResult[i]).map(({ aval }) => aval),
      results: results.map((result) => places.get(result)!),
      effects: programs.some(({ effects }) => effects)
    }
  }

  /** For each input of a held program what it is to the equation. Operands of different roles are never one. */
  #roles(equation: Equation, { program, operands }: Held, k: number): ReadonlyArray<string> {
    if (isEquation(equation, "scan")) {
      const { consts, carry, xs } = equation.params
      return program.inputs.map((_, i) => {
        if (i < consts) return "const"
        return i < consts + carry ? "carry" : this.#numbering.text(xs[i - consts - carry])
      })
    }
    if (isEquation(equation, "while"))
      return operands.map((operand) =>
        operand! < equation.inputs.length - equation.outputs.length ? `const of ${k}` : "carry"
      )
    if (isEquation(equation, "shardMap")) {
      const axes = operands.length - equation.params.in.length
      return operands.map((_, i) =>
        i < axes ? `place ${i}` : this.#numbering.text(equation.params.in[i - axes])
      )
    }
    return operands.map(() => "operand")
  }

  /**
   * Which operands are one, and which inputs of each held program. Leaves of a carry that begin as one are taken to stay
   * one, until a step tells them apart.
   */
  #classified(
    held: ReadonlyArray<Held>,
    roles: ReadonlyArray<ReadonlyArray<string>>,
    inputs: ReadonlyArray<Var>,
    whole: boolean
  ) {
    const keys = inputs.map((_, i) => `${i} alone`)
    held.forEach(({ operands }, k) => {
      operands.forEach((operand, i) => {
        if (operand !== undefined) keys[operand] = `${inputs[operand]!.id} ${roles[k]![i]}`
      })
    })
    let classes = classesOf(keys)
    for (let round = 1; ; round++) {
      const now = classes
      const entries = held.map(({ operands }, k) =>
        classesOf(
          operands.map((operand, i) => (operand === undefined ? roles[k]![i]! : `operand ${now[operand]}`))
        )
      )
      const programs = held.map(({ program }, k) => this.merged(program, entries[k]!, whole))
      const turns = inputs.map(() => "")
      held.forEach(({ next }, k) => {
        next.forEach((operand, j) => {
          if (operand !== undefined)
            turns[operand] = String(round < mostRounds ? programs[k]!.program.outputs[j]!.id : operand)
        })
      })
      classes = classesOf(now.map((first, i) => `${first} ${turns[i]}`))
      if (classes.every((first, i) => first === now[i])) return { classes, entries, programs }
    }
  }

  /** Which results are one: those of one class of the carry, and those that each held program gives as one. */
  #resultClasses(
    equation: Equation,
    held: ReadonlyArray<Held>,
    programs: ReadonlyArray<Merged>,
    classes: Classes
  ): Classes {
    const keys = equation.outputs.map((_, i) =>
      isEquation(equation, "shardMap") ? this.#numbering.text(equation.params.out[i]) : ""
    )
    held.forEach(({ results, next }, k) => {
      results.forEach((result, j) => {
        if (result === undefined) return
        const turn = next[j]
        keys[result] +=
          turn === undefined ? ` ${programs[k]!.program.outputs[j]!.id}` : ` carry ${classes[turn]}`
      })
    })
    return classesOf(keys)
  }
}

/**
 * Makes one equation of those that compute the same from the same. A loop's consts, rows, outputs and leaves of its
 * carry that are always equal become one. What has effects is never merged.
 */
export const common: Pass = {
  name: "common",
  run: (program) => new Merger().merged(program, range(program.inputs.length), true).program
}
