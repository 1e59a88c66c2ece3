import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { afterAll, afterEach, expect, it, vi } from "vitest"
import { unknownXlaFlags } from "../../native/plugins/xla-flags.ts"
import type { Backend } from "../../pjrt/backend/backend.ts"
import { CompileError } from "../../pjrt/backend/errors.ts"
import { exitStatus, statusOf } from "../../pjrt/cli/errors.ts"
import { type Experiment, experiment } from "../../pjrt/cli/experiment.ts"
import * as Device from "../../pjrt/device/device.ts"
import { sayFile, sourceOfFile } from "../../scripts/program-file.ts"
import { countAttacks } from "../support/attack.ts"
import { loopcarry, root, startProcess } from "../support/command.ts"
import { plugins } from "../support/plugins.ts"
import { failure, onDevice } from "../support/run.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-words-"))
afterAll(() => execFileSync("rm", ["-rf", folder]))
afterEach(() => vi.unstubAllEnvs())

it("finds out which of XLA's flags a plugin does not know", (context) => {
  const flagsFile = path.join(folder, "flags")
  writeFileSync(flagsFile, "--xla_dump_to=/x\n--xla_none=1\n")
  const known =
    "--xla_dump_to=/x --xla_cpu_enable_fast_math=true --xla_force_host_platform_device_count=2 --xla_cpu_multi_thread_eigen=false"
  const cases: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    [known, []],
    ["", []],
    ["   ", []],
    ["--xla_dump_t=/x", ["xla_dump_t"]],
    [`${known} --xla_nope`, ["xla_nope"]],
    ["--xla_a_b_c=1\t--xla_d_e_f\n--xla_a_b_c=2", ["xla_a_b_c", "xla_d_e_f"]],
    [flagsFile, ["xla_none"]],
    [`${flagsFile}.none`, []]
  ]
  for (const { path: plugin } of plugins)
    for (const [flags, unknown] of cases)
      expect(unknownXlaFlags(plugin, { XLA_FLAGS: flags }), `${plugin} ${flags}`).toEqual(unknown)
  // A file that keeps no names is not searched for them.
  writeFileSync(path.join(folder, "other"), "no names")
  expect(unknownXlaFlags(path.join(folder, "other"), { XLA_FLAGS: "--xla_none" })).toEqual([])
  countAttacks(context, plugins.length * cases.length + 1)
})

it("says so before XLA would end the process", async (context) => {
  const module = path.join(folder, "one.mlir")
  writeFileSync(module, "func.func public @main() {\n  return\n}\n")
  for (const isolate of [[], ["--isolate"]]) {
    const ended = await loopcarry(["exec", module, ...isolate], { XLA_FLAGS: "--xla_nope=1" })
    expect(ended).toMatchObject({ status: 3, signal: null, stdout: "" })
    expect(ended.stderr).toMatch(
      /^error: XLA_FLAGS has --xla_nope, which [\w-]+ [\d.]+ \(PJRT 0\.\d+\) does not know/
    )
  }
  const option = await loopcarry(["exec", module, "--xla", "xla_nope=1"])
  expect(option).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("xla_nope") })
  countAttacks(context, 3)
})

it("counts an option that the compiler does not know as wrong usage, and a program's fault as none", () => {
  const of = (message: string) => statusOf(new CompileError({ code: "INVALID_ARGUMENT", message, hint: "" }))
  expect(of("No such compile option: 'xla_nope'")).toBe(exitStatus.usage)
  expect(of("file.mlir: While setting option xla_a, 'x' is no bool")).toBe(exitStatus.usage)
  expect(of("something else")).toBe(exitStatus.failed)
})

it("says what is wrong with a file that is no whole program", async (context) => {
  const said = async (text: string | Uint8Array) => {
    const bytes = typeof text === "string" ? Buffer.from(text) : text
    const error = await Effect.runPromise(failure(sourceOfFile("f.mlir", bytes)))
    return error.message
  }
  const text = 'func.func public @main() -> tensor<f32> attributes {a = "}})"} {\n  // never (\n  return\n}\n'
  await Effect.runPromise(sourceOfFile("f.mlir", Buffer.from(text)))
  for (const empty of ["", " \n\t\n"]) expect(await said(empty)).toBe("f.mlir is empty")
  let cut = 0
  for (let at = text.indexOf("{\n") + 1; at < text.lastIndexOf("}"); at++, cut++)
    expect(await said(text.slice(0, at))).toMatch(
      /^f\.mlir is cut short: what is opened in line 1 is never closed/
    )
  countAttacks(context, cut + 2)
})

it("names a place once, and none where there is none", () => {
  const place = (message: string, at: object = {}) =>
    sayFile("f.mlir")(new CompileError({ code: "INVALID_ARGUMENT", message, hint: "", ...at }))
  expect(place("-:3:10: error: no such", { line: 3, column: 10 })).toMatchObject({
    _tag: "UsageError",
    message: "f.mlir:3:10: error: no such"
  })
  expect(place("-:0:0: error: no main")).toMatchObject({
    _tag: "UsageError",
    message: "f.mlir: error: no main"
  })
  expect(place("out of registers")).toMatchObject({
    _tag: "CompileError",
    message: "f.mlir: out of registers"
  })
})

