import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Device } from "../../pjrt/index.ts"
import { add, arange, type F32, f32, jit, mul, scan } from "../../pjrt/loopcarry.ts"

describe("a tensor that a scan's body makes of outer tensors alone", () => {
  it("has its value after the loop too, for it belongs to no step", async () => {
    const program = jit([f32(3)], (x) => {
      let tenfold: F32<[3]> = x
      const [total] = scan(x, arange(2), (carry) => {
        tenfold = mul(x, 10)
        return [add(carry, tenfold), null]
      })
      return add(total, tenfold)
    })
    const run = Effect.flatMap(program([1, 2, 3]), (result) => result.read)
    const values = await Effect.runPromise(Effect.provide(Effect.scoped(run), Device.layer("reference")))
    expect([...values]).toEqual([31, 62, 93])
  })
})
