import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, describe, expect, it } from "vitest"

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.resolve(here, "../..")
const folder = mkdtempSync(path.join(here, ".budget-"))

/**
 * Type instantiations of a program of some files. What the library itself takes is among them. One checker counts the
 * same each time; of several, each counts what it needs of the others' files again.
 */
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
  const said = execFileSync(
    process.execPath,
    [tsc, "-p", config, "--extendedDiagnostics", "--singleThreaded"],
    {
      cwd: root,
      encoding: "utf8"
    }
  )
  return Number(/Instantiations:\s+(\d+)/.exec(said)?.[1])
}

/**
 * What the programs of each feature may take beyond the library. A type that becomes slow shows here where it came
 * from. The ceilings are some 1.3 times what was counted with TypeScript 7.
 */
const ceilings = {
  branches: 30_000,
  defaults: 42_000,
  dimensions: 110_000,
  generic: 42_000,
  interfaces: 28_000,
  "literal-shapes": 48_000,
  meshes: 8000,
  names: 10_000,
  operations: 45_000,
  programs: 780_000,
  shapes: 38_000,
  transforms: 70_000,
  trees: 118_000,
  tuples: 26_000
} as const

/** The files of a feature: one, or those of a folder. */
const filesOf = (name: string): ReadonlyArray<string> =>
  name === "programs"
    ? readdirSync(path.join(here, name)).map((file) => path.join(here, name, file))
    : [path.join(here, `${name}.ts`)]

describe("type instantiations", () => {
  afterAll(() => rmSync(folder, { recursive: true }))

  it("of each feature's programs are within a budget", () => {
    const empty = path.join(folder, "empty.ts")
    writeFileSync(empty, 'export * from "../../../pjrt/loopcarry.ts"\n')
    const library = instantiations("empty", [empty])
    expect(library).toBeGreaterThan(1000)
    for (const [name, ceiling] of Object.entries(ceilings)) {
      const own = instantiations(name, filesOf(name)) - library
      expect(own, name).toBeGreaterThan(0)
      expect(own, name).toBeLessThan(ceiling)
    }
  })
})
