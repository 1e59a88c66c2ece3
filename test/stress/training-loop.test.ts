import { readFileSync } from "node:fs"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { Backend } from "../../pjrt/backend/backend.ts"
import { add, f32, jit, mul, put } from "../../pjrt/loopcarry.ts"
import { onProcess, onRemote } from "../support/backends.ts"
import { plugins } from "../support/plugins.ts"
import { childrenOf } from "../support/processes.ts"
import { onDevice } from "../support/run.ts"

/** A call of another process takes longer, above all beside other tests: LOOPCARRY_STEPS=200000 takes all there too. */
const all = 200_000
const some = Number(process.env.LOOPCARRY_STEPS ?? 10_000)

const step = jit([f32(16), f32(16)], (state, batch) => [add(mul(state, 0.5), batch), mul(batch, 2)])

/** What this process and those that it has started have in memory of their own, in MiB. */
const memory = (): number =>
  ["self", ...childrenOf().map(String)].reduce<number>((sum, pid) => {
    const [, kibibytes] = /RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
    return sum + Number(kibibytes ?? 0) / 1024
  }, 0)

const devices = [
  { on: "cpu", steps: all, open: () => onDevice(`plugin:${plugins[0]!.path}`) },
  { ...onProcess, steps: some },
  { ...onRemote, steps: some }
]

for (const { on, steps, open } of devices) {
  const run = open()
  it(`the obvious training loop has flat memory over ${steps} steps on ${on}`, () =>
    run(
      Effect.gen(function* () {
        const backend = yield* Backend
        const batch = yield* put(f32(16), new Float32Array(16).fill(1))
        let state = yield* put(f32(16), new Float32Array(16))
        const seen: Array<number> = []
        let most = 0
        for (let i = 1; i <= steps; i++) {
          ;[state] = yield* step(state, batch)
          if (i % (steps / 20) !== 0) continue
          seen.push(memory())
          most = Math.max(most, (yield* backend.memory(backend.device)).arrays.length)
        }
        // V8 is told to look after 20,000 arrays; a step makes two.
        expect(most).toBeLessThan(45_000)
        // Kept, these arrays would take more than a hundred MiB of each process.
        const [early, late] = [seen.slice(4, 8), seen.slice(-4)].map((part) => Math.min(...part))
        expect(late! - early!).toBeLessThan(48)
        expect((yield* state.read)[0]).toBe(2)
      })
    ))
}
