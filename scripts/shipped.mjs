// What a release is made of: the packages that it depends on, and those that are within its files. npm takes the latter
// for tools. `node scripts/shipped.mjs sbom` writes them as CycloneDX; `audit` says what the registry knows of them.
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
const read = (file) => readFileSync(path.join(root, file), "utf8")

/** The build lists what is within. */
const within = [...read("dist/scripts/LICENSES.txt").matchAll(/^(\S+) \d+\.\d+\.\d+$/gm)].map(
  ([, name]) => name
)

const { packages } = JSON.parse(read("package-lock.json"))
const shipped = new Set([
  ...within,
  ...Object.entries(packages)
    .filter(([place, { dev }]) => place !== "" && !dev)
    .map(([place]) => place.replace(/^.*node_modules\//, ""))
])

const npm = (...args) =>
  spawnSync("npm", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", 2] })

const sbom = () => {
  const { status, stdout } = npm("sbom", "--sbom-format=cyclonedx")
  if (status !== 0) return status
  const { components, dependencies, ...rest } = JSON.parse(stdout)
  const kept = components.filter(({ group, name }) => shipped.has(group ? `${group}/${name}` : name))
  const refs = new Set([rest.metadata.component, ...kept].map((each) => each["bom-ref"]))
  const made = {
    ...rest,
    components: kept.map(({ properties, ...each }) => ({
      ...each,
      properties: properties?.filter(({ name }) => name !== "cdx:npm:package:development")
    })),
    dependencies: dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }))
  }
  process.stdout.write(`${JSON.stringify(made, null, 2)}\n`)
  return 0
}

/** Where the registry does not answer, that is said, and no failure. */
const audit = () => {
  const { stdout } = npm("audit", "--json")
  let said
  try {
    said = JSON.parse(stdout)
  } catch {
    said = {}
  }
  if (said.vulnerabilities === undefined) {
    process.stdout.write(
      `skipped: the registry does not answer: ${stdout.replaceAll("\n", " ").slice(0, 200)}\n`
    )
    return 0
  }
  const weak = Object.entries(said.vulnerabilities).filter(([name]) => shipped.has(name))
  process.stdout.write(weak.length === 0 ? "no known weakness\n" : `${JSON.stringify(weak, null, 2)}\n`)
  return weak.length === 0 ? 0 : 1
}

const [what] = process.argv.slice(2)
if (what === "sbom") process.exitCode = sbom()
else if (what === "audit") process.exitCode = audit()
else {
  process.stderr.write("usage: node scripts/shipped.mjs sbom|audit\n")
  process.exitCode = 2
}
