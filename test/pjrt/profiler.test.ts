import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { accelerators } from "../support/accelerators.ts"
import { root } from "../support/command.ts"

/** Starts and stops a plugin's profiler and says how much it collected. */
const script = `
import * as Effect from "effect/Effect"
import { Profiler } from "./native/profiler.ts"
import { loadPlugin } from "./pjrt/device/device.ts"
const api = await Effect.runPromise(loadPlugin(process.argv[1]))
const profiler = Profiler.of(api)
profiler.start()
profiler.stop()
console.log(profiler.collect().length)
profiler.destroy()
`

describe.each(accelerators)("the profiler of the plugin for $target", ({ plugin }) => {
  it("starts, stops and gives what it has seen, in a process of its own", async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--import", "tsx", "--input-type=module", "-e", script, plugin],
      { cwd: root, env: { ...process.env, ALLOW_MULTIPLE_LIBTPU_LOAD: "1" } }
    )
    expect(Number(stdout.trim().split("\n").at(-1))).toBeGreaterThan(0)
  })
})
