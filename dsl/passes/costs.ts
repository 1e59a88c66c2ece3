import type { DType } from "../dtype.ts"

/**
 * What a step's operation costs, roughly. `layout` moves elements or makes them of nothing. `whole` looks at many
 * elements for each result. `loop` holds a loop of its own.
 */
export type Kind = "layout" | "cheap" | "division" | "function" | "product" | "whole" | "loop"

/** What is gained by an operation that leaves a loop and runs for all steps at once, in nanoseconds. */
export interface Gain {
  /** For each of its first `width` elements. */
  readonly element: number
  /** For the operation itself. */
  readonly step: number
  /** For each element, however many there are. */
  readonly each?: number
  /** What is lost where the operation is done for each step apart nevertheless. */
  readonly apart?: number
}

/** What one turn of a loop takes. */
export interface Turn {
  /** The latency of one operation on the carry: a float, or an integer. */
  readonly float: number
  readonly integer: number
  /** Each further operation in a row on floats of the carry. */
  readonly chained: number
  /** Each of the first 64 elements of the carry, beyond the first. */
  readonly element: number
  /** Each further element. */
  readonly wide: number
}

/** What it costs to move an element to another place: with the row of 8 elements or more that it is in, or alone. */
export interface Moved {
  readonly inRow: number
  readonly alone: number
}

/** How far loops are unrolled, by operations on numbers. */
export interface Unroll {
  /** A loop of so many operations in all its steps is written out. */
  readonly whole: number
  /** One turn takes so many steps at most, */
  readonly steps: number
  /** of so many operations together, */
  readonly operations: number
  /** each on at most so many elements. */
  readonly elements: number
}

/** Rough costs of a platform, in nanoseconds and bytes. Passes decide by them what pays. */
export interface Costs {
  /** What each kind of operation gains outside a loop. */
  readonly gains: { readonly [K in Kind]: Gain }
  /** How many elements of a row one step computes about as fast as one. */
  readonly width: number
  /** A byte of a stacked value: written by one loop, and read by the next. */
  readonly byte: number
  /** A loop is compiled as one function where a step reads and writes at most so many bytes. */
  readonly oneFunction: number
  /** An element of a slice that each step takes of its row. Loops of many functions do not vectorize what reads it. */
  readonly slice: number
  /** An element of a sum over all steps, beyond what a loop of one function takes to add it. */
  readonly sum: number
  /** Beyond so many bytes for all steps, a stored byte costs twice as much. */
  readonly cache: number
  /** One more computation outside the loop. */
  readonly launch: number
  /** What an expression of whole arrays must save in place of a loop: it may wake another thread. */
  readonly wake: number
  /** What lanes must save, since they take longer to compile. */
  readonly worth: number
  readonly turn: Turn
  /** An element of an array that is laid out in lanes, or of one that is laid out in rows again. */
  readonly toLanes: Moved
  readonly fromLanes: Moved
  /** How many elements of a carry go side by side at little more than the cost of one. */
  readonly lanes: number
  /** A product of two factors of an element, where leaves need one another and lanes multiply all their factors. */
  readonly factor: number
  /** While a step waits for a function of the carry, it does other work, so many times what such a function gains. */
  readonly overlap: number
  /** In which dtype the effect of a lane on a float carry is computed, so that it adds no error. */
  readonly wider: Partial<Readonly<Record<DType, DType>>>
  readonly unroll: Unroll
  /** A row is reduced in so many lanes; 0 where that gains nothing. */
  readonly rowLanes: number
  /** Matrices are factored in blocks of so many columns, or a multiple; 0 where that gains nothing. */
  readonly factorBlock: number
  /** How many bytes the passes may stack for one loop beyond what it stacks anyway. */
  readonly budget: number
}

/**
 * The CPU plugin 0.115 on 2 cores of x86-64, by `npm run bench -- --jax`. A scan of 10^6 that ignores its carry takes
 * 1.28 ms as one vector expression of 4 MB: 0.3 ns for each byte written, most of it page faults. c' = 0.9 c +
 * tanh(exp(-x^2) x) over 10^5 steps gains 3.5 ns a step by its two functions. A 64 by 64 matrix times a vector takes
 * 0.6 µs less for each step as one product of all steps. c' = a c + b takes 7, 23, 44 and 105 ns a step for 4, 16, 64
 * and 256 elements. Laying 10^6 numbers out in 1000 lanes takes 1 ms, and laying them back 0.45. A running sum of 10^6
 * takes 4.0 ms, and unrolled by 2, 4, 8, 16, 32 and 64 steps 3.4, 2.4, 1.8, 1.5, 2.1 and 13.6 ms; c' = a c + b takes
 * 4.1, 3.9, 2.6, 2.1, 1.8, 6.1 and 21 ms. Carries of 16 elements and more gain nothing. Written out, a running sum of
 * 10 takes 2.5 times as long to compile, and runs no faster. A product of 32 by 64 by 256 with four slices of a row of
 * 32 by 256 added to its parts takes 70 µs a step, and 26 with rows that are sliced before the loop. In a loop that is
 * one function the slices cost nothing, and rows that are sliced before it take 1.4 times as long. 1000 products of 4
 * by 4 matrices, a pair for each step, take 0.5 ms outside the loop. An expression of 1000 numbers takes up to 45 µs
 * where a thread must be woken, and its loop 15; of 10,000 numbers 16 to 35 and 23 to 32. A Cholesky factor of 256 columns takes 17 ms, and in
 * blocks of 16, 32 and 64 1.8, 1.5 and 2.9; one of 64 0.5 ms, and in blocks of 32 0.19. The greatest of 4096 rows of
 * 512 takes 1.0 ms, and in 8, 16, 32 and 64 lanes 0.26, 0.29, 0.26 and 0.31. A softmax of them takes 2.3 ms, and with
 * lanes 1.4. A sum of 4096 rows of 64 takes 0.1 ms more outside it. A turning vector, x' = a x - b y + u and y' = b x +
 * a y, takes 5.0 ns a step, and 4.7 without outputs. In 250 lanes it takes 3.8 and 1.8, in 1000 lanes 6.6 and 4.2. y' = a y + b z + u and z' = y take 3.7
 * ns, and 4.2 in 250 lanes. h' = tanh(h / 2 + x) takes 17 ns a step, and 18 with two more functions of h. Functions of
 * a running sum, in another loop than max(h / 2, f(sum)), save 3.3 of 8.5 ns. Two layers of a tanh RNN of 64, as two
 * loops, save 0.1 of 0.74 µs a step.
 */
