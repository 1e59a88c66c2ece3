import { valueError } from "../../errors.ts"
import { normal, truncatedNormal, uniform } from "../../random/index.ts"
import { requireNumber, requireOneOf, shown } from "../../required.ts"
import { type Value, valueOf } from "../../tensor.ts"
import { broadcast, div, filled, mul, scale as scaled, unary } from "../../values.ts"
import { type FanAxes, fansOf } from "./fans.ts"
import { type Asked, type Initializer, initializer } from "./initializer.ts"

const modes = ["fanIn", "fanOut", "fanAvg", "fanGeoAvg"] as const
const distributions = ["truncatedNormal", "normal", "uniform"] as const

/** The variance of what `varianceScaling` draws is `scale` over a number of inputs or outputs. */
export interface ScalingOptions extends FanAxes {
  /** (1) */
  readonly scale?: number
  /** By the number of inputs ("fanIn"), of outputs, or by their mean or geometric mean. */
  readonly mode?: (typeof modes)[number]
  /** ("truncatedNormal") */
  readonly distribution?: (typeof distributions)[number]
}

/** The standard deviation of normal numbers between -2 and 2. */
const truncatedDeviation = 0.8796256610342398

const drawn = ({ op, key, shape, dtype, options }: Asked<ScalingOptions>): Value => {
  const mode = requireOneOf(op, "mode", options.mode ?? "fanIn", modes)
  const distribution = requireOneOf(
    op,
    "distribution",
    options.distribution ?? "truncatedNormal",
    distributions
  )
  const scale = requireNumber(op, "scale", options.scale ?? 1)
  if (scale < 0) throw valueError(op, `${op}: scale is ${shown(scale)}`, "give a number from 0")
  const fans = fansOf(op, shape, options)
  const count = {
    fanIn: fans.in,
    fanOut: fans.out,
    fanAvg: (fans.in + fans.out) / 2,
    fanGeoAvg: Math.sqrt(fans.in * fans.out)
  }[mode]
  // Where nothing comes in, nothing is drawn either.
  const variance = filled({ dtype, shape: [] }, count === 0 ? 0 : scale / count)
  const times = (x: Value, deviation: Value) => mul(x, broadcast(deviation, shape, []))
  switch (distribution) {
    case "truncatedNormal":
      return times(
        valueOf(truncatedNormal(key, -2, 2, shape, dtype)),
        div(unary("sqrt", variance), filled(variance, truncatedDeviation))
      )
    case "normal":
      return times(valueOf(normal(key, shape, dtype)), unary("sqrt", variance))
    case "uniform":
      return times(valueOf(uniform(key, shape, { dtype, min: -1 })), unary("sqrt", scaled(variance, 3)))
  }
}

const axisNames = ["inAxis", "outAxis", "batchAxis"] as const

/**
 * Draws numbers whose variance is `scale` (1) over the number of inputs of the weight, by `mode` ("fanIn") that of
 * outputs or a mean of both. `distribution` is "truncatedNormal" at first. The axes of inputs and outputs are the last
 * two but for `inAxis`, `outAxis` and `batchAxis`. Fails with a `ShapeError` for what is no key, shape or axis, a
 * `DTypeError` for a dtype that is no float, and a `ValueError` for another option.
 *
 * @example initializers.varianceScaling(random.key(0), [3, 4], { scale: 2, mode: "fanOut" }) // f32[3,4]
 */
export const varianceScaling = initializer<ScalingOptions>(
  "varianceScaling",
  ["scale", "mode", "distribution", ...axisNames],
  drawn
)

const scaling = (name: string, fixed: ScalingOptions): Initializer<FanAxes> =>
  initializer<FanAxes>(name, axisNames, (asked) =>
    drawn({ ...asked, options: { ...asked.options, ...fixed } })
  )

/**
 * Draws uniform numbers of variance 2 over the number of inputs and outputs (Glorot and Bengio's, or Xavier's). Fails
 * with a `ShapeError` for what is no key, shape or axis, and a `DTypeError` for a dtype that is no float.
 *
 * @example initializers.glorotUniform(random.key(0), [3, 4]) // f32[3,4]
 */
export const glorotUniform = scaling("glorotUniform", { mode: "fanAvg", distribution: "uniform" })
/**
 * Draws truncated normal numbers of variance 2 over the number of inputs and outputs (Glorot and Bengio's, or
 * Xavier's). Fails with a `ShapeError` for what is no key, shape or axis, and a `DTypeError` for a dtype that is no
 * float.
 *
 * @example initializers.glorotNormal(random.key(0), [3, 4]) // f32[3,4]
 */
export const glorotNormal = scaling("glorotNormal", { mode: "fanAvg" })
/**
 * Draws uniform numbers of variance 1 over the number of inputs (LeCun's). Fails with a `ShapeError` for what is no
 * key, shape or axis, and a `DTypeError` for a dtype that is no float.
 *
 * @example initializers.lecunUniform(random.key(0), [3, 4]) // f32[3,4]
 */
export const lecunUniform = scaling("lecunUniform", { distribution: "uniform" })
/**
 * Draws truncated normal numbers of variance 1 over the number of inputs (LeCun's). Fails with a `ShapeError` for what
 * is no key, shape or axis, and a `DTypeError` for a dtype that is no float.
 *
 * @example initializers.lecunNormal(random.key(0), [3, 4]) // f32[3,4]
 */
export const lecunNormal = scaling("lecunNormal", {})
/**
 * Draws uniform numbers of variance 2 over the number of inputs (He's, or Kaiming's). Fails with a `ShapeError` for
 * what is no key, shape or axis, and a `DTypeError` for a dtype that is no float.
 *
 * @example initializers.heUniform(random.key(0), [3, 4]) // f32[3,4]
 */
export const heUniform = scaling("heUniform", { scale: 2, distribution: "uniform" })
/**
 * Draws truncated normal numbers of variance 2 over the number of inputs (He's, or Kaiming's). Fails with a
 * `ShapeError` for what is no key, shape or axis, and a `DTypeError` for a dtype that is no float.
 *
 * @example initializers.heNormal(random.key(0), [3, 4]) // f32[3,4]
 */
export const heNormal = scaling("heNormal", { scale: 2 })
