import { count } from "../../count.ts"
import { programsOf } from "../../held.ts"
import { type Equation, isEquation, type Program, type ScanParams } from "../../program.ts"
import { bytesOf, sizeOf } from "../../shape.ts"
import { type Costs, turnOf } from "../costs.ts"
import { dependents, required, stepOf } from "../fission/step.ts"
import { kindOf } from "../work.ts"
import { numberOf, placeOf } from "./tags.ts"

/** Something that users meet as a slow program, and what to do. */
export interface Advice {
  readonly text: string
  /** The place that it speaks of, where it is not the scan itself. */
  readonly at: string | null
}

/** A size for people. */
const size = (bytes: number): string =>
  bytes >= 2 ** 20 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${Math.round(bytes / 2 ** 10)} KiB`

const time = (nanoseconds: number): string =>
  nanoseconds >= 1e9 ? `${(nanoseconds / 1e9).toPrecision(2)} s` : `${Math.round(nanoseconds / 1e6)} ms`

/** As many numbers in the carry are many buffers. */
const manyLeaves = 16

/** More steps than this in a turn compile slowly and seldom run faster. */
const manySteps = 16

/** So many bytes of numbers in a program, or of a range stored, are worth a word. */
const large = 2 ** 20

/** Of what a scan says itself. */
export const adviceOf = ({ params, outputs }: Equation<"scan">): ReadonlyArray<string> => {
  const advice: Array<string> = []
  if (params.length === null)
    advice.push(
      "its length has no bound: give max, and it can stack outputs, take gradients and be improved by passes"
    )
  if (params.unroll > manySteps)
    advice.push(
      `unroll: ${params.unroll} writes out ${params.unroll} steps: it compiles longer, and seldom runs faster than ${manySteps}`
    )
  const single = outputs.slice(0, params.carry).filter(({ aval }) => sizeOf(aval.shape) === 1).length
  if (single >= manyLeaves)
    advice.push(`${single} leaves of the carry are single numbers: one vector of them may run faster`)
  return advice
}

/** How many operations stand between the carry and the next, where a step does nothing else on a few numbers. */
const chainOf = (params: ScanParams, { width }: Costs): number | undefined => {
  const step = stepOf(params)
  const [from, to] = [dependents(step.body, step.carry), required(step.body, step.next)]
  const work = step.body.equations.filter((equation) => kindOf(equation) !== "layout")
  const isChain = work.every(
    (equation) =>
      ["cheap", "division", "function"].includes(kindOf(equation)) &&
      equation.outputs.every(
        (output) => from.has(output) && to.has(output) && sizeOf(output.aval.shape) <= width
      )
  )
  return isChain && work.length > 0 ? work.length : undefined
}

/** The loops that are left of a scan, those within other loops left out. */
const loopsOf = (program: Program, number: number): ReadonlyArray<ScanParams> =>
  program.equations.flatMap((equation) =>
    isEquation(equation, "scan") && numberOf(equation.place) === number
      ? [equation.params]
      : programsOf(equation).flatMap((inner) => loopsOf(inner, number))
  )

const isSmall = ({ body }: ScanParams, { width }: Costs): boolean =>
  body.equations.every(({ outputs }) => outputs.every(({ aval }) => sizeOf(aval.shape) <= width))

/** The nanoseconds of one turn of a loop that does little. */
const turnTime = (costs: Costs): number => turnOf(costs, 1, true)

/** A turn of a loop that takes so long is slow for what it is, on a device that starts each operation anew. */
const slowTurn = 500

/** Fewer steps than this take no time. */
const fewSteps = 100

/** Of what is left of a scan once the passes have run. `isBest` says that permission would gain nothing. */
export const adviceOfLeft = (
  program: Program,
  number: number,
  costs: Costs,
  isBest: boolean
): ReadonlyArray<string> => {
  const left = loopsOf(program, number)
  const turn = turnTime(costs)
  if (turn >= slowTurn) {
    const turns = left
      .filter((each) => isSmall(each, costs))
      .reduce((sum, { length }) => sum + (length ?? 0), 0)
    if (turns * turn < 1e6) return []
    return [
      `${turns} small steps one after another take some ${turn / 1000} µs each on this device: ${time(turns * turn)} in all; do many at once with vmap, or run it on the CPU`
    ]
  }
  if (!isBest || left.length !== 1 || (left[0]!.length ?? 0) < fewSteps) return []
  const chain = chainOf(left[0]!, costs)
  if (chain === undefined) return []
  return [
    `each step waits for ${count(chain, "operation")} on the carry: it runs at the speed of that arithmetic, and nothing more is to be gained`
  ]
}

/** Of a whole program: numbers that are written into it, and ranges that are stored as well as counted. */
export const adviceOfProgram = (program: Program): ReadonlyArray<Advice> => {
  const ranges = new Set<string>()
  const key = (leaf: object, length: number | null): string => {
    const { dtype, start, step } = leaf as { dtype: string; start: unknown; step: unknown }
    return `${dtype} ${start} ${step} ${length}`
  }
  const every = (one: Program): ReadonlyArray<Equation> =>
    one.equations.flatMap((equation) => [equation, ...programsOf(equation).flatMap(every)])
  const equations = every(program)
  for (const equation of equations)
    if (isEquation(equation, "scan"))
      for (const leaf of equation.params.xs) ranges.add(key(leaf, equation.params.length))
  return equations.flatMap((equation): ReadonlyArray<Advice> => {
    const bytes = equation.outputs.reduce((sum, { aval }) => sum + bytesOf(aval), 0)
    const at = placeOf(equation.place)
    if (bytes < large) return []
    if (isEquation(equation, "constant") && Array.isArray(equation.params.value))
      return [
        { text: `${size(bytes)} of numbers are written into the program: give them as an argument`, at }
      ]
    if (isEquation(equation, "arange") && ranges.has(key(equation.params, equation.params.length)))
      return [
        {
          text: `this range is counted by a scan, and something else uses it as an array: its ${size(bytes)} are stored`,
          at
        }
      ]
    return []
  })
}
