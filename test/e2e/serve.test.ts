import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { writeNpy } from "../../pjrt/formats/npy.ts"
import { example, loopcarry, root } from "../support/command.ts"
import { on, serves } from "../support/healthy.ts"
import { type Serving, start } from "../support/serving.ts"

const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-serve-"))
const program = path.join(folder, "three.mlir")
writeFileSync(
  program,
  `module { func.func public @main() -> tensor<3xf32> {
  %x = stablehlo.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = stablehlo.add %x, %x : tensor<3xf32>
  return %y : tensor<3xf32>
} }`
)

describe("loopcarry serve", () => {
  let worker: Serving
  beforeAll(async () => {
    worker = await start(["--virtual-devices", "4"])
  })
  afterAll(async () => {
    worker.process.kill("SIGTERM")
    expect(await worker.ended).toBe(0)
  })

  it("runs what exec sends, with one flag", async () => {
    const ended = await loopcarry(["exec", program, "--device", `${worker.device}/cpu:0`, "--json"])
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    expect(JSON.parse(ended.stdout)).toEqual({
      device: { platform: "cpu", id: 0, kind: "cpu" },
      outputs: [{ dtype: "f32", shape: [3], data: [2, 4, 6] }]
    })
  })

  it("runs what jax.export has written, its inputs checked", async () => {
    const exported = path.join(root, "test/fixtures/exported.bin")
    const npy = (name: string, shape: ReadonlyArray<number>) => {
      const file = path.join(folder, name)
      const bytes = new Uint8Array(new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1).buffer)
      writeFileSync(file, writeNpy({ dtype: "f32", shape, bytes }))
      return ["--input", file]
    }
    const [start, rows] = [npy("start.npy", []), npy("rows.npy", [4, 3])]
    const ended = await loopcarry(["exec", exported, "--device", worker.device, "--json", ...start, ...rows])
    expect(JSON.parse(ended.stdout).outputs).toEqual([
      { dtype: "f32", shape: [], data: [13] },
      { dtype: "f32", shape: [4], data: [1, 4, 7, 10] }
    ])
    const swapped = await loopcarry(["exec", exported, "--device", worker.device, ...rows, ...start])
    expect(swapped).toMatchObject({ status: 2, stdout: "" })
  })

  // Other tests write scripts of their own beside them, and the cells are what examples import.
  const examples = readdirSync(path.join(root, "examples"))
    .filter((file) => /^[a-z-]+\.ts$/.test(file))
    .map((file) => path.basename(file, ".ts"))
    .filter((name) => name !== "two-processes" && name !== "cells")

  it.each(examples)("runs the example %s, with one variable", async (name) => {
    // What learns says how far it is.
    const learns = name === "char-rnn"
    const args = learns ? ["--json", "--steps", "10"] : ["--json"]
    const here = await example(name, [...args, "--virtual-devices", "4"])
    const there = await example(name, args, { LOOPCARRY_DEVICE: worker.device })
    expect(there).toMatchObject(learns ? { status: 0 } : { status: 0, stderr: "" })
    const results = ({ stdout }: { readonly stdout: string }) => {
      const { results: own, experiments } = JSON.parse(stdout)
      return own ?? experiments.map((each: { readonly results: unknown }) => each.results)
    }
    expect(results(here)).toBeDefined()
    expect(results(there)).toEqual(results(here))
  })

  it("is shown by an example, in two processes", async () => {
    const ended = await example("two-processes")
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    expect(ended.stdout).toMatch(/a worker listens on 127\.0\.0\.1:\d+\nthe worker says 45 Float32Array/)
  })

  it("shows its devices", async () => {
    const ended = await loopcarry(["devices", "--device", `remote://${worker.address}`])
    expect(ended.stdout).toBe([0, 1, 2, 3].map((id) => `${worker.device}/cpu:${id}  cpu\n`).join(""))
  })

  it("is looked at by the doctor, as is one that is not there", async () => {
    const ended = await loopcarry(["doctor", "--device", `remote://${worker.address}`, "--json"])
    expect(ended.status).toBe(0)
    const { findings } = JSON.parse(ended.stdout)
    const remote = findings.filter(({ platform }: { platform?: string }) => platform === "remote")
    expect(remote.map(({ check, verdict }: { check: string; verdict: string }) => [check, verdict])).toEqual([
      ["worker", "ok"],
      ["plugin", "ok"],
      ["devices", "ok"],
      ["run", "ok"],
      ["round trip", "ok"]
    ])
    const absent = await loopcarry(["doctor", "--device", "remote://127.0.0.1:9"])
    expect(absent.status).toBe(4)
    expect(absent.stdout).toContain("next: start a worker there with: loopcarry serve")
  })

  it("refuses with exit status 4, and 4 where nobody listens", async () => {
    const refused = await loopcarry(["exec", program, "--device", `remote://${worker.address}/cpu:7`])
    expect(refused).toMatchObject({ status: 4, stdout: "" })
    expect(refused.stderr).toContain("it has cpu:0, cpu:1, cpu:2, cpu:3")
    const absent = await loopcarry(["exec", program, "--device", "remote://127.0.0.1:9"])
    expect(absent).toMatchObject({ status: 4, stdout: "" })
    expect(absent.stderr).toContain("next: start a worker there with: loopcarry serve")
  })
})

