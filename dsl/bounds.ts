import { dtypes, type IntegerDType, integerRange } from "./dtype.ts"
import { type ShapeError, scopeError, shapeError } from "./errors.ts"
import { type Aval, show, sizeOf } from "./shape.ts"

/**
 * The largest array, and the largest that a program may list as numbers. XLA's CPU compiler divides by zero for a loop
 * over 2^39 bytes (PJRT 0.115). It also makes index arrays of 8 bytes for each element, and from 2^63 bytes on every
 * version aborts. A range that is counted and never stored is no array. `unrolled` limits the operations of all steps
 * in one turn of a loop.
 */
export const largest = {
  elements: 2 ** 36,
  bytes: 2 ** 38,
  rank: 64,
  constant: 2 ** 24,
  unrolled: 2 ** 18
} as const

const exact = (numbers: ReadonlyArray<number>): bigint =>
  numbers.reduce((product, each) => product * BigInt(each), 1n)

const power = (bound: number): string => `2^${Math.log2(bound)}`

/** What is too large of an array, or undefined. */
const excess = (aval: Aval): string | undefined => {
  const { bytes } = dtypes[aval.dtype]
  if (aval.shape.length > largest.rank)
    return `an array of ${aval.shape.length} axes; there are at most ${largest.rank}`
  // A compiler multiplies the other axes even where an array has no elements.
  const counted = aval.shape.map((length) => Math.max(length, 1))
  const elements = sizeOf(counted)
  if (elements <= largest.elements && elements * bytes <= largest.bytes) return undefined
  if (aval.shape.includes(0))
    return `${show(aval)} has no elements, but its other axes are ${elements} long together; that is at most ${power(largest.elements)}`
  const size = exact(aval.shape)
  return `${show(aval)} is ${size} elements and ${size * BigInt(bytes)} bytes; an array has at most ${power(largest.elements)} elements and ${power(largest.bytes)} bytes`
}

const fault = (operation: string, words: string): ShapeError =>
  shapeError(
    operation,
    `${operation}: ${words}`,
    "scan over parts of it, such as the rows of an arange, which is counted and never stored"
  )

/** Refuses an array that is larger than a compiler can count. */
export const requireBounds = (operation: string, aval: Aval): void => {
  const words = excess(aval)
  if (words !== undefined) throw fault(operation, words)
}

/** Refuses an axis that is longer than any array may be, before it is divided, cut or counted. */
export const requireLength = (operation: string, what: string, length: number): void => {
  if (Math.abs(length) <= largest.elements) return
  throw fault(operation, `${what} is ${length}; an axis is at most ${power(largest.elements)} long`)
}

/** Refuses an index dtype that cannot count to the axis's length. */
export const requireCounted = (operation: string, length: number, dtype: IntegerDType): void => {
  const [, greatest] = integerRange(dtype)
  if (BigInt(length) <= greatest + 1n) return
  throw fault(operation, `an axis is ${length} long, and the places on it are ${dtype}, up to ${greatest}`)
}

/** How many functions may be traced within one another: each holds some of JavaScript's stack, and of a compiler's. */
export const deepest = 200

export const requireShallow = (what: string, depth: number): void => {
  if (depth <= deepest) return
  throw scopeError(
    "trace",
    `trace: ${what} is the ${depth}th of functions within one another; there are at most ${deepest}`,
    "put what repeats into one scan: scan(init, arange(n), body)"
  )
}
