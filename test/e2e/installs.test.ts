import { existsSync, writeFileSync } from "node:fs"
import path from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { root } from "../support/command.ts"
import { ended, installs, packed, project, toolFolder, writeProgram } from "../support/registry.ts"
import { everything, everythingSays, readme, readmeSays } from "../support/users-program.ts"

const linux = process.platform === "linux" && process.arch === "x64"

/** The package managers, as npm packages. */
const versions = {
  pnpm: "pnpm@12.21.0",
  yarn: "yarn@1.22.22",
  bun: "@oven/bun-linux-x64@1.4.5",
  deno: "@deno/linux-x64-glibc@2.9.6"
} as const

const effect = "effect@4"

/** Runs the README's program, and one of all entries, as a runtime does. */
const runs = (at: string, program: string, args: ReadonlyArray<string>): void => {
  expect(ended(program, [...args, writeProgram(path.join(at, "readme"), readme)], at)).toMatch(readmeSays)
  expect(ended(program, [...args, writeProgram(path.join(at, "all"), everything)], at)).toBe(everythingSays)
}

/** The installed command runs in this process and in its own. */
const commandRuns = (at: string): void => {
  const file = path.join(root, "test/golden/nested-scan.mlir")
  const command = path.join(at, "node_modules/.bin/loopcarry")
  for (const args of [[], ["--in-process"]])
    expect(ended(command, ["exec", file, ...args], at)).toContain("10")
}

describe.skipIf(!installs)("the packed package, installed", () => {
  let tools: Partial<Record<keyof typeof versions, string>>
  beforeAll(() => {
    tools = Object.fromEntries(
      Object.entries(versions).flatMap(([name, version]) => {
        const modules = linux || name === "pnpm" || name === "yarn" ? toolFolder([version]) : undefined
        const file = {
          pnpm: "pnpm/bin/pnpm.mjs",
          yarn: "yarn/bin/yarn.js",
          bun: "@oven/bun-linux-x64/bin/bun",
          deno: "@deno/linux-x64-glibc/deno"
        }[name]!
        return modules === undefined || !existsSync(path.join(modules, file))
          ? []
          : [[name, path.join(modules, file)]]
      })
    )
  })

  const withTool = (name: keyof typeof versions, test: (tool: string) => void) => {
    it(`by ${name}`, ({ skip }) => {
      const tool = tools[name]
      if (tool === undefined) return skip(`${versions[name]} is not to be had here`)
      return test(tool)
    })
  }

  it("by npm, with and without scripts", () => {
    for (const args of [[], ["--ignore-scripts"]]) {
      const at = project()
      ended("npm", ["install", "--no-audit", "--no-fund", ...args, packed(), effect], at)
      runs(at, process.execPath, [])
      commandRuns(at)
    }
  })

  // pnpm 11 and later end with an error where a script is neither allowed nor refused: koffi's own, which only checks.
  withTool("pnpm", (tool) => {
    const allowed = project()
    ended(process.execPath, [tool, "add", packed(), effect, "--allow-build=koffi"], allowed)
    runs(allowed, process.execPath, [])
    const refused = project()
    writeFileSync(path.join(refused, "pnpm-workspace.yaml"), "allowBuilds:\n  koffi: false\n")
    ended(process.execPath, [tool, "add", packed(), effect], refused)
    runs(refused, process.execPath, [])
    commandRuns(refused)
  })

  withTool("yarn", (tool) => {
    const at = project()
    ended(process.execPath, [tool, "add", packed(), effect], at)
    runs(at, process.execPath, [])
    commandRuns(at)
  })

  withTool("bun", (tool) => {
    const at = project()
    ended(tool, ["add", packed(), effect], at)
    runs(at, process.execPath, [])
    runs(at, tool, [])
  })

  // Deno installs no archives; it runs what npm has installed.
  withTool("deno", (tool) => {
    const at = project()
    ended("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", packed(), effect], at)
    runs(at, tool, ["run", "-A"])
  })
})
