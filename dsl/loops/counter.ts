import type { DType } from "../dtype.ts"
import type { ArangeParams } from "../params.ts"
import type { Aval } from "../shape.ts"

/** The type of a loop's counter: i32 while it can count the steps. A length of null is below 2^31. */
export const counterOf = (length: number | null): Aval => ({
  dtype: (length ?? 0) < 2 ** 31 ? "i32" : "i64",
  shape: []
})

/** Whether a range is 0, 1, 2, … of a dtype. */
export const isCounter = ({ dtype, start, step }: ArangeParams, wanted: DType): boolean =>
  dtype === wanted && start !== null && Number(start) === 0 && Number(step) === 1
