// Runs all tests, and closes with one line of real counts: `tests: 412 passed, 0 failed, 3 skipped`.
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { attacksOf } from "./attacks.mjs"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-results-"))
const results = path.join(folder, "results.json")

const ended = spawnSync(
  process.execPath,
  [
    path.join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...process.argv.slice(2)
  ],
  { cwd: root, stdio: "inherit" }
)

let status = ended.status ?? 1
try {
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
    readFileSync(results, "utf8")
  )
  // A file that fails as a whole counts as one failure, though none of its tests ran.
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0
  )
  // So does a worker that died of a crash: its tests are missing, and vitest only says so in its exit status.
  const failed = numFailedTests + broken.length || (status === 0 ? 0 : 1)
  if (failed > 0 || numPassedTests === 0) status ||= 1
  for (const { family, tried, survived } of attacksOf({ testResults }))
    process.stdout.write(`attacks: ${family}: ${tried} tried, ${survived} survived\n`)
  process.stdout.write(
    `\ntests: ${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped\n`
  )
} catch {
  process.stdout.write("\nthe test run left no results\n")
  status ||= 1
}
rmSync(folder, { recursive: true })
process.exitCode = status
