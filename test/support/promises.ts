import * as Effect from "effect/Effect"
import { Backend } from "../../pjrt/backend/backend.ts"
import type { OpenDevice } from "../../pjrt/promise/index.ts"

interface Told {
  readonly _tag: string
  readonly message: string
  readonly hint: string
  readonly stack: string
}

/** What a promise rejects with, which must not succeed. */
export const refusal = async (promise: Promise<unknown>): Promise<Told> =>
  promise.then(
    () => {
      throw new Error("it was not refused")
    },
    (error: Told) => error
  )

/** How many arrays are held there. The interpreter does not tell. */
export const heldOn = (device: OpenDevice): Promise<number> =>
  device.run(
    Effect.gen(function* () {
      const { device: one, memory } = yield* Backend
      return (yield* memory(one)).arrays.length
    })
  )
