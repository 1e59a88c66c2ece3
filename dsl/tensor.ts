import { requireBounds, requireShallow } from "./bounds.ts"
import { displayedAs } from "./display.ts"
import type { DType } from "./dtype.ts"
import { scopeError } from "./errors.ts"
import { markKind } from "./kinds.ts"
import { refuseNumbers } from "./no-number.ts"
import { placeNow } from "./place.ts"
import type { Params, Primitive } from "./program.ts"
import { type Aval, type Shape, show } from "./shape.ts"
import { noteMade } from "./unused.ts"

declare const tensorBrand: unique symbol

/**
 * A value of the program being traced: a dtype and a shape, both known to the editor as literals where it can know
 * them. It has no elements yet; those exist once the compiled program has run.
 */
export interface Tensor<out D extends DType = DType, out S extends Shape = Shape> {
  readonly dtype: D
  readonly shape: S
  readonly [tensorBrand]: true
}

/**
 * The extent of one function being traced. A tensor that depends on the function's parameters has meaning only inside
 * it. Scopes are numbered as they open, and an inner one opens later, so of two open scopes the later is the inner.
 */
export class TraceScope {
  static #count = 0
  static #depth = 0
  readonly order = TraceScope.#count++
  readonly what: string
  #open = true

  constructor(what: string) {
    this.what = what
    requireShallow(what, TraceScope.#depth + 1)
    TraceScope.#depth++
  }

  get open(): boolean {
    return this.#open
  }

  close(): void {
    if (this.#open) TraceScope.#depth--
    this.#open = false
  }
}

/** One application of a primitive, not yet part of a Program. */
export interface Node<P extends Primitive = Primitive> {
  /** Grows with creation, which is the order of the user's calls. */
  readonly order: number
  readonly primitive: P | "parameter"
  readonly params: Params[P]
  readonly inputs: ReadonlyArray<Value>
  readonly outputs: Array<Value>
  /** The innermost scope it depends on; undefined for what depends on no parameter. */
  readonly scope: TraceScope | undefined
  /** Where the user wrote it, where places are recorded. */
  readonly place: string | undefined
}

let nodes = 0

/** The order of the next node: what is made from now on has this or a greater one. */
export const nextOrder = (): number => nodes

/** What a Tensor is at run time: one result of a node. */
export class Value implements Aval {
  readonly dtype: DType
  readonly shape: Shape
  readonly node: Node
  /** What only the constructor gives: a proxy or an object of the same prototype has it not. */
  readonly #made = true

  static is(value: unknown): value is Value {
    return typeof value === "object" && value !== null && #made in value
  }

  constructor(aval: Aval, node: Node) {
    this.dtype = aval.dtype
    this.shape = aval.shape
    this.node = node
  }

  toString(): string {
    return show(this)
  }
}

markKind(Value.prototype, "tensor")
displayedAs<Value>(Value.prototype, { text: (value) => `tensor ${show(value)}` })
refuseNumbers(Value.prototype, "tensor", {
  shown: String,
  why: "it has no elements while the program is traced",
  arithmetic: "write add(x, 1) for x + 1, eq(x, y) for x == y, and select(lt(x, y), a, b) for x < y ? a : b",
  element: "write at(x, i).get() for x[i], and x.shape[i] for a dimension",
  assignment: "a tensor does not change: write const y = at(x, i).set(v) for x[i] = v",
  length: "write x.shape[0]",
  items: "take its rows apart with unstack(x), one with at(x, i).get(), or go through them with scan or map",
  json: "return it from the function that is traced, and read what running it gives"
})

const innermost = (inputs: ReadonlyArray<Value>): TraceScope | undefined => {
  let found: TraceScope | undefined
  for (const { node } of inputs) {
    if (node.scope !== undefined && (found === undefined || node.scope.order > found.order))
      found = node.scope
  }
  return found
}

/** An arange, which is an array only where an operation takes it or a function gives it back. */
const isCounted = (node: Node): boolean => node.primitive === "arange"

/** Refuses to give back a range that is longer than an array may be. */
export const requireArray = (operation: string, value: Value): void => {
  if (isCounted(value.node)) requireBounds(operation, value)
}

/** Adds a node. `avals` are its results' types, which the primitive's rule has inferred. */
export const makeNode = <P extends Primitive>(
  primitive: P,
  params: Params[P],
  inputs: ReadonlyArray<Value>,
  avals: ReadonlyArray<Aval>
): ReadonlyArray<Value> => {
  for (const input of inputs) {
    const { node } = input
    if (node.scope !== undefined && !node.scope.open) throw escaped(primitive, node.scope)
    if (isCounted(node)) requireBounds(primitive, input)
  }
  if (primitive !== "arange") for (const aval of avals) requireBounds(primitive, aval)
  const node: Node<P> = {
    order: nodes++,
    primitive,
    params,
    inputs,
    outputs: [],
    scope: innermost(inputs),
    place: placeNow()
  }
  for (const aval of avals) node.outputs.push(new Value(aval, node as Node))
  noteMade(node)
  return node.outputs
}

/** A tensor whose function was traced is used; `where` says by what, if not by an operation. */
export const escaped = (operation: string, scope: TraceScope, where = operation) =>
  scopeError(
    operation,
    `${where}: a tensor of ${scope.what} is used after that function was traced`,
    "return it from the function (a scan's carry or output) instead of keeping it in an outer variable"
  )

/** A parameter of the function that `scope` traces. */
export const makeParameter = (aval: Aval, scope: TraceScope): Value => {
  requireBounds("a parameter", aval)
  const node: Node = {
    order: nodes++,
    primitive: "parameter",
    params: {} as never,
    inputs: [],
    outputs: [],
    scope,
    place: undefined
  }
  const value = new Value(aval, node)
  node.outputs.push(value)
  return value
}

export const isTensor = (value: unknown): value is Tensor => Value.is(value)

/** A Tensor seen from inside the library, and back. The brand is a type only; at run time the two are one. */
export const valueOf = (tensor: Tensor): Value => tensor as unknown as Value
export const tensorOf = <D extends DType, S extends Shape>(value: Value): Tensor<D, S> =>
  value as unknown as Tensor<D, S>
