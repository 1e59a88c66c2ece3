import type { DType } from "./dtype.ts"
import type { Along, Mesh, PartitionSpec, Sharding } from "./mesh.ts"
import type {
  ArangeParams,
  Checkpoint,
  CheckpointPolicy,
  CompositeOptions,
  ConvParams,
  DotParams,
  GatherParams,
  LoopPart,
  PadParams,
  ScatterParams,
  SortParams,
  TriangularParams,
  WindowParams
} from "./params.ts"
import type { Aval, Shape } from "./shape.ts"

export type { Checkpoint, LoopPart } from "./params.ts"

/**
 * The typed intermediate form. Every variable is assigned once, before it is used; equations are in the order in
 * which the user wrote them; nothing has side effects. Transforms are functions from Program to Program.
 */
export interface Program {
  readonly inputs: ReadonlyArray<Var>
  readonly equations: ReadonlyArray<Equation>
  readonly outputs: ReadonlyArray<Var>
}

/** A variable of a program: what an equation, or the caller, gives it. */
export interface Var {
  /** Unique within its program, counted from 0 in order of definition. */
  readonly id: number
  readonly aval: Aval
}

/** One application of a primitive to variables. */
export interface Equation<P extends Primitive = Primitive> {
  readonly primitive: P
  readonly params: Params[P]
  readonly inputs: ReadonlyArray<Var>
  readonly outputs: ReadonlyArray<Var>
  /** Where the user wrote it, as `file:line:column`; there only where places are recorded. */
  readonly place?: string
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
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "erf"
  | "erfc"
  | "erfInv"
  | "lgamma"
  | "digamma"
  | "not"
  | "popcount"
  | "countLeadingZeros"
  | "isFinite"
  | "real"
  | "imag"
  | "stopGradient"
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
  | "shiftLeft"
  | "shiftRightLogical"
  | "shiftRightArithmetic"
  | "nextAfter"
  | "polygamma"
  | "complex"
export type Comparison = "eq" | "ne" | "lt" | "le" | "gt" | "ge"
export type Reduction = "sum" | "prod" | "max" | "min" | "all" | "any"
export type Cumulative = "cumsum" | "cumprod" | "cummax" | "cummin"

type None = Readonly<Record<never, never>>

/** What each primitive is told beside its operands. */
export interface Params
  extends Readonly<Record<UnaryPrimitive, None>>,
    Readonly<Record<BinaryPrimitive, None>>,
    Readonly<Record<Comparison, None>>,
    Readonly<Record<Reduction, { readonly axes: ReadonlyArray<number> }>>,
    Readonly<Record<Cumulative, { readonly axis: number; readonly reverse: boolean }>> {
  /** Every element the same number, or all elements listed row-major. */
  readonly constant: { readonly aval: Aval; readonly value: Scalar | ReadonlyArray<Scalar> }
  /** `start + step * i`; with `start: null` the start is the operand. */
  readonly arange: ArangeParams & { readonly length: number }
  readonly select: None
  readonly clamp: None
  readonly convert: { readonly dtype: DType }
  /** The same bits as elements of another dtype of the same size. */
  readonly bitcast: { readonly dtype: DType }
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
  /** Operand and padding value; a negative count crops, `interior` elements go between each two. */
  readonly pad: PadParams
  readonly reverse: { readonly axes: ReadonlyArray<number> }
  readonly dot: DotParams
  /** The index of the greatest or least element along an axis, the first of equal ones. */
  readonly argmax: { readonly axis: number; readonly dtype: "i32" | "i64" }
  readonly argmin: { readonly axis: number; readonly dtype: "i32" | "i64" }
  /** Sorts all operands alike along an axis by the first `keys` of them; stable, NaN greatest. */
  readonly sort: SortParams
  /** Operand, then one scalar index for each axis; a block that would stick out is moved inside. */
  readonly dynamicSlice: { readonly sizes: ReadonlyArray<number> }
  /** Operand, update, then one scalar index for each axis. */
  readonly dynamicUpdateSlice: None
  readonly gather: GatherParams
  readonly scatter: ScatterParams
  readonly conv: ConvParams
  readonly reduceWindow: WindowParams
  /** Over the last `lengths.length` axes; for the real kinds, lengths are those of the real array. */
  readonly fft: { readonly kind: "fft" | "ifft" | "rfft" | "irfft"; readonly lengths: ReadonlyArray<number> }
  /** The lower triangle L of a = L L^H, for the last two axes. What is above the diagonal is zero. */
  readonly cholesky: None
  /** Solves op(a) x = b, or x op(a) = b, for the last two axes. */
  readonly triangularSolve: TriangularParams
  /** Threefry-2x32: two key words, two counter words; two words of random bits. */
  readonly threefry: None
  readonly scan: ScanParams
  readonly while: WhileParams
  readonly switch: { readonly branches: ReadonlyArray<Program> }
  readonly customDerivative: CustomParams
  /** A function whose reverse derivative computes again what `policy` does not save. */
  readonly checkpoint: { readonly body: Program; readonly policy: CheckpointPolicy }
  /** The same arrays, all computed before any is used: a compiler moves and merges nothing across. */
  readonly barrier: None
  /** The same array, which policies of `checkpoint` know by the name. */
  readonly checkpointName: { readonly name: string }
  /** An operation that is made of others, with rules of its own: dsl/composites.ts knows them by its name. */
  readonly composite: { readonly name: string; readonly options: CompositeOptions }
  /**
   * A predicate for each member of a batch, and an array. The result is the same array. The predicate holds for the
   * members that count: those whose branch was taken, or whose loop goes on. To a derivative the others are zero.
   */
  readonly guard: None
  /** The same array. Its elements are printed when they are computed. */
  readonly debugPrint: { readonly label: string }
  /** The same array, divided among the devices of a mesh as `sharding` says. */
  readonly withSharding: { readonly sharding: Sharding }
  readonly shardMap: ShardMapParams
  /** Each device's array combined with those of the devices along some axes of the mesh. */
  readonly allReduce: { readonly op: "sum" | "max" | "min"; readonly along: Along }
  /** The arrays of the devices along a mesh axis, one after the other along `axis`. */
  readonly allGather: { readonly along: Along; readonly axis: number }
  /** The sum over the devices along a mesh axis, of which each gets its part of `axis`. */
  readonly reduceScatter: { readonly along: Along; readonly axis: number }
  /** Each device's array sent on, by pairs of places along a mesh axis; zeros where nothing comes. */
  readonly permute: { readonly along: Along; readonly pairs: ReadonlyArray<readonly [number, number]> }
  /** Part i of axis `split` sent to device i along a mesh axis; what comes, one after the other along `concat`. */
  readonly allToAll: { readonly along: Along; readonly split: number; readonly concat: number }
}

/** The names of the primitives. */
export type Primitive = keyof Params

export type Scalar = number | bigint | boolean

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
  /** How many steps one turn of the compiled loop takes. */
  readonly unroll: number
  readonly checkpoint: Checkpoint
  /** What the user calls the carry's leaves, as paths: `carry.mean`. Told to people only. */
  readonly names?: ReadonlyArray<string>
  /** For each leaf of the carry, whether its float arithmetic may be done in another order. Left out: for none. */
  readonly reassociate?: ReadonlyArray<boolean>
  /** Reverse mode made it under a policy that keeps little: passes may not stack more. */
  readonly lean?: true
  /** What the loop is to the user's scan, where it is not that scan itself. Told to people only. */
  readonly part?: LoopPart
}

