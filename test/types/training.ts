/** Training loops as the editor sees them. This file compiles. */
import type * as Effect from "effect/Effect"
import { expectTypeOf } from "vitest"
import * as lc from "../../pjrt/loopcarry.ts"
import { type Seen, type Trained, train } from "../../pjrt/train/index.ts"

const { f32, jit, mul, sub } = lc

const step = jit([f32(3), f32()], (w, x) => [sub(w, x), { loss: mul(x, 2), slope: w }])

/** What is reported is a type that users write, and wider ones take it. */
declare const seen: Seen<{ readonly loss: number; readonly slope: Float32Array }>
export const any: Seen<unknown> = seen
const wide: Array<Seen<unknown>> = []
const loop = train({
  state: [0, 0, 0],
  step,
  data: () => 4,
  steps: 3,
  report: { to: (one) => void wide.push(one) },
  until: ({ metrics }) => {
    expectTypeOf(metrics.loss).toEqualTypeOf<number>()
    return metrics.slope.length < metrics.loss
  }
})
const own = (one: Seen<{ readonly loss: number }>): void => void wide.push(one)
export const told = train({ state: [0, 0, 0], step, data: () => 4, steps: 3, report: { to: own } })

/** How it ends. */
type Ended = lc.ResultOf<typeof step>
declare const ended: Trained<Ended[0], { readonly loss: number; readonly slope: Float32Array }>
export const wider: Trained<unknown, unknown> = ended
export const mapped = (state: Ended[0]): lc.DeviceArray<"f32", readonly [3]> => state
expectTypeOf<Effect.Success<typeof loop>["metrics"]>().toEqualTypeOf<
  { readonly loss: number; readonly slope: Float32Array } | undefined
>()
