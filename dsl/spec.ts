import { requireBounds } from "./bounds.ts"
import { displayedAs } from "./display.ts"
import type { DType } from "./dtype.ts"
import { markKind } from "./kinds.ts"
import { refuseNumbers } from "./no-number.ts"
import { requireDType, requireShape } from "./required.ts"
import { type Aval, type Shape, show } from "./shape.ts"
import type { Tensor } from "./tensor.ts"
import type { Tree, TreeOf } from "./tree.ts"
import type { AreSizes } from "./types/sizes.ts"

/** Says what a parameter will be: `f32()` is a scalar, `f32(3, 4)` a matrix. */
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

markKind(Spec.prototype, "spec")
displayedAs<Spec>(Spec.prototype, { text: ({ dtype, shape }) => `${dtype}(${shape.join(", ")})` })
refuseNumbers(Spec.prototype, "spec", {
  shown: (spec) => `the spec ${show(spec as Spec)}`,
  why: "it says what a parameter is, and holds no numbers",
  arithmetic: "compute with the parameter that it stands for: jit([f32(3)], (x) => add(x, 1))"
})

/** A tree of specs: specs in records and lists, null for nothing. */
export type Specs = TreeOf<Spec>

/**
 * Tells whether a value is a spec. Never fails.
 *
 * @example isSpec(f32(3)) // true
 */
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
  <const S extends Shape>(...shape: S & AreSizes<D, S>): Spec<D, S> =>
    new Spec(dtype, shape)

/**
 * Makes the spec of a parameter of 16-bit floats: a scalar without arguments, else an array of these dimensions.
 * Fails with a `ShapeError` for what is no dimension.
 *
 * @example f16(3, 4).shape // [3, 4]
 */
export const f16 = spec("f16")
/**
 * Makes the spec of a parameter of bfloat16 numbers: a scalar without arguments, else an array of these dimensions.
 * Fails with a `ShapeError` for what is no dimension.
 *
 * @example bf16(3, 4).shape // [3, 4]
 */
export const bf16 = spec("bf16")
/**
 * Makes the spec of a parameter of 32-bit floats: a scalar without arguments, else an array of these dimensions.
 * Fails with a `ShapeError` for what is no dimension.
 *
 * @example f32(3, 4).shape // [3, 4]
 */
export const f32 = spec("f32")
/**
 * Makes the spec of a parameter of 64-bit floats: a scalar without arguments, else an array of these dimensions.
 * Fails with a `ShapeError` for what is no dimension.
 *
 * @example f64(3, 4).shape // [3, 4]
 */
export const f64 = spec("f64")
/**
 * Makes the spec of a parameter of signed 8-bit integers: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example i8(3, 4).shape // [3, 4]
 */
export const i8 = spec("i8")
/**
 * Makes the spec of a parameter of signed 16-bit integers: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example i16(3, 4).shape // [3, 4]
 */
export const i16 = spec("i16")
/**
 * Makes the spec of a parameter of signed 32-bit integers: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example i32(3, 4).shape // [3, 4]
 */
export const i32 = spec("i32")
/**
 * Makes the spec of a parameter of signed 64-bit integers: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example i64(3, 4).shape // [3, 4]
 */
export const i64 = spec("i64")
/**
 * Makes the spec of a parameter of unsigned 8-bit integers: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example u8(3, 4).shape // [3, 4]
 */
export const u8 = spec("u8")
/**
 * Makes the spec of a parameter of unsigned 16-bit integers: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example u16(3, 4).shape // [3, 4]
 */
export const u16 = spec("u16")
/**
 * Makes the spec of a parameter of unsigned 32-bit integers: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example u32(3, 4).shape // [3, 4]
 */
export const u32 = spec("u32")
/**
 * Makes the spec of a parameter of unsigned 64-bit integers: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example u64(3, 4).shape // [3, 4]
 */
export const u64 = spec("u64")
/**
 * Makes the spec of a parameter of booleans: a scalar without arguments, else an array of these dimensions. Fails
 * with a `ShapeError` for what is no dimension.
 *
 * @example bool(3, 4).shape // [3, 4]
 */
export const bool = spec("bool")
/**
 * Makes the spec of a parameter of complex numbers of two f32: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example c64(3, 4).shape // [3, 4]
 */
export const c64 = spec("c64")
/**
 * Makes the spec of a parameter of complex numbers of two f64: a scalar without arguments, else an array of these
 * dimensions. Fails with a `ShapeError` for what is no dimension.
 *
 * @example c128(3, 4).shape // [3, 4]
 */
export const c128 = spec("c128")

/** The tensors that a list of specs stands for: the arguments of a traced function. */
export type Args<P extends ReadonlyArray<unknown>> = { [K in keyof P]: Tensors<P[K]> }
