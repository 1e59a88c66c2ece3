import type { ProgramBuilder } from "../builder.ts"
import { type Equation, isEquation, type Scalar, type Var } from "../program.ts"

/** The number that all elements of an equation's result are; undefined where that is not known. */
export const uniformOf = (
  maker: Equation | undefined,
  makerOf: (variable: Var) => Equation | undefined
): Scalar | undefined => {
  if (maker === undefined) return undefined
  if (isEquation(maker, "broadcast")) return uniformOf(makerOf(maker.inputs[0]!), makerOf)
  if (!isEquation(maker, "constant") || Array.isArray(maker.params.value)) return undefined
  return maker.params.value as Scalar
}

/** The same of a variable that a builder has written. */
export const uniform = (builder: ProgramBuilder, variable: Var): Scalar | undefined => {
  const makerOf = (each: Var) => builder.makerOf(each)
  return uniformOf(makerOf(variable), makerOf)
}
