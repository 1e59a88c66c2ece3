/**
 * A worker in a process of its own, and this process as its client: what a laptop and a TPU VM do, on one machine.
 *
 *     npm run -s build && node dist/examples/two-processes.js
 */
import * as Effect from "effect/Effect"
import { add, arange, f32, jit, scan } from "loopcarry"
import { Device } from "loopcarry/pjrt"
import { supervise } from "loopcarry/remote"

const cumulativeSum = jit([f32()], (start) =>
  scan(start, arange(10, "f32"), (carry, x) => {
    const total = add(carry, x)
    return [total, total]
  })
)

const client = Effect.gen(function* () {
  const [total, sums] = yield* cumulativeSum(0)
  console.log("the worker says", yield* total.read, yield* sums.read)
})

const main = Effect.gen(function* () {
  // On another machine this is: loopcarry serve --device tpu
  const worker = yield* supervise({ device: "cpu", host: "127.0.0.1", port: 0 })
  console.log("a worker listens on", worker.address)
  yield* client.pipe(Effect.scoped, Effect.provide(Device.layer(`remote://${worker.address}`)))
  yield* worker.drain(5)
})

Effect.runPromise(Effect.scoped(main))
