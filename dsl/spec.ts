import { requireBounds } from "./bounds.ts"
import type { DType } from "./dtype.ts"
import { requireDType, requireShape } from "./required.ts"
import type { Aval, Shape } from "./shape.ts"
import type { Tensor } from "./tensor.ts"
import type { Tree, TreeOf } from "./tree.ts"

/** What a parameter will be: `f32()` is a scalar, `f32(3, 4)` a matrix. */
export class Spec<out D extends DType = DType, out S extends Shape = Shape> implements Aval {
  readonly dtype: D
  readonly shape: S
  readonly #made = true

  static is(value: unknown): value is Spec {
    return typeof value === "object" && value !== null && #made in value
  }

  constructor(dtype: D, shape: S) {
    this.dtype = requireDType("spec", dtype)
    this.shape = requireShape(dtype, shape) as S
    requireBounds(dtype, this)
  }
}

/** Specs in records and lists. */
export type Specs = TreeOf<Spec>

export const isSpec = (value: unknown): value is Spec => Spec.is(value)

/** The tensors that a tree of specs stands for. (Without the first guard the checker would unfold Specs for ever.) */
export type Tensors<T> = [Specs] extends [T]
  ? Tree
  : T extends Spec<infer D, infer S>
    ? Tensor<D, S>
    : T extends null
      ? null
      : { readonly [K in keyof T]: Tensors<T[K]> }

const spec =
  <D extends DType>(dtype: D) =>
  <const S extends Shape>(...shape: S): Spec<D, S> =>
    new Spec(dtype, shape)

export const f16 = spec("f16")
export const bf16 = spec("bf16")
export const f32 = spec("f32")
export const f64 = spec("f64")
export const i8 = spec("i8")
export const i16 = spec("i16")
export const i32 = spec("i32")
export const i64 = spec("i64")
export const u8 = spec("u8")
export const u16 = spec("u16")
export const u32 = spec("u32")
export const u64 = spec("u64")
export const bool = spec("bool")
export const c64 = spec("c64")
export const c128 = spec("c128")

/** The arguments that a list of specs stands for. */
export type Args<P extends ReadonlyArray<unknown>> = { [K in keyof P]: Tensors<P[K]> }
