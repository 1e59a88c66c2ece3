import { execFile } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { countAttacks } from "../support/attack.ts"
import { root } from "../support/command.ts"

const fuzzer = path.join(root, "test/fuzz/fuzz.mjs")
const corpus = path.join(root, "test/fuzz/corpus")

interface Report {
  readonly executions: number
  readonly kept: number
  readonly blocks: number
  readonly findings: ReadonlyArray<{ readonly input: string; readonly message: string }>
}

/** Readers of files and messages as they are built, fed with what reaches ever more of their code. */
const explore = async (executions: number, seed: number): Promise<Report> => {
  const args = [fuzzer, "--json", "--executions", `${executions}`, "--seed", `${seed}`]
  const ended = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 28 }).catch(
    (error: { readonly stdout: string }) => error
  )
  return JSON.parse(ended.stdout)
}

it("takes nothing that was ever found, and nothing made from it, for anything but its own fault", async (context) => {
  const { executions, kept, findings } = await explore(1_500, 16)
  expect(findings).toEqual([])
  expect(executions).toBe(1_500)
  // It is led by the code that is reached.
  expect(kept).toBeGreaterThan(10)
  countAttacks(context, executions + readdirSync(corpus).length)
})

it("has inputs for each reader", async () => {
  const { targets } = (await import(path.join(root, "test/fuzz/targets.mjs"))) as {
    readonly targets: ReadonlyArray<{ readonly name: string }>
  }
  const read = readdirSync(corpus).map((name) => readFileSync(path.join(corpus, name))[0]! % targets.length)
  expect([...new Set(read)].sort((a, b) => a - b)).toEqual(targets.map((_, i) => i))
})
