import { type DType, dtypes, isFloat, isInexact } from "../../dtype.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import { type Equation, isEquation, type Primitive, type ScanParams, type Var } from "../../program.ts"
import { sizeOf } from "../../shape.ts"
import type { Value } from "../../tensor.ts"
import { add, convert, range, selectEach, sum, transpose, zeros } from "../../values.ts"
import type { Costs } from "../costs.ts"
import { type AllSteps, rowsOfAll, type Stacked } from "./all-steps.ts"
import { type Step, variesIn } from "./step.ts"

/** A leaf of the carry to which each step adds a term, and which nothing else reads. */
export interface Total {
  readonly leaf: number
  /** The equation that adds. */
  readonly equation: Equation
  readonly term: Var
  /** The nanoseconds that a step saves without it. */
  readonly gain: number
  /** The equations that products of all steps stand for; undefined where the terms themselves are summed. */
  readonly products: ReadonlyArray<Equation> | undefined
}

/** The term that is added to a leaf; undefined where the step does something else with it. */
const termOf = (
  step: Step,
  leaf: number,
  uses: ReadonlyMap<Var, number>
): { equation: Equation; term: Var } | undefined => {
  const own = step.carry[leaf]!
  const equation = step.makers.get(step.next[leaf]!)
  if (equation === undefined || !isEquation(equation, "add")) return undefined
  const [a, b] = equation.inputs as readonly [Var, Var]
  const next = step.next[leaf]!
  if (uses.get(own) !== 1 || uses.get(next) !== 1 || (a !== own && b !== own)) return undefined
  return { equation, term: a === own ? b : a }
}

/** Whether a product of this equation's rows, summed over the steps, is one product of all steps. */
const isProduct = (step: Step, equation: Equation, varies: ReadonlySet<Var>): boolean => {
  if (!equation.inputs.every((input) => varies.has(input))) return false
  return isEquation(equation, "dot") || (isEquation(equation, "mul") && outerOf(step, equation) !== undefined)
}

/**
 * The equations of a term, from its maker back to products, of which a sum over the steps is one product of all steps:
 * none of their results is ever stored. Undefined where there is no such product.
 */
const productsOf = (step: Step, term: Var, varies: ReadonlySet<Var>): ReadonlyArray<Equation> | undefined => {
  const maker = step.makers.get(term)
  if (maker === undefined) return undefined
  if (isProduct(step, maker, varies)) return [maker]
  if (!isLinear(maker) && maker.primitive !== "add") return undefined
  const behind = maker.inputs.map((input) => productsOf(step, input, varies))
  return behind.some(Boolean) ? [maker, ...behind.flatMap((each) => each ?? [])] : undefined
}

/** What a variable is linear in: what is summed in its place. */
const behindLinear = (step: Step, variable: Var): Var => {
  const maker = step.makers.get(variable)
  return maker !== undefined && isLinear(maker) ? behindLinear(step, maker.inputs[0]!) : variable
}

/**
 * The sums over the steps that may leave the carry: integers, and floats where another order is allowed. Only sums of
 * products of two rows are worth it, and of what is smaller than the total.
 */
export const totalsOf = (step: Step, params: ScanParams, costs: Costs): ReadonlyArray<Total> => {
  const varies = variesIn(step)
  const uses = new Map<Var, number>()
  for (const variable of [...step.body.equations.flatMap(({ inputs }) => inputs), ...step.body.outputs])
    uses.set(variable, (uses.get(variable) ?? 0) + 1)
  return range(params.carry).flatMap((leaf): ReadonlyArray<Total> => {
    const { aval } = step.carry[leaf]!
    const rounds = isInexact(aval.dtype)
    if (rounds && params.reassociate?.[leaf] !== true) return []
    const found = termOf(step, leaf, uses)
    if (found === undefined || !varies.has(found.term)) return []
    const products = productsOf(step, found.term, varies)
    const size = sizeOf(aval.shape)
    if (products !== undefined) {
      const gain = costs.turn.wide * size + costs.gains.product.step
      return [{ leaf, ...found, gain, products }]
    }
    // Numbers are added up fast outside a loop, and rows are not.
    const summed = sizeOf(behindLinear(step, found.term).aval.shape)
    const lost = summed > 1 ? costs.sum * summed : 0
    // Each step reads and writes the total. That is next to nothing beside a store of what is added.
    const gain = 0.1 * costs.turn.wide * size - lost
    return gain <= 0 ? [] : [{ leaf, ...found, gain, products }]
  })
}

export interface SumSite {
  readonly step: Step
  readonly all: AllSteps
  /** What is not the same at all steps. */
  readonly varies: ReadonlySet<Var>
  /** How many steps there are, at most. */
  readonly steps: number
  /** For each row, whether there is such a step; undefined where there are all. */
  readonly alive: Value | undefined
  /** Whether an equation is outside the loop. */
  readonly outside: (equation: Equation) => boolean
}

