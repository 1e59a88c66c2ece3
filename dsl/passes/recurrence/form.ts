import { type DType, isComplex, isFloat } from "../../dtype.ts"
import { apply1 } from "../../primitives/index.ts"
import { type BinaryPrimitive, type Equation, isEquation, type ScanParams, type Var } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { batch } from "../../transform/batch.ts"
import { add, binary, broadcast, compare, convert, filled, mul, neg, sub } from "../../values.ts"
import type { AllSteps, Stacked } from "../fission/all-steps.ts"
import { dependents, required, type Step } from "../fission/step.ts"
import type { Reason } from "../note.ts"
import { obstacleOf } from "../reason.ts"

/** Operations of which any grouping gives the same, bit for bit. */
const associative = ["maximum", "minimum", "and", "or", "xor"] as const
export type Associative = (typeof associative)[number]

/**
 * How a step advances a leaf c of the carry. `affine`: c' = a c + b, where an undefined a is one and an undefined b is
 * zero; where `matrix` says so, a is a matrix and c a vector. `operation`: c' = c op e. `replaced`: c' = e.
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

/** In which dtype factors and terms of another are computed. */
export type Wider = Partial<Readonly<Record<DType, DType>>>

type Affine = Form & { readonly kind: "affine" }

/** A vector leaf is advanced by a matrix of at most so many rows: beyond, a product of matrices costs too much. */
const largestMatrix = 8

/** Applies a function of one step's values to what is known of all steps; what all share stays shared. */
const on = (
  length: number,
  operands: ReadonlyArray<Stacked>,
  make: (...values: ReadonlyArray<Value>) => Value
): Stacked => {
  const values = operands.map(({ value }) => value)
  const batched = operands.map(({ varies }) => varies)
  if (!batched.some(Boolean)) return { value: make(...values), varies: false }
  const avals = operands.map(({ value, varies }) =>
    varies ? { dtype: value.dtype, shape: value.shape.slice(1) } : value
  )
  const program = programOf(avals, (given) => [make(...given)])
  const made = batch(program, { values, batched }, length)
  return { value: made.values[0]!, varies: made.batched[0]! }
}

/** A vector as the diagonal of a matrix. */
export const diagonal = (x: Value): Value => {
  const size = x.shape[0]!
  const rows = broadcast(x, [size, size], [0])
  const counts = apply1("arange", { dtype: "i32", start: 0, step: 1, length: size })
  const same = compare("eq", broadcast(counts, [size, size], [0]), broadcast(counts, [size, size], [1]))
  return apply1("select", {}, same, rows, filled(rows, 0))
}

/** A matrix times a vector or a matrix. */
export const product = (a: Value, b: Value): Value =>
  apply1("dot", { contracting: [[a.shape.length - 1], [0]], batch: [[], []] }, a, b)

/** Follows a leaf through the equations of a step, as long as they are affine in it. */
class Following {
  readonly #forms = new Map<Var, Affine>()
  readonly #all: AllSteps
  /** The dtype of factors and terms. */
  readonly #dtype: DType

  constructor(all: AllSteps, leaf: Var, dtype: DType) {
    this.#all = all
    this.#dtype = dtype
    this.#forms.set(leaf, { kind: "affine", a: undefined, b: undefined, matrix: false })
  }

  form(variable: Var): Affine | undefined {
    return this.#forms.get(variable)
  }

