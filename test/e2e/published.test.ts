import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { root, startProcess } from "../support/command.ts"
import { installPacked } from "../support/installed.ts"
import { compilers, ended, writeProgram } from "../support/registry.ts"
import { compilerOptions, everything } from "../support/users-program.ts"

const { folder } = installPacked({ optional: true })

const run = async (name: string, text: string, env: NodeJS.ProcessEnv = {}) => {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  const ended = await startProcess(process.execPath, [file], env).ended
  expect(ended).toMatchObject({ status: 0, stderr: "" })
  return ended.stdout
}

/** Where a text stands in a script, as errors say it. */
const placeOf = (name: string, text: string, part: string): string => {
  const before = text.slice(0, text.indexOf(part)).split("\n")
  return `${path.join(folder, name)}:${before.length}:${before.at(-1)!.length + 1}`
}

describe("what is published", () => {
  it("has one copy of each class for all its entries", async () => {
    const entries: ReadonlyArray<string> = Object.keys(
      JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).exports
    ).filter((name) => name !== "./package.json")
    const names = entries.map((name) => JSON.stringify(path.posix.join("loopcarry", name)))
    const stdout = await run(
      "entries.mjs",
      `import * as Effect from "effect/Effect"
const entries = await Promise.all([${names.map((name) => `import(${name})`).join(", ")}])
const classes = new Map()
const twice = []
let seen = 0
for (const [i, entry] of entries.entries()) for (const [name, value] of Object.entries(entry)) {
  if (typeof value !== "function" || !/^class\\b/.test(Function.prototype.toString.call(value))) continue
  seen++
  if ((classes.get(name) ?? value) !== value) twice.push(name)
  classes.set(name, value)
}
const { add, DeviceArray, f32, jit, ShapeError } = entries[0]
const { Device, DeviceArray: same } = await import("loopcarry/pjrt")
const { solve } = await import("loopcarry/linalg")
const y = await Effect.runPromise(Effect.provide(Effect.scoped(jit([f32()], (x) => add(x, 1))(1)), Device.layer("reference")))
const wrong = Effect.runSync(Effect.flip(jit([f32(2, 3)], (x) => solve(x, x)).traced))
console.log(seen > 20, twice, y instanceof DeviceArray, y instanceof same, wrong instanceof ShapeError)`
    )
    expect(stdout).toBe("true [] true true true\n")
  })

  const wrong = `import * as Effect from "effect/Effect"
import { add, f32, gt, jit, select } from "loopcarry"
import { norm } from "loopcarry/linalg"
import { relu } from "loopcarry/nn"
const fail = (fn) => console.log(Effect.runSync(Effect.flip(jit([f32(3), f32(4)], fn).traced)).source)
fail((x, y) => add(x, y))
fail((x) => norm(x, { axis: 7 }))
const { warnings } = Effect.runSync(jit([f32(3)], (x) => {
  if (gt(x, 0)) return select(gt(x, 1), x, relu(x))
  return x
}).traced)
console.log(warnings.length, warnings[0].source)
`

  it.each([
    ["", {}],
    [" with source maps", { NODE_OPTIONS: "--enable-source-maps" }]
  ])("names the user's lines, never its own%s", async (_, env) => {
    const lines = (await run("wrong.mjs", wrong, env)).trim().split("\n")
    const at = (part: string) => placeOf("wrong.mjs", wrong, part)
    expect(lines).toEqual([at("add(x, y)"), at("norm(x, {"), `1 ${at("gt(x, 0)")}`])
  })

  it("starts its own processes", async () => {
    const text = `import * as Effect from "effect/Effect"
import { add, f32, jit } from "loopcarry"
import { Device } from "loopcarry/pjrt"
const y = jit([f32()], (x) => add(x, 1))(41).pipe(Effect.flatMap((y) => y.read))
console.log(await Effect.runPromise(Effect.scoped(Effect.provide(y, Device.layer("cpu", { isolate: true })))))`
    expect(await run("isolate.mjs", text)).toBe("42\n")
  })
})

describe("its types", () => {
  const at = path.join(folder, "types")
  writeProgram(at, everything)
  writeFileSync(path.join(at, "package.json"), `{ "type": "module" }`)
  for (const name of ["typescript", "@types", "undici-types"])
    symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name))

  it.each(["nodenext", "bundler"] as const)("hold with all libraries checked: %s", (how) => {
    writeFileSync(path.join(at, "tsconfig.json"), compilerOptions(how))
    expect(ended(process.execPath, [compilers(undefined)["TypeScript 7"]!, "-p", at], at)).toBe("")
    // It does look: a wrong program is refused.
    writeFileSync(path.join(at, "main.ts"), everything.replace("sums(0)", 'sums("0", 1)'))
    expect(() => ended(process.execPath, [compilers(undefined)["TypeScript 7"]!, "-p", at], at)).toThrow(
      "main.ts("
    )
    writeFileSync(path.join(at, "main.ts"), everything)
  })

  it("name no package but Effect and Node's own", () => {
    const within = path.join(folder, "node_modules/loopcarry/dist")
    const named = readdirSync(within, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".d.ts"))
      .flatMap((file) => [
        ...readFileSync(path.join(within, file), "utf8").matchAll(/(?:\bfrom |\bimport\()"([^."][^"]*)"/g)
      ])
      .map(([, name]) => name!)
    expect(named.length).toBeGreaterThan(50)
    expect(named.filter((name) => !/^(effect\/|node:)/.test(name))).toEqual([])
  })
})

describe("without the peer Effect", () => {
  const bare = installPacked({ optional: true, peer: false })
  const command = (...args: ReadonlyArray<string>) => startProcess(bare.binary, args, {}).ended

  it("the command runs, in this process and in its own", async () => {
    expect(existsSync(path.join(bare.folder, "node_modules/effect"))).toBe(false)
    const file = path.join(root, "test/golden/nested-scan.mlir")
    for (const args of [[], ["--in-process"]])
      expect(await command("exec", file, "--device", "cpu", ...args)).toMatchObject({ status: 0, stderr: "" })
    expect(await command("compile", file, "--target", "cpu")).toMatchObject({ status: 0 })
  })

  it("a script is told what to install", async () => {
    const file = path.join(bare.folder, "script.mjs")
    writeFileSync(
      file,
      `import { add, f32, jit } from "loopcarry"\nexport const f = jit([f32()], (x) => add(x, 1))\n`
    )
    const refused = await command("emit", file)
    expect(refused).toMatchObject({ status: 2, stdout: "" })
    expect(refused.stderr).toContain("Cannot find package 'effect'")
    expect(refused.stderr).toMatch(/next: install Effect beside loopcarry: npm install effect@4\n/)
    const plain = await startProcess(process.execPath, [file], {}).ended
    expect(plain.status).toBe(1)
    expect(plain.stderr).toContain("Cannot find package 'effect'")
  })
})
