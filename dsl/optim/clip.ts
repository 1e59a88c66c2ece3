import { valueError } from "../errors.ts"
import { requireNumber, shown } from "../required.ts"
import { binary, compare, div, filled, mul, selectEach } from "../values.ts"
import type { GradientTransformation, Stateless } from "./kinds.ts"
import { normOf, spread } from "./leaves.ts"
import { transformation } from "./transformation.ts"

const positive = (op: string, what: string, value: number): number => {
  if (requireNumber(op, what, value) > 0) return value
  throw valueError(op, `${op}: ${what} is ${shown(value)}`, "give a positive number")
}

/**
 * Makes a transformation that keeps each element of the gradients from `-maxDelta` to `maxDelta`. Fails with a
 * `ValueError` for what is no positive number. Its `update` fails with a `DTypeError` for a leaf that is no float.
 *
 * @example
 * const bounded = clip(1)
 * const grads = { w: constant([0.5, -3], "f32") }
 * bounded.update(grads, bounded.init(grads))[0] // { w: [0.5, -1] }
 */
export const clip = (maxDelta: number): GradientTransformation<Stateless<"clip">> => {
  const most = positive("clip", "maxDelta", maxDelta)
  return transformation({
    name: "clip",
    init: () => null,
    update: (grads) => [
      grads.map((g) => binary("minimum", binary("maximum", g, filled(g, -most)), filled(g, most))),
      null
    ]
  })
}

/**
 * Makes a transformation that scales gradients down whose global norm is `maxNorm` or more, to that norm. Fails with a
 * `ValueError` for what is no positive number. Its `update` fails with a `DTypeError` for a leaf that is no float.
 *
 * @example
 * const bounded = clipByGlobalNorm(1)
 * const grads = { w: constant([3, 0], "f32"), b: scalar(4, "f32") }
 * bounded.update(grads, bounded.init(grads))[0] // { w: [0.6, 0], b: 0.8 }
 */
export const clipByGlobalNorm = (maxNorm: number): GradientTransformation<Stateless<"clipByGlobalNorm">> => {
  const most = positive("clipByGlobalNorm", "maxNorm", maxNorm)
  return transformation({
    name: "clipByGlobalNorm",
    init: () => null,
    update: (grads) => {
      const norm = normOf(grads)
      const small = compare("lt", norm, filled(norm, most))
      return [grads.map((g) => selectEach(small, g, mul(div(g, spread(norm, g)), filled(g, most)))), null]
    }
  })
}
