// Builds into a folder: `node scripts/build.mjs dist`. What package.json exports is bundled, one file for each entry with
// shared chunks, and leaves packages out. The command and its processes are bundled with all that they need, so that
// they start fast and need no peer. Declarations are the compiler's; examples stay as they are, file by file.
import { spawn } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import * as esbuild from "esbuild"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
const out = path.resolve(process.argv[2])
const { version, exports, optionalDependencies } = JSON.parse(
  readFileSync(path.join(root, "package.json"), "utf8")
)

/** The sources of the entries: `./dist/pjrt/loopcarry.js` is built of `pjrt/loopcarry.ts`. */
const entries = Object.values(exports).flatMap(({ default: file }) =>
  file === undefined ? [] : [file.replace(/^\.\/dist\/(.*)\.js$/, "$1.ts")]
)

/** What is native, or need not be there. */
const missing = ["koffi", "tsx", ...Object.keys(optionalDependencies)]

const options = {
  absWorkingDir: root,
  outdir: out,
  outbase: ".",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.20",
  logLevel: "warning",
  define: { LOOPCARRY_VERSION: JSON.stringify(version) }
}

const library = () =>
  esbuild.build({
    ...options,
    entryPoints: [...entries, "scripts/bench/cold.ts"],
    external: ["effect", ...missing],
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    sourcemap: true,
    sourcesContent: false,
    metafile: true
  })

/** What runs as a process of its own. It has all that it needs in few files, for files are what a start waits for. */
const program = (file, splitting = false) =>
  esbuild.build({
    ...options,
    entryPoints: [file],
    external: missing,
    splitting,
    chunkNames: "scripts/chunks/[name]-[hash]",
    minify: true,
    metafile: true
  })

/** Names another file of the same folder as it is called once built. */
const leaveImports = {
  name: "leave imports",
  setup: ({ onResolve }) =>
    onResolve({ filter: /.*/ }, ({ kind, path: name }) =>
      kind === "entry-point" ? undefined : { path: name.replace(/^(\..*)\.ts$/, "$1.js"), external: true }
    )
}

const examples = () =>
  esbuild.build({
    ...options,
    entryPoints: readdirSync(path.join(root, "examples"))
      .filter((name) => name.endsWith(".ts"))
      .map((name) => `examples/${name}`),
    plugins: [leaveImports],
    sourcemap: true,
    sourcesContent: false
  })

/** Where each source begins in each file that is built of it, for `dsl/place.ts`, which names a user's line by that. */
const writeLines = ({ outputs }) => {
  const files = Object.keys(outputs)
    .filter((file) => file.endsWith(".js"))
    .map((file) => path.join(root, file))
  const lines = {}
  let holder
  for (const file of files) {
    const text = readFileSync(file, "utf8")
    if (text.includes('"LOOPCARRY_LINES"')) holder = [file, text]
    lines[path.relative(out, file).replaceAll(path.sep, "/")] = text
      .split("\n")
      .flatMap((line, i) => (/^\/\/ \S+\.ts$/.test(line) ? [[i + 1, line.slice(3)]] : []))
  }
  const [file, text] = holder
  writeFileSync(
    file,
    text.replace('"LOOPCARRY_LINES"', () => JSON.stringify(JSON.stringify(lines)))
  )
}

/** What is packed is named by source maps. Of what lies within the library from other packages, they hold the text. */
const writeSources = ({ outputs }) => {
  for (const map of Object.keys(outputs).filter((file) => file.endsWith(".map"))) {
    const file = path.join(root, map)
    const { sources, ...rest } = JSON.parse(readFileSync(file, "utf8"))
    if (!sources.some((source) => source.includes("node_modules/"))) continue
    const sourcesContent = sources.map((source) =>
      source.includes("node_modules/") ? readFileSync(path.join(path.dirname(file), source), "utf8") : null
    )
    writeFileSync(file, JSON.stringify({ ...rest, sources, sourcesContent }))
  }
}

/** The licenses of the packages that are within the command. */
const writeLicenses = (inputs) => {
  const found = new Set(
    inputs.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [])
  )
  const texts = [...found].sort().map((name) => {
    const folder = path.join(root, "node_modules", name)
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
    const said = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"))
    const text = file === undefined ? said.license : readFileSync(path.join(folder, file), "utf8").trim()
    return `${name} ${said.version}\n\n${text}\n`
  })
  const intro = "The command has these packages within it. They are under these licenses.\n"
  writeFileSync(path.join(out, "scripts/LICENSES.txt"), [intro, ...texts].join(`\n${"-".repeat(80)}\n\n`))
}

const declarations = () =>
  new Promise((resolve) => {
    const compiler = path.join(root, "node_modules/typescript/bin/tsc")
    const args = [compiler, "-p", path.join(root, "tsconfig.build.json"), "--outDir", out]
    spawn(process.execPath, args, { cwd: root, stdio: "inherit" }).on("close", resolve)
  })

/** Keeps the declarations that the entries lead to. */
const prune = () => {
  const kept = new Set()
  const visit = (file) => {
    if (kept.has(file)) return
    kept.add(file)
    const text = readFileSync(file, "utf8")
    for (const [, name] of text.matchAll(/(?:\bfrom |\bimport\(|^import )"(\.[^"]+)\.[jt]s"/gm))
      visit(path.join(path.dirname(file), `${name}.d.ts`))
  }
  for (const entry of entries) visit(path.join(out, entry.replace(/\.ts$/, ".d.ts")))
  for (const name of readdirSync(out, { recursive: true })) {
    const file = path.join(out, name)
    if (/\.d\.ts(\.map)?$/.test(name) && !kept.has(file.replace(/\.map$/, ""))) rmSync(file)
  }
  const empty = (folder) => {
    for (const name of readdirSync(folder))
      if (statSync(path.join(folder, name)).isDirectory()) empty(path.join(folder, name))
    if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true })
  }
  empty(out)
}

mkdirSync(out, { recursive: true })
const checked = declarations()
const [made, ...others] = await Promise.all([
  library(),
  program("scripts/loopcarry.ts", true),
  program("scripts/bare-http2.ts"),
  program("pjrt/serve/child/main.ts"),
  program("pjrt/serve/worker/main.ts"),
  examples()
])
writeLines(made.metafile)
writeSources(made.metafile)
writeLicenses(others.flatMap(({ metafile }) => Object.keys(metafile?.inputs ?? {})))
const status = await checked
prune()
process.exitCode = status
