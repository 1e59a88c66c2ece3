import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { LastWords } from "../../native/plugins/log.ts"
import { tpuChips } from "../../pjrt/platforms/tpu/chips.ts"
import { accelerators } from "../support/accelerators.ts"
import { example, loopcarry } from "../support/command.ts"
import { plugins } from "../support/plugins.ts"
import { userFolder } from "../support/scripts.ts"

const chatter = "absl::InitializeLog"
/** XLA ends the process for a flag that it does not know. */
const dying = { XLA_FLAGS: "--nonsense" }
const lastWords = "Unknown flag in XLA_FLAGS: --nonsense"

describe("what a plugin logs", () => {
  const features = "E0000 00:00:1795747999.899028   21381 loader.cc:195] features differ"
  const flag = "F0000 00:00:1795750113.816115   32509 parse_flags.cc:234] Unknown flag"
  const said = [
    "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
    "I0000 00:00:1795747999.899028   21381 cpu_client.cc:195] made",
    "W1127 02:53:56.447798   22755 dso_loader.cc:289] no such library",
    features
  ]
  const lastWordsOf = (text: string, pieces: number): string => {
    const words = new LastWords()
    for (let at = 0; at < text.length; at += pieces) words.hear(text.slice(at, at + pieces))
    return words.text
  }

  it("is left out of its last words, but for what tells why it ended", () => {
    expect(lastWordsOf(said.join("\n"), 7)).toBe(features)
  })

  it("is known for the reason that comes first, not for the stack that follows", () => {
    const frames = Array.from({ length: 1000 }, (_, i) => `    @     0x7f5bcbcca5d4  function_${i}()`)
    const whole = [...said, flag, "*** Check failure stack trace: ***", ...frames]
    expect(lastWordsOf(whole.join("\n"), 100)).toBe(flag)
    const caught = ["terminate called after throwing an instance of 'X'", "  what():  overflow"]
    expect(lastWordsOf(["noise", ...caught, ...frames, flag].join("\n"), 3)).toBe(
      [...caught, flag].join("\n")
    )
    const lines = Array.from({ length: 100 }, (_, i) => `line ${i}`)
    expect(lastWordsOf(lines.join("\n"), 50)).toBe(lines.slice(-8).join("\n"))
  })

  it.each(plugins)(
    "stays off the terminal, in process and in one of its own: PJRT $api",
    async ({ path: file }) => {
      for (const args of [[], ["--isolate"]]) {
        const all = ["--device", `plugin:${file}`, "--virtual-devices", "2", "--json", ...args]
        expect(await example("cumulative-sum", all)).toMatchObject({ status: 0, stderr: "" })
      }
    }
  )

  it("is shown where the user's variable asks for it", async () => {
    for (const args of [[], ["--isolate"]]) {
      const all = ["--virtual-devices", "2", "--json", ...args]
      const ended = await example("cumulative-sum", all, { TF_CPP_MIN_LOG_LEVEL: "0" })
      expect(ended.stderr).toContain(chatter)
    }
  })

  it.each(plugins)("is shown where it dies of it: PJRT $api", async ({ path: file }) => {
    const args = ["--device", `plugin:${file}`, "--no-cache"]
    const here = await example("cumulative-sum", args, dying)
    expect(here.status).not.toBe(0)
    expect(here.stderr).toContain(lastWords)
    const apart = await example("cumulative-sum", [...args, "--isolate"], dying)
    expect(apart).toMatchObject({ status: 3, stdout: "" })
    expect(apart.stderr).toContain(lastWords)
    expect(apart.stderr).not.toContain(chatter)
  })

  it("is shown where a worker's plugin dies of it", async () => {
    const ended = await loopcarry(["serve", "--listen", "127.0.0.1:0"], dying)
    expect(ended).toMatchObject({ status: 3, stdout: "" })
    expect(ended.stderr).toContain(lastWords)
    expect(ended.stderr).not.toContain(chatter)
  })

  it("stays off the terminal in a thread, whose environment is a copy", async () => {
    const user = userFolder()
    user.write(
      "thread.mjs",
      `import { isMainThread, Worker } from "node:worker_threads"
       import * as Effect from "effect/Effect"
       import { add, f32, jit } from "loopcarry"
       import { Device } from "loopcarry/pjrt"
       const main = Effect.flatMap(jit([f32()], (x) => add(x, 1))(41), (y) => y.read).pipe(
         Effect.scoped,
         Effect.provide(Device.layer("cpu", { virtualDevices: 2 }))
       )
       if (isMainThread) new Worker(new URL(import.meta.url))
       else console.log(await Effect.runPromise(main))`
    )
    expect(await user.run("thread.mjs")).toMatchObject({ status: 0, stdout: "42\n", stderr: "" })
  })

  it.each(accelerators)("stays off the terminal when it compiles for $target", async ({ target, plugin }) => {
    const args = ["compile", "test/golden/nested-scan.mlir", "--target", target, "--plugin", plugin, "--json"]
    expect(await loopcarry(args)).toMatchObject({ status: 0, stderr: "" })
  })

  it.skipIf(tpuChips().length > 0).each(accelerators.filter(({ target }) => target.startsWith("tpu")))(
    "is not shown where there is no TPU, only why it does not open",
    async ({ plugin }) => {
      const ended = await loopcarry(["devices", "--device", "tpu", "--plugin", plugin])
      expect(ended).toMatchObject({ status: 3, stdout: "" })
      expect(ended.stderr).toMatch(/^error: tpu cannot be opened: .*\n {2}next: .*\n$/)
    }
  )
})

describe("what is fetched", () => {
  const nowhere = mkdtempSync(path.join(tmpdir(), "loopcarry-quiet-"))
  const bare = {
    LOOPCARRY_CACHE: nowhere,
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: nowhere,
    PATH: process.env.PATH
  }
  const said = new RegExp(
    `^loopcarry: fetching the cpu plugin, \\S+==\\S+ \\(\\d+ MB, .*\\), with pip from .*, into ${nowhere}/plugins$`,
    "gm"
  )

  it.each([
    ["a script of the user's", '"cpu"'],
    ["one that isolates its device", '"cpu", { isolate: true }']
  ])("is said once, by %s", async (_, device) => {
    const user = userFolder()
    user.write(
      "layer.mjs",
      `import * as Effect from "effect/Effect"
       import { Device } from "loopcarry/pjrt"
       await Effect.runPromise(Effect.void.pipe(Effect.provide(Device.layer(${device}))))`
    )
    const ended = await user.run("layer.mjs", [], bare)
    expect(ended).toMatchObject({ stdout: "" })
    expect(ended.stderr.match(said)).toHaveLength(1)
    expect(await user.run("layer.mjs")).toMatchObject({ status: 0, stderr: "" })
  })

  it("is said once by commands and experiments", async () => {
    for (const ended of [
      await example("cumulative-sum", ["--json"], bare),
      await example("cumulative-sum", ["--json", "--isolate"], bare),
      await loopcarry(["compile", "test/golden/nested-scan.mlir", "--target", "cpu"], bare),
      await loopcarry(["serve", "--listen", "127.0.0.1:0"], bare)
    ]) {
      expect(ended).toMatchObject({ status: 3, stdout: "" })
      expect(ended.stderr.match(said)).toHaveLength(1)
    }
  })
})
