import { add, div, log, mul, sub } from "../ops/elementwise.ts"
import type { Floats } from "../ops/incomplete-gamma.ts"

/** The logarithm of the normal density. */
export const logDensity = (x: Floats, loc: Floats, scale: Floats): Floats => {
  const [variance, distance] = [mul(scale, scale), sub(x, loc)]
  return div(add(log(mul(2 * Math.PI, variance)), div(mul(distance, distance), variance)), -2)
}
