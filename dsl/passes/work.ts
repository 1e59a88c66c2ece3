import type { Equation, Params, Primitive, Program, Var } from "../program.ts"
import { isEquation } from "../program.ts"
import { sizeOf } from "../shape.ts"
import type { Costs, Kind } from "./costs.ts"

/** `fixed` operations stay where they are: what they do, or what they cost, depends on where they stand. */
const kinds: { readonly [P in Primitive]: Kind | "fixed" } = {
  constant: "layout",
  arange: "layout",
  reshape: "layout",
  broadcast: "layout",
  transpose: "layout",
  slice: "layout",
  concatenate: "layout",
  pad: "layout",
  reverse: "layout",
  bitcast: "layout",
  stopGradient: "layout",
  guard: "layout",
  real: "layout",
  imag: "layout",
  complex: "layout",
  neg: "cheap",
  abs: "cheap",
  sign: "cheap",
  floor: "cheap",
  ceil: "cheap",
  round: "cheap",
  not: "cheap",
  popcount: "cheap",
  countLeadingZeros: "cheap",
  isFinite: "cheap",
  add: "cheap",
  sub: "cheap",
  mul: "cheap",
  maximum: "cheap",
  minimum: "cheap",
  and: "cheap",
  or: "cheap",
  xor: "cheap",
  shiftLeft: "cheap",
  shiftRightLogical: "cheap",
  shiftRightArithmetic: "cheap",
  eq: "cheap",
  ne: "cheap",
  lt: "cheap",
  le: "cheap",
  gt: "cheap",
  ge: "cheap",
  select: "cheap",
  clamp: "cheap",
  convert: "cheap",
  nextAfter: "cheap",
  dynamicSlice: "cheap",
  div: "division",
  rem: "division",
  sqrt: "division",
  rsqrt: "division",
  exp: "function",
  expm1: "function",
  log: "function",
  log1p: "function",
  cbrt: "function",
  sin: "function",
  cos: "function",
  tan: "function",
  tanh: "function",
  logistic: "function",
  asin: "function",
  acos: "function",
  atan: "function",
  sinh: "function",
  cosh: "function",
  asinh: "function",
  acosh: "function",
  atanh: "function",
  erf: "function",
  erfc: "function",
  erfInv: "function",
  lgamma: "function",
  digamma: "function",
  polygamma: "function",
  pow: "function",
  atan2: "function",
  dot: "product",
  conv: "product",
  sum: "whole",
  prod: "whole",
  max: "whole",
  min: "whole",
  all: "whole",
  any: "whole",
  argmax: "whole",
  argmin: "whole",
  cumsum: "whole",
  cumprod: "whole",
  cummax: "whole",
  cummin: "whole",
  sort: "whole",
  gather: "whole",
  scatter: "whole",
  dynamicUpdateSlice: "whole",
  reduceWindow: "whole",
  fft: "whole",
  cholesky: "whole",
  triangularSolve: "whole",
  threefry: "whole",
  scan: "loop",
  composite: "whole",
  customDerivative: "fixed",
  checkpoint: "fixed",
  barrier: "fixed",
  checkpointName: "layout",
  while: "fixed",
  switch: "fixed",
  debugPrint: "fixed",
  withSharding: "fixed",
  shardMap: "fixed",
  allReduce: "fixed",
  allGather: "fixed",
  reduceScatter: "fixed",
  permute: "fixed",
  allToAll: "fixed"
}

export const kindOf = ({ primitive }: Equation): Kind | "fixed" => kinds[primitive]

/** Whether an equation costs next to nothing where its operands are at hand. */
export const isCheap = (equation: Equation): boolean => ["layout", "cheap"].includes(kindOf(equation))

/** Whether an equation computes functions, or what takes about as long, element by element. */
export const isFunction = (equation: Equation): boolean => ["division", "function"].includes(kindOf(equation))

/** Whether a compiler computes an equation's elements where they are used, and stores none. */
export const isFused = (equation: Equation): boolean => isCheap(equation) || isFunction(equation)

/** How many elements an operation works on: of a product, how many it multiplies. */
export const elementsOf = (equation: Equation): number => {
  const made = equation.outputs.reduce((sum, { aval }) => sum + sizeOf(aval.shape), 0)
  if (isEquation(equation, "dot")) {
    const { contracting } = equation.params as Params["dot"]
    return contracting[0].reduce((size, axis) => size * equation.inputs[0]!.aval.shape[axis]!, made)
  }
  if (isEquation(equation, "conv")) {
    const [, ...kernel] = equation.inputs[1]!.aval.shape
    return made * sizeOf(kernel)
  }
  return equation.inputs.reduce((most, { aval }) => Math.max(most, sizeOf(aval.shape)), made)
}

/**
 * For a product, how many of its multiplications a step does badly. A matrix times a vector reads each number of the
 * matrix for one multiplication. Where each is used for many, one step's product is as fast as that of all steps.
 */
const badly = (equation: Equation, multiplications: number): number => {
  const arrays = [...equation.inputs, ...equation.outputs].map(({ aval }) => sizeOf(aval.shape))
  const largest = Math.max(...arrays)
  return largest === 0 ? 0 : largest / Math.max(1, multiplications / largest)
}

/** Whether an operation becomes one small product for each step: of matrices that both differ from step to step. */
const isProductEach = (equation: Equation, multiplications: number, varies: ReadonlySet<Var>): boolean =>
  equation.primitive === "dot" &&
  equation.inputs.every((input) => varies.has(input)) &&
  equation.inputs.every(({ aval }) => multiplications > sizeOf(aval.shape))

/**
 * The nanoseconds that a step saves where the operation runs for all steps at once, outside the loop. `varies` holds what
 * may differ from step to step.
 */
export const gainOf = (
  equation: Equation,
  { gains, width }: Costs,
  varies: ReadonlySet<Var> = new Set()
): number => {
  const kind = kindOf(equation)
  if (kind === "fixed") return 0
  const elements = elementsOf(equation)
  const { element, step, each = 0, apart } = gains[kind]
  if (apart !== undefined && isProductEach(equation, elements, varies)) return -apart
  const slow = kind === "product" ? badly(equation, elements) : Math.min(elements, width)
  return step + element * slow + each * elements
}

/** How many instructions an elementwise operation is, roughly; infinite for others. */
const instructions = (equation: Equation): number => {
  const { primitive } = equation
  switch (kindOf(equation)) {
    case "layout":
      return 0
    case "cheap":
      // A NaN makes a maximum NaN, and that takes comparisons.
      return primitive === "maximum" || primitive === "minimum" || primitive === "clamp" ? 3 : 1
    case "division":
      return 2
    case "function":
      return 12
    default:
      return Number.POSITIVE_INFINITY
  }
}

/** How many instructions a step is, roughly, where all its operations are elementwise. */
export const instructionsOf = ({ equations }: Program): number =>
  equations.reduce((sum, equation) => sum + instructions(equation), 0)
