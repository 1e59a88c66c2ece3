import { isComplex, isFloat } from "../../dtype.ts"
import { apply } from "../../primitives/index.ts"
import type { BinaryPrimitive, Equation, Primitive, Var } from "../../program.ts"
import { repeated } from "../../transform/batching/batch-rule.ts"
import { filled } from "../../values.ts"
import type { AllSteps, Stacked } from "../fission/all-steps.ts"
import { dependents, required, type Step } from "../fission/step.ts"
import type { Reason } from "../note.ts"
import { obstacleOf } from "../reason.ts"

/** Operations of which any grouping gives the same, bit for bit, for some dtypes. */
const associative = ["maximum", "minimum", "and", "or", "xor"] as const
export type Associative = (typeof associative)[number]

/**
 * How a step advances a leaf c of the carry. `affine`: c' = a c + b, where an undefined a is one and an undefined b is
 * zero. `operation`: c' = c op e. `replaced`: c' = e.
 */
export type Form =
  | { readonly kind: "affine"; readonly a: Stacked | undefined; readonly b: Stacked | undefined }
  | { readonly kind: "replaced"; readonly element: Stacked }
  | { readonly kind: "operation"; readonly op: Associative; readonly element: Stacked }

type Affine = Form & { readonly kind: "affine" }

/** Applies an operation to what is known of all steps; what all share stays shared. */
const on = (
  length: number,
  primitive: Primitive,
  params: object,
  ...operands: ReadonlyArray<Stacked>
): Stacked => {
  const varies = operands.some((each) => each.varies)
  const values = operands.map((each) => (each.varies || !varies ? each.value : repeated(each.value, length)))
  return { value: apply<Primitive>(primitive, params as never, values)[0]!, varies }
}

/** Follows a leaf through the equations of a step, as long as they are affine in it. */
class Following {
  readonly #forms = new Map<Var, Affine>()
  readonly #all: AllSteps
  readonly #like: Var

  constructor(all: AllSteps, leaf: Var) {
    this.#all = all
    this.#like = leaf
    this.#forms.set(leaf, { kind: "affine", a: undefined, b: undefined })
  }

  form(variable: Var): Affine | undefined {
    return this.#forms.get(variable)
  }

  #on(primitive: Primitive, ...operands: ReadonlyArray<Stacked>): Stacked {
    return on(this.#all.length, primitive, {}, ...operands)
  }

  #one(): Stacked {
    return { value: filled(this.#like.aval, 1), varies: false }
  }

  #zero(): Stacked {
    return { value: filled(this.#like.aval, 0), varies: false }
  }

  /** Unsigned integers have no negation of their own. */
  #negated(x: Stacked): Stacked {
    return isRounded(this.#like) ? this.#on("neg", x) : this.#on("sub", this.#zero(), x)
  }

  #sum(op: "add" | "sub", a: Stacked | undefined, b: Stacked | undefined): Stacked | undefined {
    if (b === undefined) return a
    if (a === undefined) return op === "add" ? b : this.#negated(b)
    return this.#on(op, a, b)
  }

  #through(equation: Equation): Affine | undefined {
    const { primitive, inputs } = equation
    const [x, y] = inputs.map((input) => this.form(input))
    const plain = (i: number): Stacked => this.#all.get(inputs[i]!)
    const affine = (a: Stacked | undefined, b: Stacked | undefined): Affine => ({ kind: "affine", a, b })
    switch (primitive) {
      case "add":
      case "sub": {
        if (x !== undefined && y !== undefined)
          return affine(
            this.#sum(primitive, x.a ?? this.#one(), y.a ?? this.#one()),
            this.#sum(primitive, x.b, y.b)
          )
        if (x !== undefined) return affine(x.a, this.#sum(primitive, x.b, plain(1)))
        const a = primitive === "add" ? y!.a : this.#negated(y!.a ?? this.#one())
        return affine(a, this.#sum(primitive, plain(0), y!.b))
      }
      case "neg":
        return affine(this.#negated(x!.a ?? this.#one()), x!.b && this.#negated(x!.b))
      case "mul": {
        if (x !== undefined && y !== undefined) return undefined
        const [form, by] = x === undefined ? [y!, plain(0)] : [x, plain(1)]
        return affine(
          form.a === undefined ? by : this.#on("mul", form.a, by),
          form.b && this.#on("mul", form.b, by)
        )
      }
      case "div": {
        if (x === undefined || y !== undefined || !isRounded(this.#like)) return undefined
        return affine(this.#on("div", x.a ?? this.#one(), plain(1)), x.b && this.#on("div", x.b, plain(1)))
      }
      default:
        return undefined
    }
  }

  /** Follows the leaf through an equation; false where that is not affine. */
  follow(equation: Equation): boolean {
    const form = this.#through(equation)
    if (form === undefined) return false
    this.#forms.set(equation.outputs[0]!, form)
    return true
  }
}

const isRounded = ({ aval: { dtype } }: Var): boolean => isFloat(dtype) || isComplex(dtype)

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
    found = found === undefined ? element : on(all.length, op as BinaryPrimitive, {}, element, found)
    if (dependent[0] === leaf) return { kind: "operation", op, element: found }
    now = step.makers.get(dependent[0]!)
  }
  return undefined
}

/**
 * How a step advances a leaf, where everything else that it needs is known for all steps; undefined where no grouping
 * of steps gives the same, or floats may not be grouped. `because` is told what the leaf does then.
 */
export const formOf = (
  step: Step,
  leaf: number,
  all: AllSteps,
  mayRound: boolean,
  because: (reason: Reason) => void = () => {}
): Form | undefined => {
  const [own, next] = [step.carry[leaf]!, step.next[leaf]!]
  const depends = dependents(step.body, [own])
  if (!depends.has(next)) return { kind: "replaced", element: all.get(next) }
  const operation = operationOf(step, own, next, all, depends)
  if (operation !== undefined) return operation
  const needed = required(step.body, [next])
  const way = step.body.equations.filter(({ outputs }) =>
    outputs.some((output) => depends.has(output) && needed.has(output))
  )
  const none = (at: Equation | undefined): undefined => {
    if (at !== undefined) because({ because: `goes through ${obstacleOf(at)}`, at: at.place })
  }
  if (own.aval.dtype === "bool") return none(way[0])
  if (isRounded(own) && !mayRound) {
    because({ because: "holds floats, which are computed in the order that is written" })
    return undefined
  }
  const following = new Following(all, own)
  const obstacle = way.find((equation) => !following.follow(equation))
  return obstacle === undefined ? following.form(next) : none(obstacle)
}
