/**
 * Packs this clone with the Node that runs it, for a machine that has an accelerator and neither Node nor a network:
 *
 *     npm run build && node test/device/pack.mjs .device/check.tar.gz
 *
 * There, with the plugin's wheels beside any Python:
 *
 *     tar -xzf check.tar.gz && ./loopcarry-check/check --device cuda --output report.json
 */
import { spawnSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..")
const target = path.resolve(process.argv[2] ?? path.join(root, ".device", "check.tar.gz"))

const sources = [
  "package.json",
  "tsconfig.json",
  "dsl",
  "native",
  "pjrt",
  "scripts",
  "examples",
  "test",
  "dist"
]

/** What the checks import, and what tsx brings to read TypeScript. */
const packages = [
  "effect",
  "koffi",
  "@koromix",
  "flatbuffers",
  "@petamoriken",
  "@standard-schema",
  "tsx",
  "esbuild",
  "@esbuild"
]

/** Declarations, source maps and the sources of what is built run nowhere. */
const runs = (file) => !/\.(d\.[cm]?ts|map|md)$/.test(file) && !/node_modules\/effect\/src(\/|$)/.test(file)

const starter = `#!/bin/sh
# Everything it needs is beside it: Node, the packages, the built code, the fixtures.
here=$(cd "$(dirname "$0")" && pwd)
cd "$here" || exit 1
case "$1" in loopcarry) shift; exec "$here/node" dist/scripts/loopcarry.js "$@" ;; esac
exec "$here/node" --import tsx test/device/check.ts "$@"
`

const staging = mkdtempSync(path.join(tmpdir(), "loopcarry-pack-"))
const folder = path.join(staging, "loopcarry-check")
mkdirSync(folder)
for (const name of sources) cpSync(path.join(root, name), path.join(folder, name), { recursive: true })
for (const name of packages) {
  const from = path.join(root, "node_modules", name)
  cpSync(from, path.join(folder, "node_modules", name), { recursive: true, filter: runs })
}
cpSync(process.execPath, path.join(folder, "node"), { dereference: true })
writeFileSync(path.join(folder, "check"), starter, { mode: 0o755 })
mkdirSync(path.dirname(target), { recursive: true })
const tar = spawnSync("tar", ["-C", staging, "-czf", target, "loopcarry-check"], { stdio: "inherit" })
rmSync(staging, { recursive: true })
if (tar.status !== 0) process.exit(1)
process.stdout.write(`${target}: ${(statSync(target).size / 2 ** 20).toFixed(1)} MiB\n`)
