import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, "../..")
const folder = mkdtempSync(path.join(here, ".budget-"))

/** Type instantiations of a program of some files. What the library itself takes is among them. */
const instantiations = (name: string, files: ReadonlyArray<string>): number => {
  const config = path.join(folder, `${name}.json`)
  writeFileSync(
    config,
    JSON.stringify({
      extends: "../../../tsconfig.json",
      compilerOptions: { noEmit: true, rootDir: "../../.." },
      files,
      include: []
    })
  )
  const tsc = path.join(root, "node_modules/typescript/bin/tsc")
  const said = execFileSync(process.execPath, [tsc, "-p", config, "--extendedDiagnostics"], {
    cwd: root,
    encoding: "utf8"
  })
  return Number(/Instantiations:\s+(\d+)/.exec(said)?.[1])
}

/**
 * What the programs of each feature may take beyond the library. A type that becomes slow shows here where it came
 * from. The ceilings are some 1.3 times what was counted with TypeScript 7.
 */
const ceilings = {
  defaults: 38_000,
  generic: 37_000,
  interfaces: 29_000,
  "literal-shapes": 33_000,
  meshes: 8000,
  names: 11_000,
  shapes: 34_000,
  transforms: 60_000,
  trees: 125_000,
  tuples: 20_000
} as const

describe("type instantiations", () => {
  afterAll(() => rmSync(folder, { recursive: true }))

  it("of each feature's programs are within a budget", () => {
    const empty = path.join(folder, "empty.ts")
    writeFileSync(empty, 'export * from "../../../pjrt/loopcarry.ts"\n')
    const library = instantiations("empty", [empty])
    expect(library).toBeGreaterThan(1000)
    for (const [name, ceiling] of Object.entries(ceilings)) {
      const own = instantiations(name, [path.join(here, `${name}.ts`)]) - library
      expect(own, name).toBeGreaterThan(0)
      expect(own, name).toBeLessThan(ceiling)
    }
  })
})
