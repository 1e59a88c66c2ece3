// Coverage-guided fuzzing of what reads bytes of anybody: node test/fuzz/fuzz.mjs [--executions N] [--seed N] [--json].
// What it finds goes into the corpus, where it stays once it is mended.
//
// Jazzer.js 4.0 instruments ECMAScript modules too, but is a native addon that needs glibc 2.38; its older versions
// instrument CommonJS alone. V8 counts blocks of code by itself.
import { createHash } from "node:crypto"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { parseArgs } from "node:util"
import { Worker } from "node:worker_threads"
import { buildSync } from "esbuild"

const { values } = parseArgs({
  options: {
    executions: { type: "string", default: "1000000" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
    json: { type: "boolean", default: false }
  }
})

const folder = new URL("corpus/", import.meta.url)
const corpus = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(new URL(name, folder)))

/** An input that takes longer than this, in milliseconds, hangs. */
const patience = 20_000

const current = new SharedArrayBuffer(1 << 16)
const turn = new SharedArrayBuffer(8)
const turns = new Int32Array(turn)
const now = () => Buffer.from(new Uint8Array(current).slice(0, Atomics.load(turns, 1))).toString("base64")

/** The readers and what tries them in one file of JavaScript, whose blocks are counted. */
const built = mkdtempSync(path.join(tmpdir(), "loopcarry-fuzz-"))
const code = pathToFileURL(path.join(built, "targets.mjs")).href
process.once("exit", () => rmSync(built, { recursive: true, force: true }))
buildSync({
  entryPoints: [fileURLToPath(new URL("targets.mjs", import.meta.url))],
  outfile: fileURLToPath(code),
  bundle: true,
  format: "esm",
  platform: "node",
  logLevel: "error"
})

const worker = new Worker(new URL("explore.mjs", import.meta.url), {
  workerData: {
    code,
    seed: Number(values.seed),
    executions: Number(values.executions),
    corpus,
    current,
    turn
  },
  resourceLimits: { maxOldGenerationSizeMb: 512 }
})

const report = await new Promise((resolve) => {
  const end = (message) =>
    resolve({ executions: Atomics.load(turns, 0), kept: 0, blocks: 0, findings: [{ input: now(), message }] })
  let last = -1
  const watch = setInterval(() => {
    if (Atomics.load(turns, 0) === last) end(`no end within ${patience} ms`)
    last = Atomics.load(turns, 0)
  }, patience)
  worker.on("message", resolve)
  worker.on("error", (error) => end(error.message))
  worker.on("exit", () => {
    clearInterval(watch)
    end("the thread has ended")
  })
})
for (const { input } of report.findings) {
  const bytes = Buffer.from(input, "base64")
  const name = `finding.${createHash("sha256").update(bytes).digest("hex").slice(0, 12)}`
  if (!values.json) writeFileSync(new URL(name, folder), bytes)
}
const { findings, executions, kept, blocks } = report
process.stdout.write(
  values.json
    ? `${JSON.stringify({ seed: Number(values.seed), ...report })}\n`
    : `${findings.map(({ message }) => `${message}\n`).join("")}seed ${values.seed}: ${executions} executions, ${blocks} blocks of code, ${kept} inputs kept, ${findings.length} findings\n`
)
process.exit(findings.length === 0 ? 0 : 1)
