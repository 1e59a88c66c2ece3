import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import { expect, it } from "vitest"
import { root } from "../support/command.ts"
import { start } from "../support/serving.ts"

/** Maps, is told that the worker has gone, and maps again. */
const script = `
  import * as Effect from "effect/Effect"
  import { add, f32, jit } from "loopcarry"
  import { Pool } from "loopcarry/remote"
  const increment = jit([f32()], (x) => add(x, 1))
  await Effect.runPromise(Effect.scoped(Effect.gen(function* () {
    const pool = yield* Pool.make(process.argv[1])
    console.log(JSON.stringify(yield* pool.map(increment, [[1], [2]])))
    yield* Effect.promise(() => new Promise((resolve) => process.stdin.once("data", resolve)))
    process.stdin.destroy()
    const { _tag, reason } = yield* Effect.flip(pool.map(increment, [[3], [4]]))
    console.log(_tag, reason)
  })))
`

it("a process whose pool has lost all of its workers tries them again, and then says so", async () => {
  const worker = await start()
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, worker.device], { cwd: root })
  const ended = new Promise((resolve) => child.once("close", resolve))
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  child.stdout.once("data", async () => {
    worker.process.kill("SIGTERM")
    await worker.ended
    child.stdin.write("gone")
  })
  expect(await said).toEqual(["[2,3]\nRemoteError unreachable\n", ""])
  expect(await ended).toBe(0)
})
