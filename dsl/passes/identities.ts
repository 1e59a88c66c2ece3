import { type IntegerDType, integerRange, isFloat, isInteger, kindOf } from "../dtype.ts"
import type { Params, Primitive } from "../program.ts"
import type { Element } from "../reference/array.ts"
import { type Aval, type Shape, sameShape } from "../shape.ts"
import type { Known } from "./known.ts"

/** A value of a program that is being written: what makes it, and its elements where they are known. */
export interface Term {
  readonly aval: Aval
  readonly known?: Known
  readonly made?: Made
}

/** An application of a primitive. */
export interface Made<P extends Primitive = Primitive> {
  readonly primitive: P
  readonly params: Params[P]
  readonly inputs: ReadonlyArray<Term>
}

/** What an application is in other words: one of its operands, or a shorter application. */
type Identity<P extends Primitive> = (made: Made<P>, aval: Aval) => Term | Made | undefined

/** The element that a term has everywhere. */
const everywhere = ({ known }: Term): Element | undefined => (known?.uniform ? known.data[0] : undefined)

const isEverywhere = (term: Term, wanted: number | boolean): boolean => {
  const element = everywhere(term)
  return typeof element === "bigint"
    ? typeof wanted === "number" && element === BigInt(wanted)
    : Object.is(element, wanted)
}

/** Whether all bits of an integer or boolean are set, or all clear. */
const isAll = (term: Term, set: boolean): boolean => {
  const { dtype } = term.aval
  if (dtype === "bool") return isEverywhere(term, set)
  if (!set) return isEverywhere(term, 0)
  if (kindOf(dtype) === "signed") return isEverywhere(term, -1)
  const element = everywhere(term)
  return element !== undefined && BigInt(element as number) === integerRange(dtype as IntegerDType)[1]
}

const hasMade = <P extends Primitive>(term: Term, primitive: P): term is Term & { readonly made: Made<P> } =>
  term.made?.primitive === primitive

/** The other operand where one is neutral. */
const beside =
  (isNeutral: (term: Term) => boolean): Identity<Primitive> =>
  ({ inputs: [a, b] }) =>
    isNeutral(b!) ? a : isNeutral(a!) ? b : undefined

/** The first operand where the second is neutral. */
const before =
  (isNeutral: (term: Term) => boolean): Identity<Primitive> =>
  ({ inputs: [a, b] }) =>
    isNeutral(b!) ? a : undefined

const isZero = (term: Term): boolean => isEverywhere(term, 0)
const isNegativeZero = (term: Term): boolean => isEverywhere(term, -0)
const isOne = (term: Term): boolean => isEverywhere(term, 1)

/** -0 is what adds nothing to a float: 0 makes a 0 of -0. Which zero two zeros make is left to the device. */
const addition: Identity<"add"> = (made, aval) => {
  if (isInteger(aval.dtype)) return beside(isZero)(made, aval)
  if (!isFloat(aval.dtype) || made.inputs.every((term) => isZero(term) || isNegativeZero(term)))
    return undefined
  return beside(isNegativeZero)(made, aval)
}

/** Done twice, it undoes itself. */
const involution =
  <P extends Primitive>(primitive: P): Identity<P> =>
  ({ inputs: [x] }) =>
    hasMade(x!, primitive) ? x.made.inputs[0] : undefined

const logic =
  (neutral: boolean): Identity<"and" | "or"> =>
  ({ inputs: [a, b] }) => {
    if (a === b) return a
    if (isAll(a!, !neutral) || isAll(b!, neutral)) return a
    return isAll(b!, !neutral) || isAll(a!, neutral) ? b : undefined
  }

const onlyIfSame: Identity<Primitive> = ({ inputs: [x] }, { dtype, shape }) =>
  x!.aval.dtype === dtype && sameShape(x!.aval.shape, shape) ? x : undefined

const isInOrder = (axes: ReadonlyArray<number>): boolean => axes.every((axis, i) => axis === i)