const cpu: Costs = {
  gains: {
    layout: { element: 0, step: 0 },
    cheap: { element: 0, step: 0 },
    division: { element: 0.6, step: 0 },
    function: { element: 1.8, step: 5 },
    product: { element: 0.15, step: 50, each: 0.03, apart: 400 },
    whole: { element: 0.5, step: 20 },
    loop: { element: 1, step: 50 }
  },
  width: 8,
  byte: 0.4,
  oneFunction: 2 ** 16,
  slice: 4,
  sum: 0.4,
  cache: 2 ** 22,
  launch: 2000,
  wake: 6000,
  worth: 20_000,
  turn: { float: 1.6, integer: 1, chained: 1.6, element: 0.65, wide: 0.3 },
  toLanes: { inRow: 0.3, alone: 1 },
  fromLanes: { inRow: 0.3, alone: 0.45 },
  lanes: 1024,
  factor: 0.1,
  overlap: 2,
  wider: { f16: "f32", bf16: "f32", f32: "f64", c64: "c128" },
  unroll: { whole: 8, steps: 16, operations: 16, elements: 4 },
  rowLanes: 16,
  factorBlock: 32,
  budget: 2 ** 26
}

/**
 * A guess, not measured: no GPU was at hand. Each operation of a turn is a launch of some 5 µs, and what leaves the loop
 * saves it (jax#2491 has 8 µs a turn).
 */
const cuda: Costs = {
  gains: {
    layout: { element: 0, step: 0 },
    cheap: { element: 0, step: 100 },
    division: { element: 0, step: 100 },
    function: { element: 0, step: 500 },
    product: { element: 0.01, step: 5000 },
    whole: { element: 0.01, step: 5000 },
    loop: { element: 0.01, step: 5000 }
  },
  width: 4096,
  byte: 0.002,
  oneFunction: 0,
  slice: 0,
  sum: 0,
  cache: 2 ** 25,
  launch: 10_000,
  wake: 0,
  worth: 20_000,
  turn: { float: 5000, integer: 5000, chained: 0, element: 0, wide: 0.001 },
  toLanes: { inRow: 0.01, alone: 0.02 },
  fromLanes: { inRow: 0.01, alone: 0.02 },
  lanes: 65_536,
  factor: 0.01,
  overlap: 0,
  wider: { f16: "f32", bf16: "f32" },
  unroll: { whole: 256, steps: 4, operations: 64, elements: 2 ** 20 },
  rowLanes: 0,
  factorBlock: 0,
  budget: 2 ** 28
}

/** A guess, not measured: no TPU was at hand. A turn costs about 1 µs, and small products leave the matrix unit idle. */
const tpu: Costs = {
  ...cuda,
  turn: { float: 1000, integer: 1000, chained: 0, element: 0, wide: 0.001 },
  gains: {
    layout: { element: 0, step: 0 },
    cheap: { element: 0, step: 20 },
    division: { element: 0, step: 50 },
    function: { element: 0, step: 100 },
    product: { element: 0.005, step: 1000 },
    whole: { element: 0.01, step: 1000 },
    loop: { element: 0.01, step: 1000 }
  }
}

/** An interpreter gains nothing by writing steps out. */
const reference: Costs = {
  ...cpu,
  unroll: { whole: 0, steps: 1, operations: 0, elements: 0 },
  rowLanes: 0,
  factorBlock: 0
}

const tables: Readonly<Record<string, Costs>> = { cpu, reference, tpu, cuda, rocm: cuda }

/** The costs of a platform; for one that is not known, those of a GPU. */
export const costsOf = (platform: string): Costs => tables[platform] ?? cuda

/** The nanoseconds of one turn of a loop with so many elements in its carry. */
export const turnOf = ({ turn }: Costs, elements: number, rounds: boolean): number =>
  (rounds ? turn.float : turn.integer) +
  turn.element * Math.min(elements - 1, 63) +
  turn.wide * Math.max(elements - 64, 0)
