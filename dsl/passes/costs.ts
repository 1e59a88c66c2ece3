import type { Kind } from "./work.ts"

/** What is gained by an operation that leaves a loop and runs for all steps at once, in nanoseconds. */
export interface Gain {
  /** For each of its first `width` elements. */
  readonly element: number
  /** For the operation itself. */
  readonly step: number
}

/** Rough costs of a platform, in nanoseconds and bytes. Passes decide by them what pays. */
export interface Costs {
  /** What each kind of operation gains outside a loop. */
  readonly gains: { readonly [K in Kind]: Gain }
  /** How many elements of a row one step computes about as fast as one. */
  readonly width: number
  /** A byte of a stacked value: written by one loop, and read by the next. */
  readonly byte: number
  /** One more computation outside the loop. */
  readonly launch: number
  /** What lanes must save, since they take longer to compile. */
  readonly worth: number
  /** One turn of a loop, beside its operations. */
  readonly turn: number
  /** How many elements of a carry go side by side at little more than the cost of one. */
  readonly lanes: number
  /** How many bytes the passes may stack for one loop beyond what it stacks anyway. */
  readonly budget: number
}

/**
 * The CPU plugin 0.115 on 2 cores of x86-64, by `npm run bench -- --jax`. A scan of 10^6 that ignores its carry takes
 * 1.28 ms as one vector expression of 4 MB: 0.3 ns for each byte written, most of it page faults. c' = 0.9 c +
 * tanh(exp(-x^2) x) over 10^5 steps gains 3.5 ns a step by its two functions. A 64 by 64 matrix times a vector takes
 * 0.6 µs less for each step as one product of all steps.
 */
const cpu: Costs = {
  gains: {
    layout: { element: 0, step: 0 },
    cheap: { element: 0, step: 0 },
    division: { element: 0.6, step: 0 },
    function: { element: 1.8, step: 5 },
    product: { element: 0.15, step: 50 },
    whole: { element: 0.5, step: 20 },
    loop: { element: 1, step: 50 }
  },
  width: 8,
  byte: 0.4,
  launch: 2000,
  worth: 20_000,
  turn: 3.5,
  lanes: 1024,
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
  launch: 10_000,
  worth: 20_000,
  turn: 5000,
  lanes: 65_536,
  budget: 2 ** 28
}

/** A guess, not measured: no TPU was at hand. A turn costs about 1 µs, and small products leave the matrix unit idle. */
const tpu: Costs = {
  ...cuda,
  turn: 1000,
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

const tables: Readonly<Record<string, Costs>> = { cpu, reference: cpu, tpu, cuda, rocm: cuda }

/** The costs of a platform; for one that is not known, those of a GPU. */
export const costsOf = (platform: string): Costs => tables[platform] ?? cuda
