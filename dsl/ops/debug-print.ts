import { apply1 } from "../primitives/index.ts"
import { requireTensor, requireText } from "../required.ts"
import type { Shape } from "../shape.ts"
import { type Tensor, tensorOf } from "../tensor.ts"

/**
 * Gives back the same tensor, and prints its elements each time that it is computed: within a scan, at each step. A
 * tensor that no result needs is not computed and not printed. Works on the CPU and the reference device. Fails with
 * a `ValueError` for a label that is no text.
 *
 * @example
 * const [last] = scan(scalar(1, "f32"), null, (x) => [debugPrint("x", mul(x, 2)), null], { length: 3 })
 * last // 8
 */
export const debugPrint = <D extends Tensor["dtype"], S extends Shape>(
  label: string,
  x: Tensor<D, S>
): Tensor<D, S> => {
  requireText("debugPrint", "label", label)
  return tensorOf(apply1("debugPrint", { label }, requireTensor("debugPrint", "x", x)))
}
