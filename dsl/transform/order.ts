/**
 * How many derivatives are being asked for around the current trace: two inside `grad(grad(fn))`, none outside.
 * `reverse` counts those by reverse mode, `any` all of them. Tracing is synchronous, so one record suffices. A user's
 * rule is traced only where a derivative may need it, and is itself traced at one less. So tracing ends, however rules
 * call one another.
 */
export interface Order {
  readonly reverse: number
  readonly any: number
}

export const noDerivative: Order = { reverse: 0, any: 0 }

let order = noDerivative

export const derivativeOrder = (): Order => order

export const atOrder = <T>(now: Order, run: () => T): T => {
  const before = order
  order = now
  try {
    return run()
  } finally {
    order = before
  }
}
