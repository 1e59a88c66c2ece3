import { execFile } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import path from "node:path"
import { promisify } from "node:util"
import { afterAll, describe, expect, it } from "vitest"
import { root } from "../support/command.ts"
import { installPacked } from "../support/installed.ts"

const read = (file: string): string => readFileSync(path.join(root, file), "utf8")

const blocksOf = (file: string, kind: string): ReadonlyArray<string> =>
  [...read(file).matchAll(new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, code]) => code!)

const documents = [
  ...readdirSync(root).filter((file) => file.endsWith(".md")),
  ...readdirSync(path.join(root, "docs")).map((file) => path.join("docs", file))
]

/** A folder inside the clone, where a newcomer's file would lie. */
const folder = mkdtempSync(path.join(root, "examples", ".documents-"))
afterAll(() => rmSync(folder, { recursive: true }))

const ended = async (args: ReadonlyArray<string>, cwd = root): Promise<string> => {
  const done = await promisify(execFile)(process.execPath, args, { cwd }).catch((error) => {
    throw new Error(`${error.stdout}\n${error.stderr}`)
  })
  return done.stdout
}

/** Runs the program of a document that has a text in it. */
const run = async (file: string, text: string, ...args: ReadonlyArray<string>): Promise<string> =>
  runIn(root, file, text, ...args)

const runIn = async (
  cwd: string,
  file: string,
  text: string,
  ...args: ReadonlyArray<string>
): Promise<string> => {
  const script = path.join(folder, "run.ts")
  writeFileSync(script, blocksOf(file, "ts").find((code) => code.includes(text))!)
  return ended(["--import", "tsx", script, ...args], cwd)
}

