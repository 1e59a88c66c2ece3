import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { afterAll, describe, expect, it } from "vitest"
import type { Traced } from "../dsl/trace.ts"
import { type Backend, Device } from "../pjrt/index.ts"
import type { Jitted } from "../pjrt/loopcarry.ts"
import { root } from "./support/command.ts"

/** A line of a table of docs/mistakes.md. */
interface Row {
  readonly code: string
  readonly tsc: string
  readonly run: string
  readonly hint: string
}

const page = readFileSync(path.join(root, "docs/mistakes.md"), "utf8")

const rowsOf = (heading: string): ReadonlyArray<Row> => {
  const section = page.split(`\n## ${heading}\n`)[1]!.split("\n## ")[0]!
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => {
      const [code, tsc, run, hint] = line.slice(2, -2).split(" | ")
      return { code: code!.slice(1, -1), tsc: tsc!, run: run!, hint: hint!.slice(1, -1) }
    })
}

const names =
  "add, and, any, arange, at, cond, convert, f32, fori, grad, gt, jit, lt, map, mul, neg, not, put, read, scan, sum, vmap, zeros"

const head = `import * as Effect from "effect/Effect"
import { ${names} } from "loopcarry"
export const double = jit([f32(3)], (x) => add(x, x))
export const later = Promise.resolve([1, 2, 3])
`

const inside = ({ code }: Row): string =>
  `${head}export const mistake = jit([f32(3), f32(3), f32()], (x, y, s) => ${code})\n`

const outside = ({ code }: Row): string => `${head}export const mistake = Effect.gen(function* () {
  const y = yield* double([1, 2, 3])
  return ${code}
})\n`

const folder = mkdtempSync(path.join(root, "test", ".mistakes-"))
afterAll(() => rmSync(folder, { recursive: true }))

/** What the compiler says of each file. */
const compiled = (files: string): ReadonlyMap<string, string> => {
  const project = path.join(folder, `${files}.json`)
  writeFileSync(
    project,
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false, rootDir: "../.." },
      include: [files],
      exclude: []
    })
  )
  let said = ""
  try {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc")
    execFileSync(process.execPath, [tsc, "-p", project, "--pretty", "false"], { encoding: "utf8", cwd: root })
  } catch (error) {
    said = (error as { readonly stdout: string }).stdout
  }
  const byFile = new Map<string, string>()
  for (const each of said.split(/\n(?=\S)/)) {
    const file = /\/(\w+)\.ts\(/.exec(each)?.[1]
    if (file !== undefined) byFile.set(file, `${byFile.get(file) ?? ""}${each}\n`)
  }
  return byFile
}

const written = (name: string, rows: ReadonlyArray<Row>, text: (row: Row) => string) => {
  mkdirSync(path.join(folder, name))
  rows.forEach((row, i) => {
    writeFileSync(path.join(folder, name, `row${i}.ts`), text(row))
  })
  return compiled(name)
}

const tables = [
  { heading: "In a traced function", name: "inside", text: inside },
  { heading: "Around a jitted function", name: "outside", text: outside }
]

/** What a run says: a failure or a defect, or else the first warning. */
interface Said {
  readonly message: string
  readonly hint: string
}

const ran = async (name: string, i: number): Promise<Said | undefined> => {
  const { mistake } = await import(path.join(folder, name, `row${i}.ts`))
  const effect =
    name === "inside"
      ? Effect.map((mistake as Jitted<never, never>).traced, ({ warnings }: Traced) => warnings[0])
      : (mistake as Effect.Effect<unknown, unknown, Backend | Scope.Scope>)
  const found = await Effect.runPromise(
    (effect as Effect.Effect<unknown, unknown, Backend | Scope.Scope>).pipe(
      Effect.scoped,
      Effect.catchDefect((defect) => Effect.fail(defect)),
      Effect.result,
      Effect.provide(Device.layer("reference"))
    )
  )
  return found._tag === "Failure"
    ? (found.failure as Said)
    : name === "inside"
      ? (found.success as Said)
      : undefined
}

describe.each(tables)("docs/mistakes.md: $heading", ({ heading, name, text }) => {
  const rows = rowsOf(heading)
  const said = written(name, rows, text)

  it("has its lines", () => {
    expect(rows.length).toBeGreaterThan(10)
  })

  it.each(rows.map((row, i) => [row.code, row, i] as const))("%s", async (_, row, i) => {
    const words = said.get(`row${i}`)
    if (row.tsc === "nothing") expect(words).toBeUndefined()
    else expect(words).toContain(row.tsc)
    const found = await ran(name, i)
    expect(found?.message).toContain(row.run)
    expect(found?.hint).toContain(row.hint)
  })
})
