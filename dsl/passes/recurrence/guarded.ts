import { isComplex } from "../../dtype.ts"
import { apply, apply1 } from "../../primitives/index.ts"
import type { ScanParams } from "../../program.ts"
import type { Value } from "../../tensor.ts"
import { programOf } from "../../trace.ts"
import { binary, convert, range, unary } from "../../values.ts"

/** Whether all numbers are finite. */
const areFinite = (values: ReadonlyArray<Value>): Value => {
  const parts = values.flatMap((value) =>
    isComplex(value.dtype) ? [unary("real", value), unary("imag", value)] : [value]
  )
  const each = parts.map((part) => apply1("all", { axes: range(part.shape.length) }, unary("isFinite", part)))
  return each.reduce((a, b) => binary("and", a, b))
}

/**
 * The results of the lanes where all factors are finite, else those of the loop. A product of factors may overflow
 * where the carry, which is small or zero, does not.
 */
export const guarded = (
  params: ScanParams,
  inputs: ReadonlyArray<Value>,
  factors: ReadonlyArray<Value>,
  known: ReadonlyArray<Value>,
  lanes: (inputs: ReadonlyArray<Value>, known: ReadonlyArray<Value>) => ReadonlyArray<Value>
): ReadonlyArray<Value> => {
  if (factors.length === 0) return lanes(inputs, known)
  const operands = [...inputs, ...known]
  const given = (values: ReadonlyArray<Value>) =>
    [values.slice(0, inputs.length), values.slice(inputs.length)] as const
  const loop = programOf(operands, (values) => apply("scan", params, given(values)[0]))
  const fast = programOf(operands, (values) => lanes(...given(values)))
  const index = convert(areFinite(factors), "i32")
  return apply("switch", { branches: [loop, fast] }, [index, ...operands])
}
