import { execFileSync } from "node:child_process"
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from "node:fs"
import os from "node:os"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { writeBetween } from "./document-table.ts"
import { startServer } from "./language-server.ts"

/**
 * How long TypeScript needs for programs of loopcarry, in a project of their own that imports the package as it is
 * built: the compiler for all of them, the language server for one place. Lines of docs/performance.md.
 */

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")
const programs = path.join(root, "test/types/programs")
const wanted = 2000

/** Programs of the tests, as many as make so many lines. */
const sources = () => {
  const taken: Array<{ readonly name: string; readonly text: string }> = []
  let lines = 0
  for (const name of readdirSync(programs)) {
    if (lines >= wanted) break
    const text = readFileSync(path.join(programs, name), "utf8")
    taken.push({ name, text })
    lines += text.split("\n").length
  }
  return { taken, lines }
}

const settings = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: ["node"]
  },
  include: ["*.ts"]
}

const makeProject = (files: ReturnType<typeof sources>["taken"]): string => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "loopcarry-editor-"))
  mkdirSync(path.join(folder, "node_modules"))
  symlinkSync(root, path.join(folder, "node_modules/loopcarry"))
  for (const name of ["effect", "@types", "undici-types"])
    symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name))
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module", private: true }))
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(settings))
  for (const { name, text } of [...files, empty]) writeFileSync(path.join(folder, name), text)
  return folder
}

const timed = async (work: () => unknown): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The best of three whole runs of a compiler, in milliseconds. */
const checked = async (folder: string, compiler: string): Promise<number> => {
  const times: Array<number> = []
  for (let round = 0; round < 3; round++)
    times.push(
      await timed(() => execFileSync(process.execPath, [compiler], { cwd: folder, stdio: "inherit" }))
    )
  return Math.min(...times)
}

interface Place {
  readonly line: number
  readonly character: number
}

/** Where a name is called or read, at most so many of them, spread over the text. */
const placesIn = (text: string, most: number): ReadonlyArray<Place> => {
  const all = text.split("\n").flatMap((content, line): ReadonlyArray<Place> => {
    const at = /(?<=[=(,] )[a-z]\w{2,}(?=\()/i.exec(content)
    return at === null ? [] : [{ line, character: at.index + 2 }]
  })
  const step = Math.max(1, Math.floor(all.length / most))
  return all.filter((_, i) => i % step === 0).slice(0, most)
}

const quantile = (values: ReadonlyArray<number>, share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!

/** A file without types: its answer is there as soon as the server has read the project. */
const empty = { name: "empty.ts", text: "export const none = 0\n", at: { line: 0, character: 13 } }

/**
 * Answers of language servers, in milliseconds: the first one of all, to hover, to completion, and to completion after an
 * edit. Each file has a server of its own, so that no types are known from another file.
 */
const answers = async (folder: string, files: ReturnType<typeof sources>["taken"]) => {
  const found = {
    project: [] as Array<number>,
    first: [] as Array<number>,
    hover: [] as Array<number>,
    completion: [] as Array<number>,
    edited: [] as Array<number>
  }
  for (const { name, text } of files) {
    const places = placesIn(text, 8)
    if (places.length === 0) continue
    const { request, notify, open, stop } = await startServer(folder)
    try {
      const none = open(path.join(folder, empty.name), empty.text)
      found.project.push(
        await timed(() => request("textDocument/hover", { textDocument: none, position: empty.at }))
      )
      const { uri } = open(path.join(folder, name), text)
      const textDocument = { uri }
      found.first.push(
        await timed(() => request("textDocument/hover", { textDocument, position: places[0] }))
      )
      for (const [i, position] of places.entries()) {
        found.hover.push(await timed(() => request("textDocument/hover", { textDocument, position })))
        found.completion.push(
          await timed(() => request("textDocument/completion", { textDocument, position }))
        )
        const changed = `${text}\nexport const edit${i} = ${i}\n`
        notify("textDocument/didChange", {
          textDocument: { uri, version: i + 2 },
          contentChanges: [{ text: changed }]
        })
        found.edited.push(await timed(() => request("textDocument/completion", { textDocument, position })))
      }
    } finally {
      stop()
    }
  }
  return found
}

const milliseconds = (value: number): string => `${Math.round(value)} ms`

/** Options: the compilers to measure beside the repository's own, by their files `tsc.js`. */
export const main = async (others: ReadonlyArray<string>): Promise<void> => {
  const { taken, lines } = sources()
  const folder = makeProject(taken)
  try {
    const own = path.join(root, "node_modules/typescript/bin/tsc")
    const rows: Array<string> = []
    for (const compiler of [own, ...others]) {
      const version = execFileSync(process.execPath, [compiler, "--version"], { encoding: "utf8" }).trim()
      rows.push(
        `| all ${lines} lines, TypeScript ${version.replace("Version ", "")} | ${milliseconds(await checked(folder, compiler))} | |`
      )
    }
    const { project, first, hover, completion, edited } = await answers(folder, taken)
    for (const [what, values] of Object.entries({
      "the first answer, the project being read": project,
      "hover, a file just opened": first,
      hover: hover,
      completion: completion,
      "completion after an edit": edited
    }))
      rows.push(
        `| ${what} | ${milliseconds(quantile(values, 0.5))} | ${milliseconds(quantile(values, 0.95))} |`
      )
    writeBetween(
      "docs/performance.md",
      "editor",
      ["| work | time, or median | 95 % within |", "|---|---|---|", ...rows].join("\n")
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
}
