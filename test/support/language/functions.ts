import type { Tensor } from "../../../dsl/tensor.ts"
import { batches } from "./batches.ts"
import { control } from "./control.ts"
import { densities } from "./densities.ts"
import { distributions } from "./distributions.ts"
import { linalg } from "./linalg.ts"
import { operations } from "./operations.ts"
import { randomness } from "./randomness.ts"

/** Tensors whose shape the test knows only at run time. */
export type T = Tensor<"f64">
export type S = Tensor<"f64", readonly []>
export type V = Tensor<"f64", readonly [number]>
export type Fn = (...args: ReadonlyArray<never>) => unknown

/** The functions that scripts/make-language-fixtures.py has under the same names. */
export const functions: Readonly<Record<string, Fn>> = {
  ...operations,
  ...control,
  ...batches,
  ...linalg,
  ...densities,
  ...distributions,
  ...randomness
}
