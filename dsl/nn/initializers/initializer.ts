import { type FloatDType, isFloat } from "../../dtype.ts"
import { dtypeError, named } from "../../errors.ts"
import type { Key } from "../../random/index.ts"
import { requireDType, requireOptions, requireShape } from "../../required.ts"
import type { Shape } from "../../shape.ts"
import { type Tensor, tensorOf, type Value } from "../../tensor.ts"

/** The dtype of what an initializer makes. */
export interface InitializerOptions<D extends FloatDType = FloatDType> {
  /** ("f32") */
  readonly dtype?: D
}

/** A function that makes an array of a key, a shape, and options of its own, in the dtypes of Allowed. */
export type Initializer<Own extends object = object, Allowed extends FloatDType = FloatDType> = <
  const S extends Shape,
  D extends Allowed = "f32" & Allowed
>(
  key: Key,
  shape: S,
  options?: Own & InitializerOptions<D>
) => Tensor<NoInfer<D>, S>

/** What an initializer is asked for, once it is read. */
export interface Asked<Own extends object> {
  readonly op: string
  readonly key: Key
  readonly shape: Shape
  readonly dtype: FloatDType
  readonly options: Partial<Own>
}

export const initializer = <Own extends object, Allowed extends FloatDType = FloatDType>(
  name: string,
  names: ReadonlyArray<keyof Own & string>,
  make: (asked: Asked<Own>) => Value
): Initializer<Own, Allowed> => {
  const op = `initializers.${name}`
  return named(op, (key: Key, dims: Shape, given?: Own & InitializerOptions) => {
    const options = requireOptions<Own & InitializerOptions>(op, given, [...names, "dtype"])
    const dtype: FloatDType = requireDType(op, options.dtype ?? "f32")
    if (!isFloat(dtype))
      throw dtypeError(op, `${op}: takes a float dtype, not ${dtype}`, "name f16, bf16, f32 or f64")
    return tensorOf<never, never>(
      make({ op, key, shape: requireShape(op, dims), dtype, options: options as Partial<Own> })
    )
  })
}
