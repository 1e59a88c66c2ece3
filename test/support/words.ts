import * as Effect from "effect/Effect"
import { expect } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { add, f32, jit, put } from "../../pjrt/loopcarry.ts"
import { failure } from "./run.ts"

/** What is wrong is said in the same words, wherever the device is. */
export const sameWords = Effect.gen(function* () {
  const { compile } = yield* Backend
  const error = yield* failure(compile({ code: "module {" }))
  expect(error).toMatchObject({ _tag: "CompileError", line: 1, column: 7 })
  const x = yield* put(f32(2), [1, 2])
  yield* x.release
  expect(yield* failure(x.read)).toMatchObject({ _tag: "BufferGone", reason: "released" })
  const donating = jit([f32(2)], (y) => add(y, 1), { donate: [0] })
  const given = yield* put(f32(2), [1, 2])
  yield* donating(given)
  expect(yield* failure(given.read)).toMatchObject({ _tag: "BufferGone", reason: "donated" })
  expect(yield* failure(donating([1, 2, 3]))).toMatchObject({ _tag: "ArgumentError" })
})
