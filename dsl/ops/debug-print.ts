import { apply1 } from "../primitives/index.ts"
import { requireTensor, requireText } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"

/**
 * The same tensor, whose elements are printed each time that it is worked out: within a scan, at each step. Nothing is
 * printed of a tensor that no result needs. On the CPU and the reference device.
 *
 * @example scan(init, xs, (carry, x) => { const next = debugPrint("next", step(carry, x)); return [next, next] })
 */
export const debugPrint = <D extends Tensor["dtype"], S extends Shape>(
  label: string,
  x: Tensor<D, S>
): Tensor<D, S> => {
  requireText("debugPrint", "label", label)
  return tensorOf(apply1("debugPrint", { label }, requireTensor("debugPrint", "x", x)))
}
