/** A whole process until its first result, the seed's cumulative sum: `cold.ts DEVICE [--no-cache]`. */
import * as Effect from "effect/Effect"
import { Device } from "../../pjrt/index.ts"
import { add, arange, f32, jit, scan } from "../../pjrt/loopcarry.ts"

const cumulativeSum = jit([f32()], (start) =>
  scan(start, arange(10, "f32"), (c, x) => {
    const total = add(c, x)
    return [total, total]
  })
)

const [device = "cpu", noCache] = process.argv.slice(2)

const main = Effect.gen(function* () {
  const [, sums] = yield* cumulativeSum(0)
  process.stdout.write(`[${(yield* sums.read).join(", ")}]\n`)
}).pipe(Effect.scoped, Effect.provide(Device.layer(device, { cache: noCache === undefined })))

void Effect.runPromise(main)
