import { valueError } from "../../errors.ts"
import { splat } from "../../ops/operand.ts"
import {
  normal as drawNormal,
  truncatedNormal as drawTruncated,
  uniform as drawUniform
} from "../../random/index.ts"
import { requireNumber } from "../../required.ts"
import { valueOf } from "../../tensor.ts"
import { scale as scaled } from "../../values.ts"
import { initializer } from "./initializer.ts"

/**
 * Makes zeros of the shape and dtype (f32), whatever the key. Fails with a `ShapeError` for what is no shape, and a
 * `DTypeError` for a dtype that is no float.
 *
 * @example initializers.zeros(random.key(0), [2]) // f32[2]: [0, 0]
 */
export const zeros = initializer("zeros", [], ({ op, dtype, shape }) => splat(op, 0, dtype, shape))

/**
 * Makes ones of the shape and dtype (f32), whatever the key. Fails with a `ShapeError` for what is no shape, and a
 * `DTypeError` for a dtype that is no float.
 *
 * @example initializers.ones(random.key(0), [2]) // f32[2]: [1, 1]
 */
export const ones = initializer("ones", [], ({ op, dtype, shape }) => splat(op, 1, dtype, shape))

/** What `constant` gives. */
export interface ConstantOptions {
  /** (0) */
  readonly value?: number
}

/**
 * Makes an array of one number, whatever the key: `value` (0), in the shape and dtype (f32). Fails with a `ShapeError`
 * for what is no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example initializers.constant(random.key(0), [2], { value: 0.5 }) // f32[2]: [0.5, 0.5]
 */
export const constant = initializer<ConstantOptions>("constant", ["value"], ({ op, dtype, shape, options }) =>
  splat(op, options.value ?? 0, dtype, shape)
)

/** What numbers are drawn below. */
export interface ScaleOptions {
  /** (0.01) */
  readonly scale?: number
}

/**
 * Draws numbers from 0 to below `scale` (0.01), all equally likely, in the shape and dtype (f32). Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example initializers.uniform(random.key(0), [2], { scale: 1 }) // f32[2]: [0.948, 0.979]
 */
export const uniform = initializer<ScaleOptions>("uniform", ["scale"], ({ op, key, shape, dtype, options }) =>
  scaled(valueOf(drawUniform(key, shape, { dtype })), requireNumber(op, "scale", options.scale ?? 0.01))
)

/** How far normal numbers spread. */
export interface DeviationOptions {
  /** The standard deviation (0.01). */
  readonly stddev?: number
}

/**
 * Draws normal numbers of mean 0 and standard deviation `stddev` (0.01), in the shape and dtype (f32). Fails with a
 * `ShapeError` for what is no key or no shape, and a `DTypeError` for a dtype that is no float.
 *
 * @example initializers.normal(random.key(0), [2], { stddev: 1 }) // f32[2]: [1.62, 2.03]
 */
export const normal = initializer<DeviationOptions>(
  "normal",
  ["stddev"],
  ({ op, key, shape, dtype, options }) =>
    scaled(valueOf(drawNormal(key, shape, dtype)), requireNumber(op, "stddev", options.stddev ?? 0.01))
)

/** How far normal numbers spread, and between which bounds. */
export interface TruncatedOptions extends DeviationOptions {
  /** The least number, in units of `stddev` (-2). */
  readonly lower?: number
  /** The greatest number, in units of `stddev` (2). */
  readonly upper?: number
}

/**
 * Draws normal numbers between `lower` (-2) and `upper` (2), and multiplies them by `stddev` (0.01), in the shape and
 * dtype (f32). Fails with a `ShapeError` for what is no key or no shape, a `DTypeError` for a dtype that is no float,
 * and a `ValueError` where `lower` is not below `upper`.
 *
 * @example initializers.truncatedNormal(random.key(0), [2], { stddev: 1 }) // f32[2]: [1.46, 1.71]
 */
export const truncatedNormal = initializer<TruncatedOptions>(
  "truncatedNormal",
  ["stddev", "lower", "upper"],
  ({ op, key, shape, dtype, options }) => {
    const lower = requireNumber(op, "lower", options.lower ?? -2)
    const upper = requireNumber(op, "upper", options.upper ?? 2)
    if (!(lower < upper))
      throw valueError(
        op,
        `${op}: lower is ${lower}, and upper is ${upper}`,
        "give a lower one below the upper"
      )
    const drawn = valueOf(drawTruncated(key, lower, upper, shape, dtype))
    return scaled(drawn, requireNumber(op, "stddev", options.stddev ?? 0.01))
  }
)
