import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T } from "../language/functions.ts"

const widths = [
  [8, 7],
  [5, 2],
  [5, 10],
  [4, 3],
  [8, 0],
  [11, 52],
  [1, 3]
] as const

export const transcendental: Readonly<Record<string, Fn>> = {
  reducedPrecisions: (x: T) => widths.map(([exponent, mantissa]) => lc.reducePrecision(x, exponent, mantissa))
}
