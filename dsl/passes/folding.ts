import { dtypes, type FloatDType, integerRange, isFloat, isInteger, kindOf } from "../dtype.ts"
import type { Params, Primitive } from "../program.ts"
import type { Element, NdArray } from "../reference/array.ts"
import { contractEvaluates } from "../reference/contract.ts"
import { elementwiseEvaluates } from "../reference/elementwise.ts"
import type { Evaluate } from "../reference/evaluate.ts"
import { indexingEvaluates } from "../reference/indexing.ts"
import { structureEvaluates } from "../reference/structure.ts"
import { type Aval, sizeOf } from "../shape.ts"
import { elementsOf, type Known, knownArray, mostElements, spread } from "./known.ts"
import type { Target } from "./pass.ts"

/** The least normal number of each dtype (IEEE 754). Devices may take what is smaller for zero. */
const leastNormal: { readonly [D in FloatDType]: number } = {
  f16: 2 ** -14,
  bf16: 2 ** -126,
  f32: 2 ** -126,
  f64: 2 ** -1022
}

const isSubnormal = (x: Element, { dtype }: Aval): boolean =>
  isFloat(dtype) && x !== 0 && Math.abs(x as number) < leastNormal[dtype]

const isOrdinary = (x: Element, aval: Aval): boolean => Number.isFinite(x) && !isSubnormal(x, aval)

const isExact = ({ dtype }: Aval): boolean => isInteger(dtype) || dtype === "bool"

/** What one element is computed from, and what it is; `avals` are the operands'. */
interface Step {
  readonly inputs: ReadonlyArray<Element>
  readonly avals: ReadonlyArray<Aval>
  readonly output: Element
  readonly aval: Aval
  readonly target: Target
}

/** Whether every device computes the same. */
type Rule = (step: Step) => boolean

const always: Rule = () => true
const ofIntegers: Rule = ({ avals }) => isExact(avals.at(-1)!)

/** Half floats may be rounded later, at the end of a chain. TPUs compute f64 by pairs of f32. */
const isPlainFloat = ({ dtype }: Aval, { platform }: Target): boolean =>
  dtype === "f32" || (dtype === "f64" && platform !== "tpu")

const rounds: Rule = ({ inputs, avals, output, aval, target }) =>
  ofIntegers({ inputs, avals, output, aval, target }) ||
  (isPlainFloat(aval, target) && [...inputs, output].every((x) => isOrdinary(x, aval)))

/** XLA takes x + 0 for x, also where x is -0. */
const adds: Rule = (step) => rounds(step) && (isInteger(step.aval.dtype) || step.inputs.some((x) => x !== 0))

const isLeast = (x: Element, { dtype }: Aval): boolean =>
  isInteger(dtype) && kindOf(dtype) === "signed" && BigInt(x as number) === integerRange(dtype)[0]

const isPowerOfTwo = (x: number): boolean => {
  const exponent = Math.log2(Math.abs(x))
  return Number.isInteger(exponent) && 2 ** exponent === Math.abs(x)
}

const quotient: Rule = (step) => {
  const [a, b] = step.inputs as readonly [number, number]
  if (isInteger(step.aval.dtype)) return BigInt(b) !== 0n && !(isLeast(a, step.aval) && BigInt(b) === -1n)
  // A power of two divides exactly, also by way of its reciprocal.
  return rounds(step) && isPowerOfTwo(b) && isOrdinary(1 / b, step.aval)
}

const remainder: Rule = (step) => isInteger(step.aval.dtype) && quotient(step)

const shifts: Rule = ({ inputs: [, places], aval: { dtype } }) =>
  BigInt(places as number) >= 0n && BigInt(places as number) < BigInt(dtypes[dtype].bytes * 8)

const compares: Rule = ({ inputs, avals }) => inputs.every((x, i) => !isSubnormal(x, avals[i]!))

/** The same number in both dtypes. */
const converts: Rule = ({ inputs: [x], avals: [from], output, aval }) => {
  if (from!.dtype === "bool") return true
  if (isSubnormal(x!, from!) || isSubnormal(output, aval) || Number.isNaN(x)) return false
  if (aval.dtype === "bool") return true
  if (isFloat(from!.dtype) && isFloat(aval.dtype)) return Object.is(x, output)
  // An infinity is no integer, and is none on the other side.
  if (!Number.isInteger(Number(x)) || !Number.isInteger(Number(output))) return false
  return BigInt(x as number) === BigInt(output as number)
}

