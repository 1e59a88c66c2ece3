import { type DType, isInexact } from "../../dtype.ts"
import { apply1 } from "../../primitives/index.ts"
import { type Equation, isEquation, type Var } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { batch } from "../../transform/batch.ts"
import { add, binary, broadcast, compare, convert, filled, mul, neg, sub } from "../../values.ts"
import type { AllSteps, Stacked } from "../fission/all-steps.ts"

/** A vector leaf is advanced by a matrix of at most so many rows: beyond, a product of matrices costs too much. */
const largestMatrix = 8

/** Applies a function of one step's values to what is known of all steps; what all share stays shared. */
export const on = (
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

/**
 * What a variable is of some leaves: the sum of each leaf times its factor, and b. A leaf without a factor does not
 * come in, a factor that is undefined is one, and a b that is undefined is zero. Where `matrix` says so, the factor of
 * the only leaf, a vector, is a matrix.
 */
export interface Affine {
  readonly factors: ReadonlyMap<Var, Stacked | undefined>
  readonly b: Stacked | undefined
  readonly matrix: boolean
}

/** Follows leaves of one type through the equations of a step, as long as they are affine in them. */
export class Following {
  readonly #forms = new Map<Var, Affine>()
  readonly #all: AllSteps
  /** The dtype of factors and terms. */
  readonly #dtype: DType

  constructor(all: AllSteps, leaves: ReadonlyArray<Var>, dtype: DType) {
    this.#all = all
    this.#dtype = dtype
    for (const leaf of leaves)
      this.#forms.set(leaf, { factors: new Map([[leaf, undefined]]), b: undefined, matrix: false })
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

  /** A factor, as a matrix where wanted. */
  #factor(a: Stacked | undefined, { aval }: Var, isMatrix: boolean, wanted = isMatrix): Stacked {
    const own = a ?? { value: filled({ dtype: this.#dtype, shape: aval.shape }, 1), varies: false }
    return wanted && !isMatrix ? this.#on([own], diagonal) : own
  }

  /** The form with each factor changed. */
  #mapped({ factors, b, matrix }: Affine, like: Var, change: (factor: Stacked) => Stacked): Affine {
    const each = [...factors].map(([leaf, a]) => [leaf, change(this.#factor(a, like, matrix))] as const)
    return { factors: new Map(each), b, matrix }
  }

  /** Unsigned integers have no negation of their own. */
  #negated(x: Stacked): Stacked {
    return this.#on([x], (value) => (isInexact(this.#dtype) ? neg(value) : sub(filled(value, 0), value)))
  }

  #sum(op: "add" | "sub", a: Stacked | undefined, b: Stacked | undefined): Stacked | undefined {
    if (b === undefined) return a
    if (a === undefined) return op === "add" ? b : this.#negated(b)
    return this.#on([a, b], op === "add" ? add : sub)
  }

  #added(op: "add" | "sub", [x, y]: ReadonlyArray<Affine | undefined>, equation: Equation): Affine {
    const [like] = equation.outputs as readonly [Var]
    const plain = (i: number): Stacked => this.#plain(equation.inputs[i]!)
    if (y === undefined) return { ...x!, b: this.#sum(op, x!.b, plain(1)) }
    const right = op === "add" ? y : this.#mapped(y, like, (factor) => this.#negated(factor))
    if (x === undefined) return { ...right, b: this.#sum(op, plain(0), y.b) }
    const matrix = x.matrix || y.matrix
    const factors = new Map([...right.factors, ...x.factors])
    for (const [leaf, a] of x.factors)
      if (y.factors.has(leaf)) {
        const left = this.#factor(a, like, x.matrix, matrix)
        const other = this.#factor(y.factors.get(leaf), like, y.matrix, matrix)
        factors.set(leaf, this.#on([left, other], op === "add" ? add : sub))
      }
    return { factors, b: this.#sum(op, x.b, y.b), matrix }
  }

  #scaled(form: Affine, by: Stacked, op: "mul" | "div", like: Var): Affine {
    const each = (x: Value, y: Value) => binary(op, x, y)
    const rows = (x: Value, y: Value) => binary(op, x, broadcast(y, x.shape, [0]))
    const factors = [...form.factors].map(([leaf, a]) => {
      if (a === undefined && op === "mul") return [leaf, by] as const
      const factor = this.#factor(a, like, form.matrix)
      return [leaf, this.#on([factor, by], form.matrix ? rows : each)] as const
    })
    return { ...form, factors: new Map(factors), b: form.b && this.#on([form.b, by], each) }
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
    const [[leaf, factor], ...more] = [...form.factors] as [[Var, Stacked | undefined], ...Array<unknown>]
    if (more.length > 0) return undefined
    const matrix = this.#on([this.#plain(by)], (value) =>
      contracting[other as 0 | 1][0] === 1 ? value : apply1("transpose", { permutation: [1, 0] }, value)
    )
    const a =
      factor === undefined
        ? matrix
        : this.#on([matrix, factor], (m, each) =>
            form.matrix ? product(m, each) : mul(m, broadcast(each, m.shape, [1]))
          )
    return { factors: new Map([[leaf, a]]), b: form.b && this.#on([matrix, form.b], product), matrix: true }
  }

  #through(equation: Equation): Affine | undefined {
    const forms = equation.inputs.map((input) => this.form(input))
    const [x, y] = forms
    const [like] = equation.outputs as readonly [Var]
    if (isEquation(equation, "add")) return this.#added("add", forms, equation)
    if (isEquation(equation, "sub")) return this.#added("sub", forms, equation)
    if (isEquation(equation, "dot")) return this.#product(equation, forms)
    if (isEquation(equation, "neg")) {
      const negative = this.#mapped(x!, like, (factor) => this.#negated(factor))
      return { ...negative, b: x!.b && this.#negated(x!.b) }
    }
    if (x !== undefined && y !== undefined) return undefined
    if (isEquation(equation, "mul")) {
      const by = this.#plain(equation.inputs[x === undefined ? 0 : 1]!)
      return this.#scaled((x ?? y)!, by, "mul", like)
    }
    if (isEquation(equation, "div") && x !== undefined && isInexact(this.#dtype))
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
