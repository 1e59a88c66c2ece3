import { describe, expect, it } from "vitest"
import { loopcarry } from "../support/command.ts"
import { on, serves } from "../support/healthy.ts"
import { compileAsk, RawClient } from "../support/raw-client.ts"
import { start } from "../support/serving.ts"

describe("loopcarry serve --one-session", () => {
  it("serves one session, refuses a second with the reason, and ends with status 0 after the first", async () => {
    const worker = await start(["--one-session"])
    const client = await RawClient.open(worker.address)
    expect(await client.ask(0, compileAsk(1))).toMatchObject({ type: "Made" })
    await expect(on(worker.device, serves)).rejects.toMatchObject({
      _tag: "RemoteError",
      reason: "limit",
      message: expect.stringContaining("one session only, and that has begun already")
    })
    client.say(1, { type: "Bye" })
    expect(await worker.ended).toBe(0)
    expect(worker.log()).toContain("the one session has ended")
    client.close()
  })

  it("ends where its one session was lost with the process, and starts no other", async () => {
    const worker = await start(["--one-session"])
    const client = await RawClient.open(worker.address)
    process.kill(worker.holder(), "SIGSEGV")
    expect(await worker.ended).toBe(0)
    client.close()
  })

  it("starts another process where the first is lost before any session", async () => {
    const worker = await start(["--one-session"])
    const before = worker.holder()
    process.kill(before, "SIGSEGV")
    await expect.poll(() => worker.log()).toContain("serving again")
    const client = await RawClient.open(worker.address)
    client.say(0, { type: "Bye" })
    expect(await worker.ended).toBe(0)
    client.close()
  })
})

describe("loopcarry serve ends with status 2", () => {
  it.each([
    [["--listen", "nonsense"], "a worker needs TLS"],
    [["--listen", "0.0.0.0:7471"], "a worker needs TLS"],
    [["--device", "remote://x"], "is served already"],
    [["--device", "remote://127.0.0.1:1/cpu"], "is served already"],
    [["--limit", "strangers=none"], "--limit strangers=none"]
  ])("where it is told what cannot be: %j", async (args, says) => {
    const ended = await loopcarry(["serve", ...args])
    expect(ended).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(says) })
  })
})