/**
 * Repeats `body` while `condition` holds, and at most `max` times where that is not null. Operands: `conditionConsts`
 * values for the condition, `bodyConsts` values for the body, the carry. Results: the carry.
 */
export interface WhileParams {
  readonly condition: Program
  readonly body: Program
  readonly conditionConsts: number
  readonly bodyConsts: number
  readonly max: number | null
  readonly checkpoint: Checkpoint
}

/**
 * A function with a derivative of its own. Operands: `consts` values that the function uses from around it, and
 * arguments. `primal` takes all operands. `rule` is null where no derivative was asked for around the call.
 */
export interface CustomParams {
  /** The user's function that made it. */
  readonly op: "customVjp" | "customJvp"
  readonly primal: Program
  readonly rule: VjpRule | JvpRule | null
  readonly consts: number
}

/**
 * `forward` takes all operands and gives the results and residuals. `backward` takes the residuals and one cotangent for
 * each result. It gives one cotangent for each argument that `active` names.
 */
export interface VjpRule {
  readonly forward: Program
  readonly backward: Program
  readonly active: ReadonlyArray<number>
}

/**
 * `dual` takes all operands and one tangent for each argument that `active` names. It gives the results and one tangent
 * for each of them that has one.
 */
export interface JvpRule {
  readonly dual: Program
  readonly active: ReadonlyArray<number>
}

/**
 * A program that each device of a mesh runs on its own part of the arrays. The body takes the device's place along each
 * axis of the mesh, as i32, then its part of each operand. The results are put together as `out` says.
 */
export interface ShardMapParams {
  readonly mesh: Mesh
  readonly in: ReadonlyArray<PartitionSpec>
  readonly out: ReadonlyArray<PartitionSpec>
  readonly body: Program
}

export const isEquation = <P extends Primitive>(equation: Equation, primitive: P): equation is Equation<P> =>
  equation.primitive === primitive
