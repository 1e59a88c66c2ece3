// Makes a clone ready to run: dependencies and the built code. Each is done only when it is missing or out of date, and
// says so on stderr. Plain JavaScript, for it runs before anything is installed.
import { spawnSync } from "node:child_process"
import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
const at = (...parts) => path.join(root, ...parts)

const fail = (message, next) => {
  process.stderr.write(`error: ${message}\n  next: ${next}\n`)
  process.exit(1)
}

const step = (what, program, args, next, forgiven = () => false) => {
  const started = performance.now()
  process.stderr.write(`loopcarry: ${what} ...\n`)
  const ended = spawnSync(program, args, { cwd: root, stdio: ["ignore", "pipe", 2], encoding: "utf8" })
  process.stderr.write(ended.stdout ?? "")
  if (ended.status !== 0 && !forgiven(ended.stdout ?? ""))
    fail(`${what} failed${ended.error ? `: ${ended.error.message}` : ""}`, next)
  process.stderr.write(`loopcarry: ${what} done in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
}

const [major, minor] = process.versions.node.split(".").map(Number)
if (major < 20 || (major === 20 && minor < 20)) {
  fail(`Node ${process.versions.node} is too old`, "use Node 20.20 or newer")
}

const installed = at("node_modules", ".loopcarry-installed")
const lock = createHash("sha256")
  .update(readFileSync(at("package-lock.json")))
  .digest("hex")
const wanted = `${lock} ${process.platform} ${process.arch}`
if (!existsSync(installed) || readFileSync(installed, "utf8") !== wanted) {
  step(
    "installing dependencies",
    "npm",
    ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    "check the network and npm's registry settings, then run the same command again"
  )
  writeFileSync(installed, wanted)
}

/** Whether all that the compiler complains of lies in `examples/`: there it is the user's own, and runs all the same. */
const onlyInExamples = (said) => {
  const files = [...said.matchAll(/^(\S.*?)\(\d+,\d+\): error TS/gm)].map(([, file]) => file)
  return files.length > 0 && files.every((file) => /^examples[/\\]/.test(file))
}

const newest = (file) => {
  const stat = statSync(file)
  if (!stat.isDirectory()) return stat.mtimeMs
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))))
}

const built = at("dist", ".built")
const sources = [
  "dsl",
  "native",
  "pjrt",
  "scripts",
  "examples",
  "tsconfig.json",
  "tsconfig.build.json",
  "package.json"
]
const changed = Math.max(...sources.map((name) => newest(at(name))))
if (!existsSync(built) || statSync(built).mtimeMs < changed) {
  const next = `dist.${process.pid}`
  // A build that fails leaves nothing.
  process.once("exit", () => rmSync(at(next), { recursive: true, force: true }))
  step("building", process.execPath, [at("scripts/build.mjs"), next], "mend the errors above", onlyInExamples)
  writeFileSync(at(next, ".built"), "")
  // Swapped in whole, for another process may be running what was built before.
  if (existsSync(at("dist"))) renameSync(at("dist"), at(`${next}.old`))
  renameSync(at(next), at("dist"))
  rmSync(at(`${next}.old`), { recursive: true, force: true })
}
