/**
 * Program 5 of the article, with a carry of several parts. It computes exponential moving averages of a signal's mean
 * and variance (Finch 2009, "Incremental calculation of weighted mean and variance"). The carry is a record.
 */
import * as Effect from "effect/Effect"
import { add, experiment, f32, i32, jit, mul, scan, sqrt, sub } from "loopcarry"

const state = { mean: f32(), variance: f32(), steps: i32() }

export const movingAverage = jit([state, f32(12), f32()], (initial, signal, decay) =>
  scan(initial, signal, (carry, x) => {
    const change = sub(x, carry.mean)
    const weight = sub(1, decay)
    const mean = add(carry.mean, mul(weight, change))
    const variance = mul(decay, add(carry.variance, mul(weight, change, change)))
    return [
      { mean, variance, steps: add(carry.steps, 1) },
      { mean, deviation: sqrt(variance) }
    ]
  })
)

export default experiment("moving average", {
  about: "exponential moving mean and deviation, the state a record",
  program: movingAverage,
  run: () =>
    Effect.gen(function* () {
      const signal = Float32Array.from({ length: 12 }, (_, i) => (i < 6 ? 1 : 5))
      const [last, track] = yield* movingAverage({ mean: 1, variance: 0, steps: 0 }, signal, 0.8)
      return { ...last, signal, average: track.mean, deviation: track.deviation }
    })
})
