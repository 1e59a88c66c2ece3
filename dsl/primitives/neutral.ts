import { type DType, integerRange, isFloat, isInteger } from "../dtype.ts"
import type { Reduction, Scalar } from "../program.ts"

/** The value that leaves others unchanged: what a reduction of nothing gives. */
export const neutral = (op: Reduction, dtype: DType): Scalar => {
  switch (op) {
    case "sum":
      return 0
    case "prod":
      return 1
    case "all":
      return true
    case "any":
      return false
    default: {
      const greatest = op === "min"
      if (isFloat(dtype)) return greatest ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
      if (isInteger(dtype)) return integerRange(dtype)[greatest ? 1 : 0]
      return greatest
    }
  }
}
