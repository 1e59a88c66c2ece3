import { ProgramBuilder } from "../builder.ts"
import { isInteger } from "../dtype.ts"
import { holderOf } from "../held.ts"
import { whileOperands } from "../primitives/control.ts"
import { scanOperands } from "../primitives/scan.ts"
import { type Equation, isEquation, type Program, type Var } from "../program.ts"
import { sameAval, sizeOf } from "../shape.ts"
import { elementwise } from "./elementwise.ts"
import type { Pass } from "./pass.ts"
import { prune } from "./prune.ts"

/** What a loop's consts are to the programs that it holds: for each program how many of its first inputs are consts. */
const constCounts = (equation: Equation): ReadonlyArray<number> | undefined => {
  if (isEquation(equation, "scan")) return [equation.params.consts]
  if (isEquation(equation, "while")) return [equation.params.conditionConsts, equation.params.bodyConsts]
  return undefined
}

class Sinking {
  changed = false
  readonly #fused = new WeakMap<Program, ReadonlyArray<boolean>>()

  /** Which inputs of a program only element by element operations use, in it and in its loops. */
  fused(program: Program): ReadonlyArray<boolean> {
    const known = this.#fused.get(program)
    if (known !== undefined) return known
    const stored = new Set(program.outputs)
    for (const equation of program.equations) {
      // Compilers compute the operands of these element by element with them, and store no array for a broadcast.
      if (elementwise.has(equation.primitive)) continue
      const counts = constCounts(equation)
      const held = counts && holderOf(equation)!.held(equation.params, equation.inputs.length)
      const sinks = new Set<number>()
      held?.forEach(({ program: inner, operands }, k) => {
        const fused = this.fused(inner)
        for (let i = 0; i < counts![k]!; i++) if (fused[i]) sinks.add(operands[i]!)
      })
      equation.inputs.forEach((input, i) => {
        if (!sinks.has(i)) stored.add(input)
      })
    }
    const answer = program.inputs.map((input) => !stored.has(input))
    this.#fused.set(program, answer)
    return answer
  }

  /** Writes a program's equations, whose inputs are given; gives its outputs. */
  write(
    program: Program,
    builder: ProgramBuilder,
    inputs: ReadonlyArray<Var>,
    cheap: Map<Var, Equation>
  ): ReadonlyArray<Var> {
    const here = new Map<Var, Var>(program.inputs.map((input, i) => [input, inputs[i]!]))
    const use = (variable: Var): Var => here.get(variable)!
    for (const equation of program.equations) {
      builder.place = equation.place
      const operands = equation.inputs.map(use)
      const own = this.#rowsOnce({ ...equation, inputs: operands }, builder, cheap)
      const { primitive, params, inputs } = this.#loop(own, cheap)
      const outputs = builder.add(
        primitive,
        params,
        inputs,
        equation.outputs.map(({ aval }) => aval)
      )
      if (isCheap(equation)) cheap.set(outputs[0]!, { ...equation, inputs: operands, outputs })
      equation.outputs.forEach((output, i) => {
        here.set(output, outputs[i]!)
      })
    }
    return program.outputs.map(use)
  }