describe("a worker that is traced", () => {
  it("sends each call as a span", async () => {
    const spans: Array<string> = []
    const collector = createServer((request, response) => {
      let body = ""
      request.on("data", (chunk) => {
        body += chunk
      })
      request.on("end", () => {
        const { resourceSpans } = JSON.parse(body)
        for (const { scopeSpans } of resourceSpans)
          for (const { spans: all } of scopeSpans)
            spans.push(...all.map(({ name }: { name: string }) => name))
        response.end("{}")
      })
    })
    await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve))
    const { port } = collector.address() as { port: number }
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}`
    const worker = await start().finally(() => {
      delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT
    })
    await on(worker.device, serves)
    worker.process.kill("SIGTERM")
    expect(await worker.ended).toBe(0)
    collector.close()
    expect(new Set(spans)).toEqual(
      new Set(["Compile", "Put", "Run"].map((name) => `loopcarry.worker.${name}`))
    )
  })
})

describe("certificates", () => {
  it("are made with their token, for this user alone", async () => {
    const to = path.join(folder, "certificate")
    const made = await loopcarry(["serve", "--generate-certificate", to, "--name", "tpu-vm"])
    expect(made).toMatchObject({ status: 0, stderr: "" })
    expect(readdirSync(to).sort()).toEqual(["cert.pem", "key.pem", "token"])
    for (const name of ["key.pem", "token"]) expect(statSync(path.join(to, name)).mode & 0o777).toBe(0o600)
    const worker = await start([
      "--tls-cert",
      `${to}/cert.pem`,
      "--tls-key",
      `${to}/key.pem`,
      "--token-file",
      `${to}/token`
    ])
    const env = { LOOPCARRY_CA: `${to}/cert.pem`, LOOPCARRY_TOKEN_FILE: `${to}/token` }
    const ended = await loopcarry(["exec", program, "--device", `remote://${worker.address}`], env)
    expect(ended).toMatchObject({ status: 0, stderr: "" })
    worker.process.kill("SIGTERM")
    expect(await worker.ended).toBe(0)
    expect(worker.log()).not.toContain(readFileSync(`${to}/token`, "utf8").trim())
  })

  it.each([
    [["--listen", "nonsense:nonsense"], 2, "is not understood"],
    [["--limit", "cake=3"], 2, "it is NAME=NUMBER"],
    [["--limit", "arrays=many"], 2, "it is NAME=NUMBER"],
    [["--limit", "programBytes=0.5"], 2, "the limit programBytes is 0.5, and must be a whole number above 0"],
    [["--tls-cert", "x.pem"], 2, "cannot be read"],
    [["--client-ca", "package.json"], 2, "asks for TLS"],
    [["--device", "reference"], 3, "cannot be served"],
    [["--device", "tpu", "--offline", "--plugin", "/nonexistent.so"], 3, "which is no file"],
    [["--listen", "0.0.0.0:0"], 2, "a worker needs TLS"]
  ] as const)("%j is refused", async (args, status, says) => {
    const ended = await loopcarry(["serve", "--listen", "127.0.0.1:0", ...args])
    expect(ended).toMatchObject({ status, stdout: "" })
    expect(ended.stderr).toContain(says)
    expect(ended.stderr).toContain("next: ")
  })
})
