import * as Effect from "effect/Effect"
import { requireBounds } from "./bounds.ts"
import { displayedProgram } from "./display.ts"
import { isTraceError, ScopeError, scopeError, shapeError, type TraceError } from "./errors.ts"
import type { Equation, Program, Var } from "./program.ts"
import { requireFlag, requireFunction, requireList, requireOptions } from "./required.ts"
import { type Aval, show } from "./shape.ts"
import { type Args, isSpec, type Spec, type Specs } from "./spec.ts"
import {
  escaped,
  isTensor,
  makeParameter,
  type Node,
  nextOrder,
  requireArray,
  type Tensor,
  TraceScope,
  type Value,
  valueOf
} from "./tensor.ts"
import { type Flat, flatten, type Structure, type Tree, unflatten } from "./tree.ts"
import type { IsTree } from "./tree-types.ts"
import { type UnusedBoolean, watchingBooleans } from "./unused.ts"

/** A function made into a program, with the trees that its arguments and its result have. */
export interface Traced {
  readonly program: Program
  readonly inputs: Flat<Spec>
  readonly outputs: Structure
  /** What is no error, and almost certainly a mistake. */
  readonly warnings: ReadonlyArray<TraceError>
}

/** How a function is traced. */
export interface TraceOptions {
  /** Whether what would be a warning is an error (false). */
  readonly strict?: boolean
}

/**
 * It costs nothing, so each program that uses it gets its own copy. A constant reads better in a loop's body than as an
 * operand. A guard must be seen by whoever differentiates that program.
 */
const isRepeatable = (node: Node): boolean =>
  node.primitive === "guard" ||
  (node.primitive === "constant" && !Array.isArray((node as Node<"constant">).params.value))

interface Reached {
  /** What belongs to the program, in the order of the user's calls. */
  readonly nodes: ReadonlyArray<Node>
  /** What it uses from around it. */
  readonly captured: ReadonlyArray<Value>
}

/** Walks back from the outputs; iterative, for a program may be tens of thousands of operations deep. */
const reach = (
  scope: TraceScope,
  parameters: ReadonlySet<Value>,
  outputs: ReadonlyArray<Value>,
  whole: boolean,
  since: number
): Reached => {
  const inside = new Set<Node>()
  const captured = new Set<Value>()
  const pending = [...outputs]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const { node } = value
    if (parameters.has(value) || inside.has(node) || captured.has(value)) continue
    if (node.scope !== undefined && !node.scope.open)
      throw escaped("trace", node.scope, `the result of ${scope.what}`)
    const own = node.primitive !== "parameter" && (whole || node.order >= since || isRepeatable(node))
    if (node.scope === scope || own) {
      inside.add(node)
      for (const input of node.inputs) pending.push(input)
    } else {
      captured.add(value)
    }
  }
  const byOrder = <T>(items: Iterable<T>, order: (item: T) => number) =>
    [...items].sort((a, b) => order(a) - order(b))
  return {
    nodes: byOrder(inside, (node) => node.order),
    captured: byOrder(captured, (value) => value.node.order)
  }
}

/**
 * The program between the parameters of a scope and the outputs. Values from outer scopes come first among its inputs,
 * as `captured`. A `whole` program has no outside, and takes in everything that depends on no parameter. A node made in
 * the order `since` or later belongs to it, even if it depends on outer scopes alone. So a branch keeps its own work,
 * which a loop would hoist.
 */
export const extract = (
  scope: TraceScope,
  parameters: ReadonlyArray<Value>,
  outputs: ReadonlyArray<Value>,
  whole: boolean,
  since = Number.POSITIVE_INFINITY
): { readonly program: Program; readonly captured: ReadonlyArray<Value> } => {
  for (const output of outputs) requireArray("arange", output)
  const { nodes, captured } = reach(scope, new Set(parameters), outputs, whole, since)
  const vars = new Map<Value, Var>()
  const define = (value: Value): Var => {
    const made: Var = { id: vars.size, aval: { dtype: value.dtype, shape: value.shape } }
    vars.set(value, made)
    return made
  }
  const use = (value: Value): Var => vars.get(value)!
  const inputs = [...captured, ...parameters].map(define)
  const equations = nodes.map(
    (node): Equation => ({
      primitive: node.primitive as Equation["primitive"],
      params: node.params,
      inputs: node.inputs.map(use),
      outputs: node.outputs.map(define),
      ...(node.place === undefined ? {} : { place: node.place })
    })
  )
  return { program: { inputs, equations, outputs: outputs.map(use) }, captured }
}

/** Runs `body` with the parameters of a new scope, which closes when it ends, however it ends. */
export const inScope = <T>(what: string, body: (scope: TraceScope) => T): T => {
  const scope = new TraceScope(what)
  try {
    return body(scope)
  } finally {
    scope.close()
  }
}

/** Traces a function of values. What it uses from around it is `captured`, and comes first among the inputs. */
export const subprogram = (
  what: string,
  avals: ReadonlyArray<Aval>,
  fn: (parameters: ReadonlyArray<Value>) => ReadonlyArray<Value>,
  keepsOwn = false
) =>
  inScope(what, (scope) => {
    const since = keepsOwn ? nextOrder() : Number.POSITIVE_INFINITY
    const parameters = avals.map((aval) => makeParameter(aval, scope))
    return extract(scope, parameters, fn(parameters), false, since)
  })

