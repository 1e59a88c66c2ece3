import * as lc from "../../../pjrt/loopcarry.ts"
import type { Fn, T } from "../language/functions.ts"

export const elementwise: Readonly<Record<string, Fn>> = {
  isCloseOptions: (a: T, b: T) => lc.isClose(a, b, { rtol: 0.1, atol: 0.5, equalNan: true }),
  nanToNumOptions: (x: T) => lc.nanToNum(x, { nan: 1.5, posInf: 7, negInf: -8 }),
  clipLow: (x: T) => [lc.clip(x, -1), lc.clip(x, null, 1), lc.clip(x)]
}