const reduction: Identity<"sum" | "prod" | "max" | "min" | "all" | "any"> = ({ params, inputs }) =>
  params.axes.length === 0 ? inputs[0] : undefined

const whole = ({ start, limit, strides }: Params["slice"], shape: Shape): boolean =>
  shape.every((length, i) => start[i] === 0 && limit[i] === length && strides[i] === 1)

/** Where the axes of an operand are among those of a term that only repeats it, or adds axes of length 1. */
const placesWithin = (term: Term): ReadonlyArray<number> | undefined => {
  if (hasMade(term, "broadcast")) return term.made.params.axes
  if (!hasMade(term, "reshape")) return undefined
  const { shape } = term.aval
  const longer = shape.flatMap((length, axis) => (length === 1 ? [] : [axis]))
  const lengths = longer.map((axis) => shape[axis]!)
  return sameShape(term.made.inputs[0]!.aval.shape, lengths) ? longer : undefined
}

/** Exact for every value, infinities, NaN and the signs of zeros included. */
export const identities: { readonly [P in Primitive]?: Identity<P> } = {
  add: addition,
  sub: before(isZero),
  mul: (made, aval) => {
    if (isInteger(aval.dtype)) {
      const zero = made.inputs.find(isZero)
      if (zero !== undefined) return zero
    }
    return beside(isOne)(made, aval)
  },
  div: before(isOne),
  and: logic(true),
  or: logic(false),
  xor: beside((term) => isAll(term, false)),
  shiftLeft: before(isZero),
  shiftRightLogical: before(isZero),
  shiftRightArithmetic: before(isZero),
  neg: involution("neg"),
  not: involution("not"),
  select: ({ inputs: [predicate, a, b] }) => {
    const holds = everywhere(predicate!)
    if (holds !== undefined) return holds === true ? a : b
    return a === b ? a : undefined
  },
  convert: onlyIfSame,
  bitcast: onlyIfSame,
  stopGradient: ({ inputs: [x] }) => x,
  guard: ({ inputs: [, x] }) => x,
  reshape: (made, aval) => {
    const [x] = made.inputs
    if (hasMade(x!, "reshape")) return { ...made, inputs: x.made.inputs }
    return onlyIfSame(made, aval)
  },
  transpose: ({ primitive, params: { permutation }, inputs: [x] }) => {
    if (isInOrder(permutation)) return x
    if (!hasMade(x!, "transpose")) return undefined
    const inner = x.made.params.permutation
    const both = permutation.map((axis) => inner[axis]!)
    return { primitive, params: { permutation: both }, inputs: x.made.inputs }
  },
  reverse: ({ primitive, params: { axes }, inputs: [x] }, { shape }) => {
    if (axes.every((axis) => shape[axis]! <= 1)) return x
    if (!hasMade(x!, "reverse")) return undefined
    const inner = x.made.params.axes
    const once = [
      ...axes.filter((axis) => !inner.includes(axis)),
      ...inner.filter((axis) => !axes.includes(axis))
    ]
    return { primitive, params: { axes: once }, inputs: x.made.inputs }
  },
  broadcast: (made, aval) => {
    const { primitive, params, inputs } = made
    const [x] = inputs
    if (isInOrder(params.axes) && sameShape(x!.aval.shape, aval.shape)) return x
    const places = placesWithin(x!)
    if (places === undefined) return undefined
    const axes = places.map((axis) => params.axes[axis]!)
    return { primitive, params: { shape: params.shape, axes }, inputs: x!.made!.inputs }
  },
  slice: ({ params, inputs: [x] }) => (whole(params, x!.aval.shape) ? x : undefined),
  concatenate: ({ inputs }) => (inputs.length === 1 ? inputs[0] : undefined),
  pad: ({ params: { low, high, interior }, inputs: [x] }) =>
    [...low, ...high, ...interior].every((count) => count === 0) ? x : undefined,
  sum: reduction,
  prod: reduction,
  max: reduction,
  min: reduction,
  all: reduction,
  any: reduction
}