const counted = ({ alive }: SumSite, rows: Value): Value =>
  alive === undefined ? rows : selectEach(alive, rows, zeros(rows))

const shifted = (axes: ReadonlyArray<number>): ReadonlyArray<number> => axes.map((axis) => axis + 1)

/** A product of rows, summed over the steps: one product that contracts the steps too. */
const productOf = ({ params, inputs }: Equation<"dot">, site: SumSite, dtype: DType): Value | undefined => {
  const [a, b] = inputs.map((input) => site.all.get(input)) as [Stacked, Stacked]
  if (!a.varies || !b.varies) return undefined
  const { contracting, batch } = params
  const sides = [a, b].map(({ value }) => convert(counted(site, value), dtype)) as [Value, Value]
  const along = {
    contracting: [
      [0, ...shifted(contracting[0])],
      [0, ...shifted(contracting[1])]
    ],
    batch: [shifted(batch[0]), shifted(batch[1])]
  } as const
  return apply1("dot", along, ...sides)
}

/** An operand of an outer product, and which axes of the result it has. */
interface Side {
  readonly variable: Var
  readonly axes: ReadonlyArray<number>
}

const sideOf = (step: Step, variable: Var): Side => {
  const maker = step.makers.get(variable)
  const own = { variable, axes: range(variable.aval.shape.length) }
  if (maker === undefined || !isEquation(maker, "broadcast")) return own
  const [from] = maker.inputs as readonly [Var]
  const { axes, shape } = maker.params
  return from.aval.shape.every((dim, i) => dim === shape[axes[i]!]) ? { variable: from, axes } : own
}

/** The operands of an elementwise product that both are repeated along axes; undefined where one is not. */
const outerOf = (step: Step, { inputs, outputs }: Equation<"mul">): readonly [Side, Side] | undefined => {
  const sides = inputs.map((input) => sideOf(step, input)) as [Side, Side]
  const rank = outputs[0]!.aval.shape.length
  const covers = range(rank).every((axis) => sides.some(({ axes }) => axes.includes(axis)))
  return covers && sides.every(({ axes }) => axes.length < rank) ? sides : undefined
}

/** An outer product of rows, summed over the steps. */
const outerSum = (equation: Equation<"mul">, site: SumSite, dtype: DType): Value | undefined => {
  const sides = outerOf(site.step, equation)
  if (sides === undefined) return undefined
  const [a, b] = sides.map(({ variable }) => site.all.get(variable)) as [Stacked, Stacked]
  if (!a.varies || !b.varies) return undefined
  const [left, right] = [sides[0].axes, sides[1].axes]
  const both = left.filter((axis) => right.includes(axis))
  const made = apply1(
    "dot",
    {
      contracting: [[0], [0]],
      batch: [both.map((axis) => left.indexOf(axis) + 1), both.map((axis) => right.indexOf(axis) + 1)]
    },
    convert(counted(site, a.value), dtype),
    convert(counted(site, b.value), dtype)
  )
  const order = [
    ...both,
    ...left.filter((axis) => !both.includes(axis)),
    ...right.filter((axis) => !both.includes(axis))
  ]
  return transpose(
    made,
    range(order.length).map((axis) => order.indexOf(axis))
  )
}

/** Operations of one operand that are linear in it, and keep that when they are applied to a sum. */
const isLinear = ({ primitive, inputs, outputs }: Equation): boolean => {
  if (primitive === "convert") {
    const [from, to] = [inputs[0]!.aval.dtype, outputs[0]!.aval.dtype]
    return isFloat(from) && isFloat(to) && dtypes[from].bytes <= dtypes[to].bytes
  }
  return ["neg", "reshape", "transpose", "broadcast", "sum"].includes(primitive)
}

/** The sum of a product's rows over the steps; undefined where that is no product of all steps. */
const productSum = (maker: Equation, site: SumSite, dtype: DType): Value | undefined => {
  if (isEquation(maker, "dot")) return productOf(maker, site, dtype)
  return isEquation(maker, "mul") ? outerSum(maker, site, dtype) : undefined
}

/** The sum of a variable over the steps in a dtype, taken through what is linear in it. */
export const sumOf = (variable: Var, site: SumSite, dtype: DType): Value => {
  const { step, outside } = site
  const maker = step.makers.get(variable)
  const summed = (): Value => {
    const rows = rowsOfAll(site.all.get(variable), site.steps)
    return sum(convert(counted(site, rows), dtype), [0])
  }
  if (maker === undefined || !outside(maker)) return summed()
  const ofOperand = (operand: Var): Value => sumOf(operand, site, dtype)
  if (maker.primitive === "convert" && isLinear(maker)) return ofOperand(maker.inputs[0]!)
  if (isLinear(maker))
    return apply<Primitive>(maker.primitive, maker.params, [ofOperand(maker.inputs[0]!)])[0]!
  if (maker.primitive === "add" && productsOf(step, variable, site.varies) !== undefined)
    return maker.inputs.map(ofOperand).reduce(add)
  return productSum(maker, site, dtype) ?? summed()
}
