import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import type { Backend } from "../../backend/backend.ts"

/** Adds 1 to three numbers: small, and it goes through every part of a plugin. */
const program = `module { func.func public @main(%x: tensor<3xf32>) -> tensor<3xf32> {
  %one = stablehlo.constant dense<1.0> : tensor<3xf32>
  %y = stablehlo.add %x, %one : tensor<3xf32>
  return %y : tensor<3xf32>
} }`

const vector = { dtype: "f32", shape: [3] } as const

/** Runs a small program so many times: what it gives for 1 2 3, whether that is right, and its best time in milliseconds. */
export const trial = (backend: Backend["Service"], calls = 1) =>
  Effect.gen(function* () {
    const scope = yield* Scope.Scope
    const executable = yield* backend.compile({ code: program, inputs: [vector] })
    const bytes = new Uint8Array(Float32Array.of(1, 2, 3).buffer)
    const x = yield* backend.put({ ...vector, bytes }, scope)
    let values: ReadonlyArray<number> = []
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < calls; i++) {
      const begun = performance.now()
      const [y] = yield* executable.run([x], scope)
      values = Array.from(new Float32Array((yield* y!.bytes).buffer))
      best = Math.min(best, performance.now() - begun)
    }
    return { values, right: values.join() === "2,3,4", best }
  })
