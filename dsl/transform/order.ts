/**
 * How many reverse derivatives are being asked for around the current trace: 2 inside `grad(grad(fn))`, 0 outside.
 * Tracing is synchronous, so one number suffices. A user's rule is traced only where this is above 0, and is itself
 * traced at one less. So tracing ends, however rules call one another.
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
