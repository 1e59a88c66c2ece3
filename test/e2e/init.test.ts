import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { root, startProcess } from "../support/command.ts"
import { installPacked } from "../support/installed.ts"
import { ended } from "../support/registry.ts"

const { folder, binary } = installPacked({ optional: true })
const init = (...args: ReadonlyArray<string>) => startProcess(binary, ["init", ...args], {}).ended

describe("loopcarry init", () => {
  const at = path.join(folder, "My first_experiment")

  it("makes three files that install, type-check and run", async () => {
    const made = await init(at)
    expect(made).toMatchObject({ status: 0, stderr: "" })
    expect(made.stdout).toBe(
      `wrote package.json, tsconfig.json, main.ts\n  next: cd ${at} && npm install && npm start\n`
    )
    expect(readdirSync(at).sort()).toEqual(["main.ts", "package.json", "tsconfig.json"])
    const manifest = JSON.parse(readFileSync(path.join(at, "package.json"), "utf8"))
    const own = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
    expect(manifest.name).toBe("my-first-experiment")
    expect(manifest.dependencies).toEqual({
      effect: `^${own.devDependencies.effect}`,
      loopcarry: `^${own.version}`
    })
    // As npm installs what it names.
    for (const name of Object.keys(manifest.devDependencies)) {
      expect(manifest.devDependencies[name]).toBe(`^${own.devDependencies[name]}`)
      const to = path.join(folder, "node_modules", name)
      mkdirSync(path.dirname(to), { recursive: true })
      symlinkSync(path.join(root, "node_modules", name), to)
    }
    symlinkSync(path.join(root, "node_modules/undici-types"), path.join(folder, "node_modules/undici-types"))
    const compiler = path.join(root, "node_modules/typescript/bin/tsc")
    expect(ended(process.execPath, [compiler], at)).toBe("")
    writeFileSync(
      path.join(at, "wrong.ts"),
      `import { f32 } from "loopcarry"\nexport const spec = f32("3")\n`
    )
    expect(() => ended(process.execPath, [compiler], at)).toThrow("wrong.ts(2,")
    const run = path.join(root, "node_modules/tsx/dist/cli.mjs")
    const { results } = JSON.parse(ended(process.execPath, [run, "main.ts", "--r", "3.5", "--json"], at))
    expect(results.orbit.data).toHaveLength(100)
    expect(results.orbit.data[0]).toBeCloseTo(3.5 * 0.5 * 0.5, 6)
  })

  it("overwrites nothing", async () => {
    const before = readFileSync(path.join(at, "main.ts"), "utf8")
    writeFileSync(path.join(at, "main.ts"), `${before}// mine\n`)
    const refused = await init(at)
    expect(refused).toMatchObject({ status: 2, stdout: "" })
    expect(refused.stderr).toContain(
      "has package.json, tsconfig.json, main.ts already, and nothing was written"
    )
    expect(refused.stderr).toContain("next: name a new folder: loopcarry init FOLDER")
    expect(readFileSync(path.join(at, "main.ts"), "utf8")).toBe(`${before}// mine\n`)
    const half = path.join(folder, "half")
    mkdirSync(half)
    writeFileSync(path.join(half, "tsconfig.json"), "{}")
    expect((await init(half)).status).toBe(2)
    expect(readdirSync(half)).toEqual(["tsconfig.json"])
    writeFileSync(path.join(folder, "file"), "")
    const through = await init(path.join(folder, "file/project"))
    expect(through).toMatchObject({ status: 2, stdout: "" })
    expect(through.stderr).toContain("cannot be written to")
  })

  it("answers with JSON", async () => {
    const made = await init(path.join(folder, "json"), "--json")
    expect(JSON.parse(made.stdout)).toEqual({
      folder: path.join(folder, "json"),
      files: ["package.json", "tsconfig.json", "main.ts"]
    })
  })
})
