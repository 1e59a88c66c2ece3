import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { root } from "../support/command.ts"
import { compilers, ended, installs, packed, project, writeProgram } from "../support/registry.ts"
import { compilerOptions, everything, everythingSays } from "../support/users-program.ts"

const { peerDependencies, devDependencies } = JSON.parse(
  readFileSync(path.join(root, "package.json"), "utf8")
)

/** Of the versions of Effect that the package takes, the oldest, the one that it is built with, and the newest of all. */
const range: string = peerDependencies.effect
const newest = (): string =>
  (
    JSON.parse(execFileSync("npm", ["view", `effect@${range}`, "version", "--json"], { encoding: "utf8" })) as
      | string
      | ReadonlyArray<string>
  )
    .toString()
    .split(",")
    .at(-1)!

it("takes the Effect that it is built and tested with", () => {
  expect(range).toMatch(/^>=4\.\d+\.\d+ <5$/)
  expect(devDependencies.effect).toMatch(/^4\.\d+\.\d+$/)
})

describe.skipIf(!installs)("a project with another Effect", () => {
  it.each([
    ["the oldest that is taken", () => /\d+\.\d+\.\d+/.exec(range)![0]],
    ["the newest that is published", newest]
  ])("compiles and runs on all devices: %s", (_, version) => {
    const at = project()
    const wanted = version()
    const types = ["@types/node@22", "typescript@5.9"]
    ended("npm", ["install", "--no-audit", "--no-fund", packed(), `effect@${wanted}`, ...types], at)
    const effect = readFileSync(path.join(at, "node_modules/effect/package.json"), "utf8")
    expect(JSON.parse(effect).version).toBe(wanted)
    const program = writeProgram(at, everything)
    expect(ended(process.execPath, [program], at)).toBe(everythingSays)
    for (const how of ["nodenext", "bundler"] as const)
      for (const compiler of Object.values(compilers(path.join(at, "node_modules")))) {
        writeFileSync(path.join(at, "tsconfig.json"), compilerOptions(how))
        ended(process.execPath, [compiler!, "-p", at], at)
      }
  })

  it("is refused where it is an Effect of another kind", () => {
    const at = project()
    expect(() => ended("npm", ["install", "--no-audit", "--no-fund", packed(), "effect@3"], at)).toThrow(
      /ERESOLVE[\s\S]*peer effect@">=4/
    )
  })

  it("comes by itself where npm installs the package alone", () => {
    const at = project()
    ended("npm", ["install", "--no-audit", "--no-fund", packed()], at)
    expect(
      JSON.parse(readFileSync(path.join(at, "node_modules/effect/package.json"), "utf8")).version
    ).toMatch(/^4\./)
  })
})