  #plain(variable: Var): Stacked {
    return this.#on([this.#all.get(variable)], (value) => convert(value!, this.#dtype))
  }

  #on(operands: ReadonlyArray<Stacked>, make: (...values: ReadonlyArray<Value>) => Value): Stacked {
    return on(this.#all.length, operands, make)
  }

  /** The factor of a form, as a matrix where wanted. */
  #factor({ a, matrix }: Affine, { aval }: Var, wanted: boolean): Stacked {
    const own = a ?? { value: filled({ dtype: this.#dtype, shape: aval.shape }, 1), varies: false }
    return wanted && !matrix ? this.#on([own], diagonal) : own
  }

  /** Unsigned integers have no negation of their own. */
  #negated(x: Stacked): Stacked {
    return this.#on([x], (value) => (isRounded(this.#dtype) ? neg(value) : sub(filled(value, 0), value)))
  }

  #sum(op: "add" | "sub", a: Stacked | undefined, b: Stacked | undefined): Stacked | undefined {
    if (b === undefined) return a
    if (a === undefined) return op === "add" ? b : this.#negated(b)
    return this.#on([a, b], op === "add" ? add : sub)
  }

  #added(op: "add" | "sub", [x, y]: ReadonlyArray<Affine | undefined>, equation: Equation): Affine {
    const [like] = equation.outputs as readonly [Var]
    const plain = (i: number): Stacked => this.#plain(equation.inputs[i]!)
    if (x !== undefined && y !== undefined) {
      const matrix = x.matrix || y.matrix
      const a = this.#sum(op, this.#factor(x, like, matrix), this.#factor(y, like, matrix))
      return { kind: "affine", a, b: this.#sum(op, x.b, y.b), matrix }
    }
    if (x !== undefined) return { ...x, b: this.#sum(op, x.b, plain(1)) }
    const a = op === "add" ? y!.a : this.#negated(this.#factor(y!, like, false))
    return { ...y!, a, b: this.#sum(op, plain(0), y!.b) }
  }

  #scaled(form: Affine, by: Stacked, op: "mul" | "div", like: Var): Affine {
    const each = (x: Value, y: Value) => binary(op, x, y)
    const rows = (x: Value, y: Value) => binary(op, x, broadcast(y, x.shape, [0]))
    const a =
      form.a === undefined && op === "mul"
        ? by
        : this.#on([this.#factor(form, like, form.matrix), by], form.matrix ? rows : each)
    return { ...form, a, b: form.b && this.#on([form.b, by], each) }
  }

  /** A matrix times the leaf, or the leaf times a matrix, where the leaf is a vector. */
  #product(equation: Equation<"dot">, [x, y]: ReadonlyArray<Affine | undefined>): Affine | undefined {
    const { contracting, batch: batches } = equation.params
    const [own, other] = x === undefined ? [1, 0] : [0, 1]
    const [vector, by] = [equation.inputs[own]!, equation.inputs[other]!]
    if ((x !== undefined && y !== undefined) || batches[0].length > 0 || contracting[0].length !== 1)
      return undefined
    if (vector.aval.shape.length !== 1 || by.aval.shape.length !== 2) return undefined
    if (Math.max(...by.aval.shape) > largestMatrix) return undefined
    const form = (x ?? y)!
    const matrix = this.#on([this.#plain(by)], (value) =>
      contracting[other as 0 | 1][0] === 1 ? value : apply1("transpose", { permutation: [1, 0] }, value)
    )
    const a =
      form.a === undefined
        ? matrix
        : this.#on([matrix, form.a], (m, each) =>
            form.matrix ? product(m, each) : mul(m, broadcast(each, m.shape, [1]))
          )
    return { kind: "affine", a, b: form.b && this.#on([matrix, form.b], product), matrix: true }
  }

  #through(equation: Equation): Affine | undefined {
    const forms = equation.inputs.map((input) => this.form(input))
    const [x, y] = forms
    const [like] = equation.outputs as readonly [Var]
    if (isEquation(equation, "add")) return this.#added("add", forms, equation)
    if (isEquation(equation, "sub")) return this.#added("sub", forms, equation)
    if (isEquation(equation, "dot")) return this.#product(equation, forms)
    if (isEquation(equation, "neg")) {
      const a = this.#negated(this.#factor(x!, like, x!.matrix))
      return { ...x!, a, b: x!.b && this.#negated(x!.b) }
    }
    if (x !== undefined && y !== undefined) return undefined
    if (isEquation(equation, "mul")) {
      const by = this.#plain(equation.inputs[x === undefined ? 0 : 1]!)
      return this.#scaled((x ?? y)!, by, "mul", like)
    }
    if (isEquation(equation, "div") && x !== undefined && isRounded(this.#dtype))
      return this.#scaled(x, this.#plain(equation.inputs[1]!), "div", like)
    return undefined
  }

  /** Follows the leaf through an equation; false where that is not affine. */
  follow(equation: Equation): boolean {
    const form = this.#through(equation)
    if (form === undefined) return false
    this.#forms.set(equation.outputs[0]!, form)
    return true
  }
}

const isRounded = (dtype: DType): boolean => isFloat(dtype) || isComplex(dtype)

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

/**
 * How a step advances a leaf, where everything else that it needs is known for all steps; undefined where no grouping
 * of steps gives the same, or floats may not be grouped. Factors and terms are computed in a `wider` dtype. `because`
 * is told what the leaf does where there is no form.
 */
export const formOf = (
  step: Step,
  leaf: number,
  all: AllSteps,
  { reassociate }: Pick<ScanParams, "reassociate">,
  wider: Wider = {},
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
  if (isRounded(own.aval.dtype) && reassociate?.[leaf] !== true) {
    because({ because: "holds floats, which are computed in the order that is written" })
    return undefined
  }
  const following = new Following(all, own, wider[own.aval.dtype] ?? own.aval.dtype)
  const obstacle = way.find((equation) => !following.follow(equation))
  return obstacle === undefined ? following.form(next) : none(obstacle)
}
