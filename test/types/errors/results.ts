/** Results of experiments that are none. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { experiment, scalar } from "loopcarry"

const later = Effect.succeed(1)

export const forgottenYield = experiment("total", { run: () => Effect.succeed({ total: later }) })

export const forgottenYieldBelow = experiment("losses", {
  run: () => Effect.succeed({ deep: { pair: [1, later] as const } })
})

export const promise = experiment("promise", { run: () => Effect.succeed({ reply: Promise.resolve(1) }) })

export const stream = experiment("stream", { run: () => Effect.succeed({ steps: Stream.make(1) }) })

export const notCalled = experiment("function", { run: () => Effect.succeed({ draw: () => 1 }) })

export const traced = experiment("tensor", { run: () => Effect.succeed({ one: scalar(1, "f32") }) })

export const noRecord = experiment("list", { run: () => Effect.succeed([1, 2]) })