/** A function of trees traced inside another: its program takes `captured`, then the leaves of the arguments. */
export interface Captured {
  readonly program: Program
  readonly captured: ReadonlyArray<Value>
  readonly outputs: Flat<Tensor>
}

/** Traces a function whose arguments have the structure and the types of `args`; for `keepsOwn` see `extract`. */
export const capture = (
  op: string,
  fn: (...args: ReadonlyArray<never>) => unknown,
  args: Structure,
  avals: ReadonlyArray<Aval>,
  keepsOwn = false
): Captured => {
  requireFunction(op, "the function", fn)
  for (const aval of avals) requireBounds(op, aval)
  let outputs: Flat<Tensor> | undefined
  const trace = (parameters: ReadonlyArray<Value>) => {
    const given = unflatten<Value>(args, parameters) as unknown as ReadonlyArray<never>
    outputs = flatten<Tensor>(fn(...given) as Tree, isTensor, op, "result")
    return outputs.leaves.map(valueOf)
  }
  const made = subprogram(`a function given to ${op}`, avals, trace, keepsOwn)
  return { ...made, outputs: outputs! }
}

/** As `subprogram`, of a function that uses nothing from around it. */
export const programOf = (
  avals: ReadonlyArray<Aval>,
  fn: (parameters: ReadonlyArray<Value>) => ReadonlyArray<Value>
): Program =>
  inScope("a transform", (scope) => {
    const parameters = avals.map((aval) => makeParameter(aval, scope))
    return extract(scope, parameters, fn(parameters), true).program
  })

const unusedWarning = ({ primitive, aval, source }: UnusedBoolean): TraceError =>
  new ScopeError({
    operation: primitive,
    message: `${primitive}: its result, ${show(aval)}, is used by nothing; in a condition of JavaScript a tensor is always true`,
    hint: "write select(p, a, b) or cond(p, f, g) for if and ?:, and(p, q) for &&, or(p, q) for ||, not(p) for !",
    source
  })

/** As `trace`, at once; throws a TraceError. */
export const traceNow = <const P extends ReadonlyArray<Specs>, const R>(
  specs: P,
  fn: (...args: Args<P>) => R & IsTree<"trace", "the result", R>,
  op = "trace"
): Traced => {
  const { result, unused } = watchingBooleans(() =>
    inScope("a traced function", (scope) => {
      requireList(op, "specs", specs, `give a spec for each argument: ${op}([f32(3)], (x) => …)`)
      requireFunction(op, "the function", fn)
      const inputs = flatten<Spec>(specs as Specs, isSpec, op, "args", "spec")
      const parameters = inputs.leaves.map((spec) => makeParameter(spec, scope))
      const args = unflatten(inputs.structure, parameters) as unknown as Args<P>
      const result = flatten<Tensor>(fn(...args) as Tree, isTensor, op, "result")
      const { program } = extract(scope, parameters, result.leaves.map(valueOf), true)
      return { program: displayedProgram(program), inputs, outputs: result.structure }
    })
  )
  return { ...result, warnings: unused.map(unusedWarning) }
}

/** What has no warnings, or those that are refused. Throws a TraceError. */
export const requireStrict = (made: Traced, strict: boolean): Traced => {
  const [first] = made.warnings
  if (strict && first !== undefined) throw first
  return made
}

/**
 * Runs a function once on stand-ins for its arguments, and records what it does as a program. The effect fails with a
 * `TraceError`: what the function does wrong. Its `warnings` are what it almost certainly does wrong, such as a
 * comparison that nothing uses; `{ strict: true }` makes them errors.
 *
 * @example
 * const { program } = yield* trace([f32(3)], (x) => mul(x, 2))
 * program.outputs[0]?.aval.shape // [3]
 */
export const trace = <const P extends ReadonlyArray<Specs>, const R>(
  specs: P,
  fn: (...args: Args<P>) => R & IsTree<"trace", "the result", R>,
  options?: TraceOptions
): Effect.Effect<Traced, TraceError> =>
  traced(() => {
    const { strict } = requireOptions("trace", options, ["strict"])
    return requireStrict(traceNow(specs, fn as never), requireFlag("trace", "strict", strict))
  })

/** What JavaScript itself says of a program that is too large for it, in a typed error's words. */
const ofLimits = (error: unknown): unknown => {
  if (!(error instanceof RangeError)) return error
  if (error.message === "Maximum call stack size exceeded")
    return scopeError(
      "trace",
      "trace: the functions being traced call one another deeper than JavaScript's stack holds",
      "look for one that calls itself without end; put what repeats into one scan: scan(init, arange(n), body)"
    )
  if (error.message === "Invalid string length")
    return shapeError(
      "trace",
      "trace: the program is longer than a JavaScript string may be",
      "give tables as arguments, and put what repeats into one scan"
    )
  return error
}

/** Makes the complaints of a tracing function typed failures; anything else it throws is a defect. */
export const traced = <T>(run: () => T): Effect.Effect<T, TraceError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(run())
    } catch (error) {
      const complaint = ofLimits(error)
      return isTraceError(complaint) ? Effect.fail(complaint) : Effect.die(complaint)
    }
  })
