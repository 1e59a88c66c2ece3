/**
 * How many reverse derivatives are being asked for around what is traced now: 2 inside `grad(grad(fn))`, 0 outside of
 * any. Tracing is synchronous, so one number suffices. A rule of one's own is traced where this is above 0, and itself
 * one lower: that ends however rules call one another.
 */
let order = 0

export const derivativeOrder = (): number => order

export const atOrder = <T>(now: number, run: () => T): T => {
  const before = order
  order = now
  try {
    return run()
  } finally {
    order = before
  }
}
