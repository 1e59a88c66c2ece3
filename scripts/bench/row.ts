import { type Args, type JitOptions, type Jitted, jit, type Specs, type Tree } from "../../pjrt/loopcarry.ts"
import type { Tolerance } from "./agreement.ts"
import type { Input } from "./inputs.ts"

/** One program of the benchmark. JAX's form of it has the same name in `jax/`. */
export interface Row {
  readonly name: string
  readonly inputs: ReadonlyArray<Input>
  /** Makes it anew, so that it is traced and compiled again. */
  readonly jit: (options: JitOptions) => Jitted<ReadonlyArray<Specs>, Tree>
  /** How far results may differ from JAX's. */
  readonly tolerance: Tolerance
  /** Whether its sums and recurrences may be done in another order. */
  readonly reassociate: boolean
  /** Operations stand apart from scans, and do not count in their means. */
  readonly kind: "scan" | "operation"
}

type SpecsOf<I extends ReadonlyArray<Input>> = {
  readonly [K in keyof I]: I[K] extends Input<infer S> ? S : never
}

/** A row of a function of arrays. */
export const row = <const I extends ReadonlyArray<Input>>(
  name: string,
  inputs: I,
  fn: (...args: Args<SpecsOf<I>>) => Tree,
  tolerance: Partial<Tolerance> = {}
): Row => ({
  name,
  inputs,
  jit: (options) => jit(inputs.map(({ spec }) => spec) as never, fn as never, options) as never,
  tolerance: { relative: 1e-4, absolute: 1e-5, ...tolerance },
  reassociate: false,
  kind: "scan"
})

/** A row, and the same with permission to add up in another order. */
export const eitherOrder = (plain: Row): ReadonlyArray<Row> => [
  plain,
  { ...plain, name: `${plain.name}, reassociate`, reassociate: true }
]