const reinterprets: Rule = ({ inputs: [x], output }) => !Number.isNaN(x) && !Number.isNaN(output)

/** Each element of the result comes from the elements of the operands in its place. */
const elementwise: { readonly [P in Primitive]?: Rule } = {
  add: adds,
  sub: adds,
  mul: rounds,
  neg: rounds,
  abs: (step) => rounds(step) && !isLeast(step.inputs[0]!, step.aval),
  div: quotient,
  rem: remainder,
  sign: ofIntegers,
  maximum: ofIntegers,
  minimum: ofIntegers,
  clamp: ofIntegers,
  not: always,
  and: always,
  or: always,
  xor: always,
  popcount: always,
  countLeadingZeros: always,
  shiftLeft: shifts,
  shiftRightLogical: shifts,
  shiftRightArithmetic: shifts,
  eq: compares,
  ne: compares,
  lt: compares,
  le: compares,
  gt: compares,
  ge: compares,
  isFinite: always,
  select: always,
  convert: converts,
  bitcast: reinterprets
}

/** The result's elements are those of the operands; indices are moved inside. */
const moving: ReadonlySet<Primitive> = new Set<Primitive>([
  "reshape",
  "broadcast",
  "transpose",
  "slice",
  "concatenate",
  "pad",
  "reverse",
  "dynamicSlice",
  "gather"
])

const reducing: ReadonlySet<Primitive> = new Set<Primitive>(["sum", "prod", "max", "min", "all", "any"])

export const isFoldable = (primitive: Primitive): boolean =>
  elementwise[primitive] !== undefined || moving.has(primitive) || reducing.has(primitive)

/** Not all that the reference device has: the rest would be loaded with each program. */
const evaluates = {
  ...contractEvaluates,
  ...elementwiseEvaluates,
  ...indexingEvaluates,
  ...structureEvaluates
} as unknown as { readonly [P in Primitive]?: Evaluate<Primitive> }

const computed = (
  primitive: Primitive,
  params: Params[Primitive],
  inputs: ReadonlyArray<NdArray>,
  aval: Aval
): NdArray => {
  const site = { params, inputs, outputs: [aval], run: () => [], print: () => {} }
  return evaluates[primitive]!(site)[0]!
}

const isSure = (rule: Rule, inputs: ReadonlyArray<NdArray>, result: NdArray, target: Target): boolean =>
  result.data.every((output, i) =>
    rule({
      // A predicate may be one for all.
      inputs: inputs.map(({ data }) => data[data.length === 1 ? 0 : i]!),
      avals: inputs,
      output,
      aval: result,
      target
    })
  )

/** Every operand as one element, where each is the same everywhere. */
const scalars = (inputs: ReadonlyArray<Known>): ReadonlyArray<NdArray> | undefined =>
  inputs.every(({ uniform }) => uniform)
    ? inputs.map(({ aval: { dtype }, data }) => ({ dtype, shape: [], data }))
    : undefined

/**
 * What an equation gives of operands that are known; undefined where that is too large, or where devices may differ in
 * their bits.
 */
export const foldedTo = (
  primitive: Primitive,
  params: Params[Primitive],
  inputs: ReadonlyArray<Known>,
  aval: Aval,
  target: Target
): Known | undefined => {
  const rule = elementwise[primitive]
  const single = scalars(inputs)
  if (rule !== undefined && single !== undefined) {
    const result = computed(primitive, params, single, { dtype: aval.dtype, shape: [] })
    return isSure(rule, single, result, target) ? spread(knownArray(result), aval) : undefined
  }
  const [first] = inputs
  if (
    moving.has(primitive) &&
    inputs.every((each) => each.uniform && Object.is(each.data[0], first!.data[0]))
  )
    return spread(first!, aval)
  if (reducing.has(primitive) && !isExact(aval)) return undefined
  const size = sizeOf(aval.shape)
  if (size === 0 || size > mostElements) return undefined
  const arrays = inputs.map(elementsOf)
  if (!arrays.every((array) => array !== undefined)) return undefined
  const result = computed(primitive, params, arrays, aval)
  return rule === undefined || isSure(rule, arrays, result, target) ? knownArray(result) : undefined
}
