import type { Args } from "./spec.ts"
import { Spec, type Specs } from "./spec.ts"
import type { Tensor } from "./tensor.ts"
import { traceNow } from "./trace.ts"
import { type Tree, unflatten } from "./tree.ts"
import type { IsTree } from "./tree-types.ts"

/** The specs of a tree of tensors. */
export type SpecsOf<T> = [Tree] extends [T]
  ? Specs
  : T extends Tensor<infer D, infer S>
    ? Spec<D, S>
    : T extends null
      ? null
      : { readonly [K in keyof T]: SpecsOf<T[K]> }

/**
 * Gives the specs of what a function returns for arguments of such specs: a tree of the same structure. The function is
 * traced once, and nothing runs. So the state of an optimizer becomes an argument of `jit`. Fails with a `TraceError`:
 * what the function does wrong.
 *
 * @example
 * const state = evalShape([f32(3)], (x) => ({ sum: sum(x), pair: stack([x, x]) }))
 * state.sum.dtype // "f32"
 * state.pair.shape // [2, 3]
 */
export const evalShape = <const P extends ReadonlyArray<Specs>, const R>(
  specs: P,
  fn: (...args: Args<P>) => R & IsTree<"evalShape", "the result", R>
): SpecsOf<R> => {
  const { program, outputs } = traceNow(specs, fn as never, "evalShape")
  return unflatten<Spec>(
    outputs,
    program.outputs.map(({ aval }) => new Spec(aval.dtype, aval.shape))
  ) as SpecsOf<R>
}
