// Runs all tests, and closes with one line of real counts: `tests: 412 passed, 0 failed, 3 skipped`.
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
/** The attacks that the tests of `test/attack/` made, and those that were survived, for each file. */
const attacks = (testResults) =>
  testResults
    .filter(({ name }) => name.includes("/test/attack/"))
    .map(({ name, assertionResults }) => {
      const made = (tests) => tests.reduce((all, { meta }) => all + (meta?.attacks ?? 1), 0)
      return {
        family: path.basename(name, ".test.ts"),
        tried: made(assertionResults.filter(({ status }) => ["passed", "failed"].includes(status))),
        survived: made(assertionResults.filter(({ status }) => status === "passed"))
      }
    })

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
  const families = attacks(testResults)
  for (const { family, tried, survived } of families)
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
