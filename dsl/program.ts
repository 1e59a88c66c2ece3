import type { DType } from "./dtype.ts"
import type { Aval, Shape } from "./shape.ts"

/**
 * The typed intermediate form. Every variable is assigned once, before it is used; equations are in the order in
 * which the user wrote them; nothing has side effects. Transforms are functions from Program to Program.
 */
export interface Program {
  readonly inputs: ReadonlyArray<Var>
  readonly equations: ReadonlyArray<Equation>
  readonly outputs: ReadonlyArray<Var>
}

export interface Var {
  /** Unique within its program, counted from 0 in order of definition. */
  readonly id: number
  readonly aval: Aval
}

export interface Equation<P extends Primitive = Primitive> {
  readonly primitive: P
  readonly params: Params[P]
  readonly inputs: ReadonlyArray<Var>
  readonly outputs: ReadonlyArray<Var>
}

export type UnaryPrimitive =
  | "neg"
  | "abs"
  | "sign"
  | "floor"
  | "ceil"
  | "round"
  | "exp"
  | "expm1"
  | "log"
  | "log1p"
  | "sqrt"
  | "rsqrt"
  | "cbrt"
  | "sin"
  | "cos"
  | "tan"
  | "tanh"
  | "logistic"
  | "not"
  | "isFinite"
export type BinaryPrimitive =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "rem"
  | "pow"
  | "atan2"
  | "maximum"
  | "minimum"
  | "and"
  | "or"
  | "xor"
export type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge"
export type Reduction = "sum" | "prod" | "max" | "min" | "all" | "any"

type None = Readonly<Record<never, never>>

/** What each primitive is told beside its operands. */
export interface Params
  extends Readonly<Record<UnaryPrimitive, None>>,
    Readonly<Record<BinaryPrimitive, None>>,
    Readonly<Record<Comparison, None>>,
    Readonly<Record<Reduction, { readonly axes: ReadonlyArray<number> }>> {
  /** Every element the same number, or all elements listed row-major. */
  readonly constant: { readonly aval: Aval; readonly value: Scalar | ReadonlyArray<Scalar> }
  /** `start + step * i`; with `start: null` the start is the operand. */
  readonly arange: ArangeParams & { readonly length: number }
  readonly select: None
  readonly clamp: None
  readonly convert: { readonly dtype: DType }
  readonly reshape: { readonly shape: Shape }
  /** Operand axis i becomes result axis `axes[i]`; other result axes repeat it. */
  readonly broadcast: { readonly shape: Shape; readonly axes: ReadonlyArray<number> }
  readonly transpose: { readonly permutation: ReadonlyArray<number> }
  readonly slice: {
    readonly start: ReadonlyArray<number>
    readonly limit: ReadonlyArray<number>
    readonly strides: ReadonlyArray<number>
  }
  readonly concatenate: { readonly axis: number }
  readonly dot: DotParams
  readonly scan: ScanParams
}

export type Primitive = keyof Params

export type Scalar = number | bigint | boolean

export interface ArangeParams {
  readonly dtype: DType
  readonly start: number | bigint | null
  readonly step: number | bigint
}

export interface DotParams {
  readonly contracting: readonly [ReadonlyArray<number>, ReadonlyArray<number>]
  readonly batch: readonly [ReadonlyArray<number>, ReadonlyArray<number>]
}

/** One leaf of a scan's xs, kept as it was described: rows of an operand, or an arange that is never materialised. */
export type XsLeaf = { readonly kind: "rows" } | ({ readonly kind: "arange" } & ArangeParams)

/**
 * `scan` runs `body` once per step, threading a carry.
 *
 * Operands, in order: the traced length, if `traced`; `consts` values that every step sees; `carry` initial values;
 * one operand for each xs leaf that has one (rows, or an arange with `start: null`). The body takes consts, carry and
 * one row of each xs leaf, and gives carry and one row of each output. Results: the final carry, then the stacked
 * outputs of `length` rows; if `traced`, rows from the traced length on are zero.
 */
export interface ScanParams {
  /** How many steps, or with `traced` at most how many; null: traced without bound, and then nothing is stacked. */
  readonly length: number | null
  readonly traced: boolean
  readonly reverse: boolean
  readonly consts: number
  readonly carry: number
  readonly xs: ReadonlyArray<XsLeaf>
  readonly body: Program
}

/** Whether the running time of a program depends on the values it is given. */
export const isVariable = (program: Program): boolean =>
  program.equations.some(
    (equation) => isEquation(equation, "scan") && (equation.params.traced || isVariable(equation.params.body))
  )

export const isEquation = <P extends Primitive>(equation: Equation, primitive: P): equation is Equation<P> =>
  equation.primitive === primitive
