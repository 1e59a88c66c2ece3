import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { add, type DeviceArray, f32, jit, mul, put, read, release } from "../../pjrt/loopcarry.ts"
import { onReference, onRemote } from "../support/backends.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice } from "../support/run.ts"

const heldNow = Effect.gen(function* () {
  const { device, memory } = yield* Backend
  return (yield* memory(device)).arrays.length
})

const words = <E extends { readonly message: string }, R>(effect: Effect.Effect<unknown, E, R>) =>
  Effect.map(failure(effect), ({ message }) => message)

const length = 65536
const step = jit([f32(length), f32(length)], (state, batch) => add(mul(state, 0.5), batch))

const devices = [
  ...plugins.map(({ api, path }) => ({ on: `PJRT ${api}`, open: () => onDevice(`plugin:${path}`) })),
  { on: "a child process", open: () => onDevice("cpu", { isolate: true }) },
  onRemote
]

describe.each(devices)("arrays that nothing holds, on $on", ({ open }) => {
  const run = open()

  it("are freed while the loop that made them goes on, and those that are held stay", () =>
    run(
      Effect.gen(function* () {
        const batch = yield* put(f32(length), new Float32Array(length).fill(1))
        let state: DeviceArray<"f32", readonly [65536]> = batch
        const kept: Array<typeof state> = []
        let most = 0
        for (let i = 0; i < 2000; i++) {
          state = yield* step(state, batch)
          if (i % 400 === 0) kept.push(state)
          if (i % 100 === 99) most = Math.max(most, yield* heldNow)
        }
        // All of them would be 500 MiB; V8 is told of 128.
        expect(most).toBeLessThan(900)
        const firsts = (yield* Effect.forEach(kept, (each) => each.read)).map(([first]) => first)
        expect(firsts).toEqual([1.5, 2, 2, 2, 2])
        expect((yield* state.read)[0]).toBe(2)
      })
    ))
})

describe.each([...devices, onReference])("an array that is gone, on $on", ({ open }) => {
  const run = open()
  const grow = jit([f32(2)], (x) => add(x, 1), { donate: true })

  it("is said to be released where it was", () =>
    run(
      Effect.gen(function* () {
        const x = yield* put(f32(2), [1, 2])
        const y = yield* put(f32(2), [1, 2])
        yield* release({ x: [x] })
        yield* y.release
        const line =
          /this f32\[2\] on .* was released by release at .*unreachable\.test\.ts:\d+:\d+ and holds/
        expect(yield* words(x.read)).toMatch(line)
        expect(yield* words(y.read)).toMatch(line)
        yield* release({ x: [x] })
      })
    ))

  it("is said to be donated to the call that took it", () =>
    run(
      Effect.gen(function* () {
        let x = yield* put(f32(2), [1, 2])
        const first = yield* grow(x)
        x = yield* grow(first)
        const line =
          /was donated to call 2 of the function given to jit at .*unreachable\.test\.ts:\d+:\d+ and/
        expect(yield* words(first.read)).toMatch(line)
        expect(yield* words(grow(first))).toMatch(line)
        expect(yield* read(x)).toEqual(Float32Array.of(3, 4))
      })
    ))

  it("is said to have gone with its scope", () =>
    run(
      Effect.gen(function* () {
        const x = yield* Effect.scoped(put(f32(2), [1, 2]))
        expect(yield* words(x.read)).toContain("was released when its scope ended and holds nothing")
      })
    ))
})
