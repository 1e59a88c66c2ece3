import { programsOf } from "../held.ts"
import { type Equation, isEquation, type Program } from "../program.ts"
import { elementsOf, kindOf } from "./work.ts"

/** Nanoseconds of an operation on a CPU, and of each element it works on: rough, and rather too many than too few. */
const operation = 10
const element: Readonly<Record<ReturnType<typeof kindOf>, number>> = {
  layout: 0.5,
  cheap: 0.5,
  division: 2,
  function: 10,
  product: 0.5,
  whole: 20,
  loop: 0,
  fixed: 1
}

const durationOf = (equation: Equation): number => {
  const own = operation + element[kindOf(equation)] * elementsOf(equation)
  const held = programsOf(equation).map(longestRun)
  if (isEquation(equation, "scan")) {
    const { length } = equation.params
    return own + (length === null ? Number.POSITIVE_INFINITY : length * (held[0]! + operation))
  }
  if (isEquation(equation, "while")) {
    const { max } = equation.params
    return own + (max === null ? Number.POSITIVE_INFINITY : max * (held[0]! + held[1]! + operation))
  }
  return own + Math.max(0, ...held)
}

/** About how many nanoseconds a program's longest run takes on a CPU; infinite where a loop has no bound. */
export const longestRun = ({ equations }: Program): number =>
  equations.reduce((sum, equation) => sum + durationOf(equation), 0)
