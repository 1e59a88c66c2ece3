import { type DType, isInexact } from "../../dtype.ts"
import { loopOf } from "../../loops/loop.ts"
import type { BinaryPrimitive, Equation, ScanParams, Var } from "../../program.ts"
import { type Aval, sameAval } from "../../shape.ts"
import { programOf } from "../../trace.ts"
import { binary } from "../../values.ts"
import { AllSteps, type Stacked } from "../fission/all-steps.ts"
import { dependents, required, type Step } from "../fission/step.ts"
import type { Reason } from "../note.ts"
import { obstacleOf } from "../reason.ts"
import type { Component } from "./components.ts"
import { Following, on } from "./following.ts"

/** Operations of which any grouping gives the same, bit for bit. */
const associative = ["maximum", "minimum", "and", "or", "xor"] as const
export type Associative = (typeof associative)[number]

/** A factor of a leaf: none and one are known. */
export type Factor = Stacked | "none" | "one"

/**
 * How a step advances a leaf c of the carry. `affine`: c' = a c + b, where an undefined a is one and an undefined b is
 * zero; where `matrix` says so, a is a matrix and c a vector. `operation`: c' = c op e. `replaced`: c' = e. `coupled`:
 * several leaves of one type need one another, and each is the sum of all times `factors`, by elements, and its b.
 */
export type Form =
  | {
      readonly kind: "affine"
      readonly a: Stacked | undefined
      readonly b: Stacked | undefined
      readonly matrix: boolean
    }
  | { readonly kind: "replaced"; readonly element: Stacked }
  | { readonly kind: "operation"; readonly op: Associative; readonly element: Stacked }
  | Coupled

export interface Coupled {
  readonly kind: "coupled"
  readonly factors: ReadonlyArray<ReadonlyArray<Factor>>
  readonly b: ReadonlyArray<Stacked | undefined>
}

/** In which dtype factors and terms of another are computed. */
export type Wider = Partial<Readonly<Record<DType, DType>>>

/** The element of a step that combines it with the leaf by one operation, and no more. */
const operationOf = (
  step: Step,
  leaf: Var,
  next: Var,
  all: AllSteps,
  depends: ReadonlySet<Var>
): Form | undefined => {
  const maker = step.makers.get(next)
  const op = associative.find((each) => each === maker?.primitive)
  if (maker === undefined || op === undefined) return undefined
  // A chain of the same operation, of which the leaf is one operand.
  let found: Stacked | undefined
  let now: Equation | undefined = maker
  while (now !== undefined && now.primitive === op) {
    const dependent: ReadonlyArray<Var> = now.inputs.filter((input) => depends.has(input))
    const plain = now.inputs.filter((input) => !depends.has(input))
    if (dependent.length !== 1 || plain.length !== 1) return undefined
    const element = all.get(plain[0]!)
    found =
      found === undefined
        ? element
        : on(all.length, [element, found], (a, b) => binary(op as BinaryPrimitive, a!, b!))
    if (dependent[0] === leaf) return { kind: "operation", op, element: found }
    now = step.makers.get(dependent[0]!)
  }
  return undefined
}

/** More leaves than this that need one another are left: products of their factors cost too much. */
const mostCoupled = 8

/** What stands in the way of leaves that need one another, whatever is done to them; undefined where nothing does. */
const mismatch = (own: ReadonlyArray<Var>): string | undefined => {
  if (own.length > mostCoupled) return `and others need one another, and are more than ${mostCoupled}`
  const alike = own.every(({ aval }) => sameAval(aval, own[0]!.aval))
  return alike ? undefined : "and others need one another, and are not of one type"
}

/**
 * How a step advances leaves that need one another, or a single one, where everything else that it needs is known for
 * all steps. Undefined where no grouping of steps gives the same, or floats may not be grouped. Factors and terms are
 * computed in a `wider` dtype. `because` is told what the leaves do where there is no form.
 */
export const formOf = (
  step: Step,
  component: Component,
  all: AllSteps,
  { reassociate }: Pick<ScanParams, "reassociate">,
  wider: Wider = {},
  because: (reason: Reason) => void = () => {}
): Form | undefined => {
  const own = component.map((leaf) => step.carry[leaf]!)
  const next = component.map((leaf) => step.next[leaf]!)
  const depends = dependents(step.body, own)
  if (component.length === 1) {
    if (!depends.has(next[0]!)) return { kind: "replaced", element: all.get(next[0]!) }
    const operation = operationOf(step, own[0]!, next[0]!, all, depends)
    if (operation !== undefined) return operation
  }
  const needed = required(step.body, next)
  const way = step.body.equations.filter(({ outputs }) =>
    outputs.some((output) => depends.has(output) && needed.has(output))
  )
  const left = (why: string, at?: Equation): undefined => {
    because({ because: why, at: at?.place })
  }
  const other = mismatch(own)
  if (other !== undefined) return left(other)
  const { dtype } = own[0]!.aval
  const none = (at: Equation | undefined): undefined => at && left(`goes through ${obstacleOf(at)}`, at)
  if (dtype === "bool") return none(way[0])
  if (isInexact(dtype) && !component.every((leaf) => reassociate?.[leaf] === true))
    return left("holds floats, which are computed in the order that is written")
  const following = new Following(all, own, wider[dtype] ?? dtype)
  const obstacle = way.find((equation) => !following.follow(equation))
  if (obstacle !== undefined) return none(obstacle)
  const forms = next.map((variable) => following.form(variable)!)
  if (component.length === 1) {
    const { factors, b, matrix } = forms[0]!
    return { kind: "affine", a: factors.get(own[0]!), b, matrix }
  }
  return {
    kind: "coupled",
    factors: forms.map(({ factors }) =>
      own.map((leaf) => (factors.has(leaf) ? (factors.get(leaf) ?? "one") : "none"))
    ),
    b: forms.map(({ b }) => b)
  }
}

/** How each component of the carry advances; undefined for one of which steps cannot be grouped, which is then told. */
export const formsOf = (
  params: ScanParams,
  step: Step,
  avals: ReadonlyArray<Aval>,
  components: ReadonlyArray<Component>,
  because: (leaf: number, reason: Reason) => void
): ReadonlyArray<Form | undefined> => {
  let forms: ReadonlyArray<Form | undefined> = []
  const stacks = step.carry.map(({ aval }) => ({
    dtype: aval.dtype,
    shape: [params.length!, ...aval.shape]
  }))
  programOf([...avals, ...stacks], (values) => {
    const all = AllSteps.of(step, loopOf(params, values.slice(0, avals.length)))
    step.carry.forEach((variable, i) => {
      all.set(variable, { value: values[avals.length + i]!, varies: true })
    })
    all.compute(
      step.body.equations,
      step.body.equations.flatMap(({ inputs }) => inputs)
    )
    forms = components.map((component) =>
      formOf(step, component, all, params, {}, (reason) => because(component[0]!, reason))
    )
    return []
  })
  return forms
}