describe("the documents", () => {
  it("have only programs that compile", async () => {
    const programs = documents.flatMap((file) =>
      blocksOf(file, "ts").map((code, i) => [`${path.basename(file, ".md")}-${i}.ts`, code] as const)
    )
    expect(programs.length).toBeGreaterThanOrEqual(12)
    for (const [name, code] of programs) writeFileSync(path.join(folder, name), code)
    writeFileSync(
      path.join(folder, "tsconfig.json"),
      JSON.stringify({ extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] })
    )
    await ended([path.join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", folder])
  })

  it("about files run, and say what they print", async () => {
    const here = (text: string) => runIn(folder, "docs/files.md", text)
    expect(await here("state.safetensors")).toBe("Float32Array(2) [ 2, 4 ] 10\n")
    for (const steps of ["[ 4, 5 ]\n", "[ 8, 9 ]\n"]) expect(await here("checkpoints(")).toBe(steps)
    expect(await here("prefetch(")).toBe("0 0 10 45\n1 0 10 45\n2 1 10 45\n3 1 10 45\n")
    expect(await here("readCsv")).toBe("Int32Array(2) [ 1990, 1991 ] Float64Array(2) [ 354.4, NaN ]\n")
  })

  it("build a training loop that goes on where it was", async () => {
    const here = (text: string, ...args: ReadonlyArray<string>) =>
      runIn(folder, "docs/training.md", text, ...args)
    expect(await here("the obvious loop")).toBe("the obvious loop true\n")
    expect(await here("with an optimiser")).toBe("with an optimiser true\n")
    expect(await here("prefetch")).toBe("300 batches 3.000\n")
    for (const _ of ["whole", "resumed"]) expect(await here("measure")).toBe("done 2000 0.500\n")
    const twice = async (...args: ReadonlyArray<string>) =>
      JSON.parse(await here("twice", "--json", "--device", "reference", "--seed", "7", ...args)).results
    const saved = ["--checkpoint", "twice"]
    expect(await twice("--steps", "20", ...saved)).toMatchObject({ steps: 20, ended: "done" })
    const resumed = await twice("--steps", "40", ...saved, "--resume")
    expect(resumed).toEqual(await twice("--steps", "40"))
    expect(resumed.w.data[0]).toBeCloseTo(2, 1)
  })

  it("link to headings that are there", () => {
    const anchors = (file: string) =>
      [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replace(/[^\w\s-]/g, "")
          .replaceAll(" ", "-")
      )
    const lost = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\(([^)#\s:]*)#([^)]+)\)/g)]
        .map(([, to, anchor]) => [to ? path.join(path.dirname(file), to) : file, anchor!] as const)
        .filter(([to, anchor]) => !anchors(to).includes(anchor))
        .map(([to, anchor]) => `${file} leads to ${to}#${anchor}`)
    )
    expect(lost).toEqual([])
  })

  it("show programs that print what they say", async () => {
    expect(await run("docs/language.md", "curvature")).toMatch(/slopes Float32Array\(4\) \[\s*-?\d/)
    expect(await run("docs/language.md", "off by")).toBe("off by 3\n")
    expect(await run("docs/language.md", "scanStream")).toBe("step 999 output 498501\n")
    expect(await run("docs/devices.md", "isolate")).toBe("42\n")
    expect(await run("docs/hosts.md", "compileFor")).toBe("true 256\n")
    expect(await run("docs/nn.md", "layerNorm")).toBe("less true\n")
    expect(await run("docs/effect.md", "return yield* y.read")).toBe("Float32Array(3) [ 2, 4, 6 ]\n")
    expect(await run("docs/effect.md", "catchTag")).toMatch(/^args\[0\] .*; .*\n$/)
    expect(await run("docs/effect.md", "concurrency")).toBe("[ 14, 77 ]\n")
    expect(await run("docs/effect.md", "ManagedRuntime")).toBe("2\n4\n6\n")
    expect(await run("docs/memory.md", "3000")).toBe("true 2\n")
    expect(await run("docs/memory.md", "sumOfSquares")).toBe("4000\n")
    expect(await run("docs/memory.md", "donate")).toBe(
      "this f32[4] on cpu:0 was donated to call 2 of the function given to jit and holds nothing any more\n"
    )
    expect(await run("docs/optimisers.md", "evalShape")).toBe("small true\n")
    expect(await run("docs/optimisers.md", "warmup")).toBe("0.0005\n")
    expect(await run("docs/optimisers.md", "rosenbrock")).toBe("true true\n")
    expect(await run("docs/coming-from-jax.md", "loss")).toMatch(/^loss 0\.03856\d+\n$/) // of JAX: 0.038568493
    expect(await run("docs/errors.md", "catchTag")).toMatch(/^add: shapes do not broadcast: .* true\n$/)
  })

  it("show both ways, with promises and with Effect", async () => {
    const file = "docs/promises.md"
    expect(await run(file, "total.read(), await")).toBe("63 [ 11, 21, 31 ]\n")
    expect(await run(file, "by Effect")).toBe("63 [ 11, 21, 31 ] by Effect\n")
    expect(await run(file, '"norm"')).toBe("norm true true\n")
    expect(await run(file, "_tag, hint")).toMatch(/^BufferGone read or use it before it is released, /)
    expect(await run(file, '"run"')).toBe("run [ Float32Array(2) [ 1, 2 ], Float32Array(2) [ 2, 4 ] ]\n")
    expect(await run("README.md", '"promise"')).toBe("promise 20\n")
    expect(await run("docs/settings.md", "deviceLayer")).toBe("42 42 { count: 1, incremental: true }\n")
  })

  it("show the program notation as it is printed", async () => {
    const [shown] = blocksOf("docs/how-it-works.md", "")
    const command = path.join(root, "dist/scripts/loopcarry.js")
    expect(await ended([command, "emit", "examples/cumulative-sum.ts", "--program"])).toBe(shown)
  })
})

describe("the README", () => {
  it("begins with a program that prints what its comment says", async () => {
    const stdout = await run("README.md", "cumulativeSum")
    expect(stdout.replace(/\s+/g, " ")).toContain(
      "45 Float32Array(10) [ 0, 1, 3, 6, 10, 15, 21, 28, 36, 45 ]"
    )
  })

  it("has an experiment that takes flags", async () => {
    const { results, experiment } = JSON.parse(await run("README.md", "logistic", "--r", "3.5", "--json"))
    expect(experiment).toBe("logistic map")
    expect(results.orbit.data).toHaveLength(100)
    expect(results.orbit.data[0]).toBeCloseTo(3.5 * 0.5 * 0.5, 6)
    expect(await run("README.md", "logistic", "--help")).toContain("--r X")
  })

  it("sets up a project in which that program compiles and runs", async () => {
    const installed = installPacked({ optional: true })
    const modules = path.join(installed.folder, "node_modules")
    for (const name of ["typescript", "tsx", "@types"])
      symlinkSync(path.join(root, "node_modules", name), path.join(modules, name))
    writeFileSync(path.join(installed.folder, "package.json"), `{ "type": "module" }`)
    writeFileSync(path.join(installed.folder, "tsconfig.json"), blocksOf("README.md", "json")[0]!)
    writeFileSync(path.join(installed.folder, "sums.ts"), blocksOf("README.md", "ts")[0]!)
    await ended([path.join(modules, "typescript/bin/tsc"), "--noEmit"], installed.folder)
    const stdout = await ended([path.join(modules, "tsx/dist/cli.mjs"), "sums.ts"], installed.folder)
    expect(stdout).toMatch(/^45 Float32Array/)
  })
})