it("says which devices there are, reference too, and does as LOOPCARRY_DEVICE says", async () => {
  const all = await loopcarry(["devices", "--virtual-devices", "2"])
  expect(all.stdout).toMatch(/^cpu:1 {2}/m)
  expect(all.stdout).toMatch(/^reference {2}/m)
  expect(all.stdout).not.toContain("next: loopcarry devices")
  const one = await loopcarry(["devices", "--json"], { LOOPCARRY_DEVICE: "reference" })
  expect(JSON.parse(one.stdout)).toMatchObject({ devices: [{ platform: "reference" }], absent: [] })
})

it("suggests nothing that is refused", async () => {
  const hint = async (name: string) =>
    (await Effect.runPromise(Effect.scoped(failure(Device.open(name))))) as { readonly hint: string }
  expect((await hint("cpu:4095")).hint).toBe("a CPU can be split: --virtual-devices 4096")
  for (const index of ["4096", "9".repeat(20), "9".repeat(400)])
    expect((await hint(`cpu:${index}`)).hint).toBe("see: loopcarry devices")
})

it("has words for machines for which no plugin is known", async () => {
  const windows = (args: ReadonlyArray<string>) =>
    startProcess(
      process.execPath,
      [
        "--import",
        path.join(root, "test/support/on-windows.mjs"),
        path.join(root, "dist/scripts/loopcarry.js"),
        ...args
      ],
      { LOOPCARRY_CACHE: folder, LOOPCARRY_PYTHON: "/nowhere/python3" }
    ).ended
  const next =
    /none is known for win32 \w+: name a plugin with --plugin PATH; without one there are --device reference/
  expect((await windows(["plugins", "list"])).stdout).toMatch(next)
  for (const args of [["fetch"], ["path"], ["path", "cuda"]]) {
    const { stderr, status } = await windows(["plugins", ...args])
    expect(stderr).toMatch(next)
    expect(status).toBe(args[0] === "fetch" ? 2 : 3)
  }
})

const results = onDevice("reference")
const reportOf = (
  made: () => unknown
): Promise<{ readonly _tag: string; readonly message: string; readonly hint: string }> => {
  const run = (() => Effect.sync(made)) as () => Effect.Effect<Readonly<Record<string, unknown>>>
  const { report }: Experiment = experiment("odd", { run })
  return results(failure(report as Effect.Effect<unknown, never, Backend>)) as never
}

it("refuses results without end or depth by their path", async (context) => {
  const nested = (depth: number, wrap: (inner: unknown) => unknown) => {
    let value: unknown = 1
    for (let i = 0; i < depth; i++) value = wrap(value)
    return value
  }
  const endless: { toJSON: () => unknown } = { toJSON: () => ({ ...endless }) }
  const wraps: ReadonlyArray<(inner: unknown) => unknown> = [
    (inner) => ({ a: inner }),
    (inner) => [inner],
    (inner) => new Set([inner]),
    (inner) => new Map([["a", inner]]),
    (inner) => ({ toJSON: () => inner })
  ]
  for (const wrap of wraps)
    for (const depth of [600, 20_000, 200_000]) {
      const refused = await reportOf(() => ({ deep: nested(depth, wrap) }))
      expect(refused).toMatchObject({ _tag: "ResultError" })
      expect(refused.message).toMatch(/^experiment: results\.deep.{0,200} is nested 500 levels deep$/)
    }
  expect(await reportOf(() => ({ endless }))).toMatchObject({ _tag: "ResultError" })
  countAttacks(context, wraps.length * 3 + 1)
})

it("says of generators that yield* runs them", async () => {
  const made = await reportOf(() => ({
    found: (function* () {
      yield 1
    })()
  }))
  expect(made).toMatchObject({ _tag: "ResultError", hint: "put yield* before it" })
  expect(made.message).toContain("a generator that has not been run")
})

it("builds and runs though an example of the user's own has type errors", async () => {
  const clone = path.join(folder, "clone")
  mkdirSync(clone)
  for (const name of ["dsl", "native", "pjrt", "scripts", "examples"])
    execFileSync("cp", ["-r", path.join(root, name), clone])
  for (const name of ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"])
    execFileSync("cp", [path.join(root, name), clone])
  for (const name of ["node_modules", "test"]) symlinkSync(path.join(root, name), path.join(clone, name))
  const run = () =>
    startProcess(
      process.execPath,
      [path.join(clone, "scripts/run.mjs"), "scripts/loopcarry.js", "--version"],
      {}
    ).ended
  writeFileSync(
    path.join(clone, "examples/mine.ts"),
    'const unused = 1\nexport const wrong: number = "text"\n'
  )
  const mine = await run()
  expect(mine).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\d/) })
  expect(mine.stderr).toContain("examples/mine.ts(2,14): error TS2322")
  writeFileSync(path.join(clone, "pjrt/broken.ts"), 'export const wrong: number = "text"\n')
  expect(await run()).toMatchObject({ status: 1, stdout: "" })
})