  /** A scan takes as a const what it would take as rows that are all the same. */
  #rowsOnce(equation: Equation, builder: ProgramBuilder, cheap: Map<Var, Equation>): Equation {
    if (!isEquation(equation, "scan")) return equation
    const { params } = equation
    const { length, consts, carry, xs } = scanOperands(params, equation.inputs)
    const same = xs.map((operand, i) =>
      params.xs[i]!.kind === "rows" ? repeatedRow(operand!, builder, cheap) : undefined
    )
    if (same.every((row) => row === undefined)) return equation
    this.changed = true
    const [first, last] = [consts.length, consts.length + carry.length]
    const entries = params.body.inputs
    const rows = entries.slice(last)
    const inputs = [
      ...entries.slice(0, first),
      ...rows.filter((_, i) => same[i] !== undefined),
      ...entries.slice(first, last),
      ...rows.filter((_, i) => same[i] === undefined)
    ]
    const once = same.filter((row) => row !== undefined)
    return {
      ...equation,
      params: {
        ...params,
        consts: first + once.length,
        xs: params.xs.filter((_, i) => same[i] === undefined),
        body: { ...params.body, inputs }
      },
      inputs: [
        ...(length === undefined ? [] : [length]),
        ...consts,
        ...once,
        ...carry,
        ...xs.filter((operand, i) => operand !== undefined && same[i] === undefined)
      ]
    } as Equation
  }

  /** An equation whose loops make for themselves what is cheap to make. */
  #loop(equation: Equation, cheap: ReadonlyMap<Var, Equation>): Equation {
    if (isEquation(equation, "scan")) {
      const { params, inputs } = equation
      const { length, consts } = scanOperands(params, inputs)
      const made = this.#body(params.body, consts, cheap)
      const rest = inputs.slice((length === undefined ? 0 : 1) + consts.length)
      return {
        ...equation,
        params: { ...params, body: made.program, consts: made.consts.length },
        inputs: [...(length === undefined ? [] : [length]), ...made.consts, ...rest]
      } as Equation
    }
    if (isEquation(equation, "while")) {
      const { params, inputs } = equation
      const { conditionConsts, bodyConsts, carry } = whileOperands(params, inputs)
      const condition = this.#body(params.condition, conditionConsts, cheap)
      const body = this.#body(params.body, bodyConsts, cheap)
      return {
        ...equation,
        params: {
          ...params,
          condition: condition.program,
          body: body.program,
          conditionConsts: condition.consts.length,
          bodyConsts: body.consts.length
        },
        inputs: [...condition.consts, ...body.consts, ...carry]
      } as Equation
    }
    const holder = holderOf(equation)
    if (holder === undefined) return equation
    const programs = holder
      .held(equation.params, equation.inputs.length)
      .map(({ program }) => this.program(program))
    return { ...equation, params: holder.mapped(equation.params, programs) }
  }

  /** A loop's program whose first inputs are `consts`, and the consts that are left to it. */
  #body(program: Program, consts: ReadonlyArray<Var>, cheap: ReadonlyMap<Var, Equation>) {
    const fused = this.fused(program)
    const left = new Set(consts.filter((operand, i) => !(fused[i]! && cheap.has(operand))))
    /** What is made inside of what comes from outside. */
    const leave = (operand: Var): void => {
      const made = left.has(operand) ? undefined : cheap.get(operand)
      if (made === undefined) left.add(operand)
      else for (const input of made.inputs) leave(input)
    }
    for (const operand of consts) leave(operand)
    const kept = [...left]
    const rest = program.inputs.slice(consts.length).map(({ aval }) => aval)
    const builder = new ProgramBuilder([...kept.map(({ aval }) => aval), ...rest])
    const inside = new Map<Var, Var>(kept.map((operand, i) => [operand, builder.inputs[i]!]))
    const inner = new Map<Var, Equation>()
    const make = (operand: Var): Var => {
      const known = inside.get(operand)
      if (known !== undefined) return known
      this.changed = true
      const made = cheap.get(operand)!
      const inputs = made.inputs.map(make)
      builder.place = made.place
      const outputs = builder.add(made.primitive, made.params, inputs, [operand.aval])
      inner.set(outputs[0]!, { ...made, inputs, outputs })
      inside.set(operand, outputs[0]!)
      return outputs[0]!
    }
    const given = [...consts.map(make), ...builder.inputs.slice(kept.length)]
    return { program: builder.program(this.write(program, builder, given, inner)), consts: kept }
  }

  program(program: Program): Program {
    const builder = new ProgramBuilder(program.inputs.map(({ aval }) => aval))
    return builder.program(this.write(program, builder, builder.inputs, new Map()))
  }
}

/** The row of an array that repeats it; undefined where rows may differ. */
const repeatedRow = (operand: Var, builder: ProgramBuilder, cheap: Map<Var, Equation>): Var | undefined => {
  const made = cheap.get(operand)
  if (made === undefined || !isEquation(made, "broadcast") || made.params.axes.includes(0)) return undefined
  const x = made.inputs[0]!
  const aval = { dtype: x.aval.dtype, shape: made.params.shape.slice(1) }
  const axes = made.params.axes.map((axis) => axis - 1)
  if (sameAval(x.aval, aval) && axes.every((axis, i) => axis === i)) return x
  const params = { shape: aval.shape, axes }
  const [row] = builder.apply("broadcast", params, x)
  const equation: Equation = { ...made, params, inputs: [x], outputs: [row] }
  if (isCheap(equation)) cheap.set(row, equation)
  return row
}

/**
 * Whether an equation makes an array of nothing, or of a smaller array, so cheaply that a step may do it again. Ranges of
 * floats are not: on the CPU, converting the counts takes up to 1.4 times as long as reading the range.
 */
const isCheap = (equation: Equation): boolean => {
  if (isEquation(equation, "constant")) return !Array.isArray(equation.params.value)
  const [input] = equation.inputs
  if (isEquation(equation, "broadcast"))
    return sizeOf(input!.aval.shape) < sizeOf(equation.outputs[0]!.aval.shape)
  return isEquation(equation, "arange") && isInteger(equation.params.dtype)
}

/**
 * Makes arrays inside the loops that use them, where that is repeating or counting alone. A loop's state then holds the
 * smaller array, or none, and its steps read that. Rows that are all the same become a const.
 */
export const sink: Pass = {
  name: "sink",
  run: (program) => {
    const sinking = new Sinking()
    const sunk = sinking.program(program)
    return sinking.changed ? prune.run(sunk) : program
  }
}
