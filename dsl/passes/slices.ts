import { ProgramBuilder } from "../builder.ts"
import { placed } from "../place.ts"
import { type Equation, isEquation, type Params, type Program, type Var } from "../program.ts"
import { type Aval, sameShape, sizeOf } from "../shape.ts"
import { range } from "../values.ts"
import { elementwise } from "./elementwise.ts"
import type { Pass } from "./pass.ts"
import { withHeld } from "./rewrite.ts"

/** Which elements of an array are read. */
type Cut = Params["slice"]

const keyOf = ({ start, limit, strides }: Cut): string => `${start} ${limit} ${strides}`

/** Cuts of one array, each once. */
type Cuts = ReadonlyMap<string, Cut>

const lengthsOf = ({ start, limit, strides }: Cut): ReadonlyArray<number> =>
  start.map((first, i) => Math.ceil((limit[i]! - first) / strides[i]!))

/** What a cut of a broadcast's result reads of its operand. */
const behind = ({ start, limit, strides }: Cut, { axes }: Params["broadcast"], { shape }: Aval): Cut => {
  const each = (of: ReadonlyArray<number>, whole: (size: number) => number): ReadonlyArray<number> =>
    axes.map((axis, i) => (shape[i] === 1 ? whole(1) : of[axis]!))
  return { start: each(start, () => 0), limit: each(limit, (size) => size), strides: each(strides, () => 1) }
}

/** What an equation reads of an operand for a cut of its result; undefined where it reads all of it. */
const readOf = (equation: Equation, { aval }: Var, cut: Cut): Cut | undefined => {
  if (!isEquation(equation, "broadcast"))
    return sameShape(aval.shape, equation.outputs[0]!.aval.shape) ? cut : undefined
  const read = behind(cut, equation.params, aval)
  return sameShape(lengthsOf(read), aval.shape) ? undefined : read
}

/** Whether a slice of an equation's result is the same equation on slices. */
const commutes = ({ primitive, inputs, outputs }: Equation): boolean => {
  if (primitive === "broadcast") return true
  const { shape } = outputs[0]!.aval
  return (
    elementwise.has(primitive) &&
    inputs.every(({ aval }) => sameShape(aval.shape, shape) || aval.shape.length === 0)
  )
}

/** The results of which only slices are read, and these read no element twice. They are never computed whole. */
const cutsIn = ({ equations, outputs }: Program): ReadonlyMap<Var, Cuts> => {
  if (!equations.some(({ primitive }) => primitive === "slice")) return new Map()
  const cuts = new Map<Var, Map<string, Cut>>()
  const whole = new Set(outputs)
  const read = (variable: Var, cut: Cut | undefined): void => {
    if (cut === undefined) {
      whole.add(variable)
      return
    }
    const known = cuts.get(variable) ?? new Map<string, Cut>()
    cuts.set(variable, known.set(keyOf(cut), cut))
  }
  const found = new Map<Var, Cuts>()
  for (const equation of equations.toReversed()) {
    if (isEquation(equation, "slice")) {
      read(equation.inputs[0]!, equation.params)
      continue
    }
    const [output] = equation.outputs
    const wanted = output === undefined || whole.has(output) ? undefined : cuts.get(output)
    const elements = [...(wanted?.values() ?? [])].reduce((sum, cut) => sum + sizeOf(lengthsOf(cut)), 0)
    if (wanted !== undefined && commutes(equation) && elements <= sizeOf(output!.aval.shape)) {
      found.set(output!, wanted)
      for (const input of equation.inputs)
        for (const cut of wanted.values()) read(input, readOf(equation, input, cut))
    } else for (const input of equation.inputs) read(input, undefined)
  }
  return found
}

/** The program with those that it holds cut short. */
const heldCutShort = (program: Program): Program => {
  const equations = program.equations.map((equation) => withHeld(equation, cutShort))
  return equations.every((each, i) => each === program.equations[i]) ? program : { ...program, equations }
}

/** A program that computes of its elementwise results only what is read of them. */
const cutShort = (whole: Program): Program => {
  const program = heldCutShort(whole)
  const cuts = cutsIn(program)
  if (cuts.size === 0) return program
  const builder = new ProgramBuilder(program.inputs.map(({ aval }) => aval))
  const here = new Map<Var, Var>(program.inputs.map((input, i) => [input, builder.inputs[i]!]))
  const parts = new Map<Var, Map<string, Var>>()
  const use = (variable: Var): Var => here.get(variable)!
  const part = (variable: Var, cut: Cut): Var => {
    const known = parts.get(variable) ?? new Map<string, Var>()
    parts.set(variable, known)
    const made = known.get(keyOf(cut)) ?? builder.apply("slice", cut, use(variable))[0]
    known.set(keyOf(cut), made)
    return made
  }
  for (const equation of placed(program.equations)) {
    builder.place = equation.place
    const [output] = equation.outputs
    const wanted = output && cuts.get(output)
    if (wanted !== undefined) {
      const made = [...wanted].reverse().map(([key, cut]): [string, Var] => {
        const inputs = equation.inputs.map((input) => {
          const read = readOf(equation, input, cut)
          return read === undefined ? use(input) : part(input, read)
        })
        const shape = lengthsOf(cut)
        const params = isEquation(equation, "broadcast") ? { ...equation.params, shape } : equation.params
        return [key, builder.add(equation.primitive, params, inputs, [{ ...output!.aval, shape }])[0]!]
      })
      parts.set(output!, new Map(made))
    } else if (isEquation(equation, "slice")) here.set(output!, part(equation.inputs[0]!, equation.params))
    else {
      const { primitive, params, inputs, outputs } = equation
      const avals = outputs.map(({ aval }) => aval)
      const made = builder.add(primitive, params, inputs.map(use), avals)
      for (const i of range(made.length)) here.set(equation.outputs[i]!, made[i]!)
    }
  }
  return builder.program(program.outputs.map(use))
}

/**
 * Moves slices towards the operands: where only slices of an elementwise result are read, it is computed on slices. So a
 * loop reads the slices of its rows, which can be taken before it.
 */
export const slices: Pass = { name: "slices", run: cutShort }
