/**
 * Learns the rate of a decay from a noisy track. The loss runs a scan, and its gradient differentiates that scan. The
 * descent is itself a scan; its random noise is JAX's.
 */
import * as Effect from "effect/Effect"
import {
  add,
  arange,
  experiment,
  f32,
  jit,
  mean,
  mul,
  random,
  scalar,
  scan,
  square,
  sub,
  type Tensor,
  valueAndGrad
} from "loopcarry"

type Scalar = Tensor<"f32", readonly []>

/** Twenty steps of x' = rate x from 1, keeping each. */
const track = (rate: Scalar) =>
  scan(scalar(1, "f32"), null, (x) => [mul(x, rate), x], { length: 20, checkpoint: "sqrt" })[1]

export const gradientDescent = jit([f32(), f32()], (truth, start) => {
  const noise = mul(random.normal(random.key(0), [20]), 0.01)
  const seen = add(track(truth), noise)
  const loss = (rate: Scalar) => mean(square(sub(track(rate), seen)))
  const [found, losses] = scan(start, arange(200), (rate) => {
    const [value, slope] = valueAndGrad(loss)(rate)
    return [sub(rate, mul(0.05, slope)), value]
  })
  return { found, losses }
})

export default experiment("gradient descent", {
  about: "a decay's rate learnt by the gradient of a scan",
  program: gradientDescent,
  run: () => Effect.map(gradientDescent(0.8, 0.5), ({ found, losses }) => ({ found, losses }))
})
