import { programsOf } from "../held.ts"
import { type Equation, isEquation, type Program, type Var } from "../program.ts"
import { type Aval, bytesOf, sizeOf } from "../shape.ts"
import { requireProgram } from "../verifier.ts"

/** What one scan keeps. */
export interface ScanMemory {
  /** Where it is: `scan`, or `scan2.scan` for one within the second of two. */
  readonly path: string
  /** How many steps, or at most; null where that is traced without bound. */
  readonly steps: number | null
  readonly carry: number
  /** Its outputs and, in a forward run that reverse mode has made, what it keeps of all steps. */
  readonly stacked: number
}

/** Bytes that a program needs, as it is written: a compiler may share or save some of them. */
export interface Memory {
  readonly arguments: number
  readonly results: number
  /** The most that is alive at once, arguments and results included. */
  readonly peak: number
  readonly scans: ReadonlyArray<ScanMemory>
}

/** The size of an array: its bytes, or its elements. */
type Size = (aval: Aval) => number

const total = (vars: Iterable<Var>, size: Size): number => {
  let sum = 0
  for (const variable of vars) sum += size(variable.aval)
  return sum
}

const bytes = (vars: Iterable<Var>): number => total(vars, bytesOf)

/** What an equation needs beyond its operands and results: the largest peak among the programs that it holds. */
const inside = (equation: Equation, size: Size): number =>
  programsOf(equation).reduce(
    (most, program) => Math.max(most, peakOf(program, size) - total(program.inputs, size)),
    0
  )

/** The peak of live memory. A value lives from its equation to its last use. */
const peakOf = (program: Program, size: Size): number => {
  const lastUse = new Map<Var, number>()
  program.equations.forEach((equation, i) => {
    for (const input of equation.inputs) lastUse.set(input, i)
  })
  for (const output of program.outputs) lastUse.set(output, program.equations.length)
  const given = new Set(program.inputs)
  const alive = new Set(given)
  let now = total(alive, size)
  let peak = now
  program.equations.forEach((equation, i) => {
    for (const output of equation.outputs) {
      if (alive.has(output)) continue
      alive.add(output)
      now += size(output.aval)
    }
    peak = Math.max(peak, now + inside(equation, size))
    for (const variable of [...new Set([...equation.inputs, ...equation.outputs])]) {
      // Arguments belong to the caller and stay alive.
      if (given.has(variable) || (lastUse.get(variable) ?? i) > i || !alive.has(variable)) continue
      alive.delete(variable)
      now -= size(variable.aval)
    }
  })
  return peak
}

/** The peak number of live elements. */
export const elementsOf = (program: Program): number => peakOf(program, ({ shape }) => sizeOf(shape))

/** The array with the most elements in a program, or in the programs that it holds. */
export const largestOf = (program: Program): Aval | undefined => {
  let largest: Aval | undefined
  const look = (aval: Aval | undefined): void => {
    if (aval !== undefined && (largest === undefined || sizeOf(aval.shape) > sizeOf(largest.shape)))
      largest = aval
  }
  for (const { aval } of program.inputs) look(aval)
  for (const equation of program.equations) {
    for (const { aval } of equation.outputs) look(aval)
    for (const held of programsOf(equation)) look(largestOf(held))
  }
  return largest
}

const scansOf = (program: Program, path: string): ReadonlyArray<ScanMemory> => {
  const count = program.equations.filter(({ primitive }) => primitive === "scan").length
  let next = 0
  return program.equations.flatMap((equation) => {
    if (!isEquation(equation, "scan")) return programsOf(equation).flatMap((inner) => scansOf(inner, path))
    next++
    const own = `${path}${count === 1 ? "scan" : `scan${next}`}`
    const { params, outputs } = equation
    return [
      {
        path: own,
        steps: params.length,
        carry: bytes(outputs.slice(0, params.carry)),
        stacked: bytes(outputs.slice(params.carry))
      },
      ...scansOf(params.body, `${own}.`)
    ]
  })
}

/**
 * Computes the memory that a program needs, in bytes, before it runs: compare checkpoint policies by it. Fails with a
 * `ValueError` for what is no program.
 *
 * @example
 * const { program } = yield* trace([f32(64, 64)], (x) => sum(x))
 * memoryOf(program).arguments // 16384
 */
export const memoryOf = (program: Program): Memory => {
  requireProgram("memoryOf", program)
  return {
    arguments: bytes(program.inputs),
    results: bytes(program.outputs),
    peak: peakOf(program, bytesOf),
    scans: scansOf(program, "")
  }
}
