// Makes what is published: `node scripts/release.mjs`. Checks the clone, builds, packs, and says what to run next. With
// --dry-run it writes nothing, and says all that is amiss and what would be packed. It publishes nothing by itself.
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
const read = (file) => readFileSync(path.join(root, file), "utf8")
const run = (program, args) => spawnSync(program, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 })

const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } })
const dry = values["dry-run"]

const { name, version } = JSON.parse(read("package.json"))
const lock = JSON.parse(read("package-lock.json"))
const today = new Date().toISOString().slice(0, 10)

const tree = () => {
  const { status, stdout, stderr } = run("git", ["status", "--porcelain"])
  if (status !== 0) return [`this is no clone: ${stderr.trim()}`, "run it in a clone"]
  if (stdout === "") return undefined
  return [`the tree is not clean:\n${stdout.trimEnd()}`, "commit it or put it away"]
}

const versions = () => {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    return [`package.json has the version ${version}`, "give it three numbers"]
  const locked = [lock.version, lock.packages[""].version].filter((one) => one !== version)
  if (locked.length > 0)
    return [`package-lock.json says ${locked[0]}, package.json ${version}`, "npm install --package-lock-only"]
  if (run("git", ["tag", "--list", `v${version}`]).stdout !== "")
    return [`${version} is tagged already`, "give package.json the next version"]
  return undefined
}

const changelog = () => {
  const titles = [...read("CHANGELOG.md").matchAll(/^## (.*)$/gm)].map(([, title]) => title)
  const wanted = `${version} (${today})`
  const [first, second] = titles
  if (first !== wanted) {
    return [`CHANGELOG.md begins with "${first}"`, `name it "${wanted}", and give package.json that version`]
  }
  const before = second?.split(" ")[0]
  if (before !== undefined && before.localeCompare(version, "en", { numeric: true }) >= 0)
    return [`CHANGELOG.md has ${before} after ${version}`, "a version is greater than the one before"]
  return undefined
}

const faults = [tree, versions, changelog].flatMap((check) => {
  const fault = check()
  return fault === undefined ? [] : [fault]
})
for (const [message, next] of faults) process.stderr.write(`error: ${message}\n  next: ${next}\n`)
if (faults.length > 0 && !dry) process.exit(1)

const built = spawnSync(process.execPath, [path.join(root, "scripts/setup.mjs")], { stdio: ["ignore", 2, 2] })
if (built.status !== 0) process.exit(1)
const packed = run("npm", ["pack", "--ignore-scripts", "--json", ...(dry ? ["--dry-run"] : [])])
if (packed.status !== 0) {
  process.stderr.write(packed.stderr)
  process.exit(1)
}
const [{ filename, files, size, unpackedSize }] = JSON.parse(packed.stdout)
const folders = new Map()
for (const file of files) {
  const folder = file.path
    .split("/")
    .slice(0, file.path.startsWith("dist/") ? 2 : 1)
    .join("/")
  const [count, bytes] = folders.get(folder) ?? [0, 0]
  folders.set(folder, [count + 1, bytes + file.size])
}
const kilobytes = (bytes) => `${Math.ceil(bytes / 1000)} kB`
process.stdout.write(
  [
    `${name} ${version}: ${files.length} files, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`,
    ...[...folders].map(([folder, [count, bytes]]) => `  ${folder}: ${count} files, ${kilobytes(bytes)}`),
    dry ? "nothing was written" : `next: git tag v${version} && npm publish ${filename}`,
    ""
  ].join("\n")
)
process.exitCode = faults.length > 0 ? 1 : 0
