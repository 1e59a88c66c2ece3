import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Program } from "../../dsl/program.ts"
import { Device } from "../../pjrt/index.ts"

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), "programs")
const files = readdirSync(folder)

type Run = Effect.Effect<unknown, unknown, never>
type Exported = { readonly program: Effect.Effect<Program, unknown> } | { readonly report: Run } | Run

const exported = async (file: string): Promise<ReadonlyArray<readonly [string, Exported]>> =>
  Object.entries(await import(path.join(folder, file)))

const onReference = (run: Run): Promise<unknown> =>
  Effect.runPromise(Effect.scoped(run).pipe(Effect.provide(Device.layer("reference"))) as never)

/**
 * Right programs, as users write them. That they compile is what `types.test.ts` looks at; here each is traced or run,
 * so that none is right for the type checker alone.
 */
describe("right programs", () => {
  it("are at least so many", async () => {
    const all = await Promise.all(files.map(exported))
    expect(all.flat().length).toBeGreaterThanOrEqual(330)
  })

  it.each(files)("%s has no cast, and no comment of more than a line", (file) => {
    const source = readFileSync(path.join(folder, file), "utf8")
    const code = source.replaceAll(/\/\*\*.*?\*\//gs, "").replaceAll(/^import .* as \w+ from.*$/gm, "")
    expect(code).not.toMatch(/\bas (?!const\b)[\w"{[(]|[:<|&[] ?(any|never)\b(?!\()|@ts-/)
    expect(source).not.toMatch(/\/\*\*[^*]*\n/)
  })

  it.each(files)("%s: each traces or runs", async (file) => {
    for (const [name, each] of await exported(file)) {
      if ("program" in each)
        expect((await Effect.runPromise(each.program)).outputs.length, name).toBeGreaterThan(0)
      else expect(await onReference("report" in each ? each.report : each), name).toBeDefined()
    }
  })
})
