import { execFileSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { afterAll, describe, expect, it } from "vitest"
import type { Backend } from "../pjrt/index.ts"
import { Device } from "../pjrt/index.ts"
import { type DeviceArray, jit, type Tensor } from "../pjrt/loopcarry.ts"
import { root } from "./support/command.ts"
import { type Example, examplesOf, expectedOf, runFile, typedFile } from "./support/doc-examples.ts"
import { putValues, requireValue, takeTensors } from "./support/doc-values.ts"
import { type Exported, readExports } from "./support/docstrings.ts"

const exported = readExports()
const examples = examplesOf(exported)
const folder = mkdtempSync(path.join(root, "test", ".docstrings-"))
afterAll(() => rmSync(folder, { recursive: true }))

const names = (chosen: (each: Exported) => boolean): ReadonlyArray<string> =>
  exported.filter(chosen).map(({ entry, name }) => `${entry}: ${name}`)

/** Writes examples as files, each by its number. */
const written = (kind: string, text: (example: Example, all: ReadonlyArray<Exported>) => string): string => {
  const here = path.join(folder, kind)
  mkdirSync(here)
  examples.forEach((example, i) => {
    writeFileSync(path.join(here, `example${i}.ts`), text(example, exported))
  })
  return here
}

const compiled = (project: string): string => {
  try {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc")
    return execFileSync(process.execPath, [tsc, "-p", project, "--pretty", "false"], { encoding: "utf8" })
  } catch (error) {
    return (error as { readonly stdout: string }).stdout
  }
}

type Check = <T>(value: T) => T

/** The values that a traced example hands out, once its program has run. */
const traced = (example: (check: Check) => unknown) =>
  Effect.gen(function* () {
    const given: Array<unknown> = []
    const tensors: Array<Tensor> = []
    const program = jit([], () => {
      example((value) => {
        given.push(takeTensors(value, tensors))
        return value
      })
      return tensors
    })
    const arrays = (yield* program()) as ReadonlyArray<DeviceArray>
    const read = yield* Effect.forEach(arrays, (each) => each.read)
    return given.map((value) => putValues(value, arrays, read))
  })

const promised = (example: (check: Check) => Promise<unknown>) =>
  Effect.promise(async () => {
    const given: Array<unknown> = []
    await example((value) => {
      given.push(value)
      return value
    })
    return given
  })

const ways = { promise: promised, traced } as const

const effectful = (example: (check: Check) => Effect.Effect<unknown, unknown, Backend | Scope.Scope>) => {
  const given: Array<unknown> = []
  return Effect.as(
    example((value) => {
      given.push(value)
      return value
    }),
    given
  )
}

describe("what the entry points export", () => {
  it("is found", () => {
    expect(names(({ kind }) => kind === "function").length).toBeGreaterThan(150)
    expect(examples.length).toBeGreaterThan(150)
  })

  it("says in a sentence what it is", () => {
    expect(names(({ text }) => !/^[A-Z`-][\s\S]*?[.:](\s|$)/.test(text))).toEqual([])
  })

  it("has an example, of each function", () => {
    expect(names(({ kind, examples: own }) => kind === "function" && own.length === 0)).toEqual([])
  })

  it("says how it fails, of each function", () => {
    const says = /`\w+(Error|Failure|Missing|Unavailable)`|Never fails/
    expect(names(({ kind, text }) => kind === "function" && !says.test(text))).toEqual([])
  })

  it("names only errors that users can import", () => {
    const known = new Set(exported.map(({ name }) => name))
    const named = exported.flatMap(({ name, text }) =>
      [...text.matchAll(/`([A-Z]\w*Error)`/g)].flatMap(([, error]) =>
        known.has(error!) ? [] : [`${name}: ${error}`]
      )
    )
    expect(named).toEqual([])
  })
})

describe("the examples", () => {
  it("compile, with what users can import", () => {
    written("typed", typedFile)
    const project = path.join(folder, "tsconfig.json")
    writeFileSync(
      project,
      JSON.stringify({
        extends: "../../tsconfig.json",
        compilerOptions: { noEmit: true, noUnusedLocals: false, rootDir: "../.." },
        include: ["typed"],
        exclude: []
      })
    )
    const said = compiled(project).replaceAll(/^.*\/example(\d+)\.ts/gm, (_, i) => examples[Number(i)]!.name)
    expect(said).toBe("")
  })

  it("run, and give what their comments say", async () => {
    const here = written("run", runFile)
    const wrong: Array<string> = []
    // What they write goes with the folder.
    const before = process.cwd()
    process.chdir(folder)
    for (const [i, example] of examples.entries()) {
      try {
        const module = await import(path.join(here, `example${i}.ts`))
        const work = example.way === "effect" ? effectful(module.example) : ways[example.way](module.example)
        const found = await Effect.runPromise(
          work.pipe(Effect.scoped, Effect.provide(Device.layer("reference", { strict: true })))
        )
        const wanted = expectedOf(example)
        expect(found).toHaveLength(wanted.length)
        for (const [k, comment] of wanted.entries()) requireValue(found[k], comment)
      } catch (error) {
        wrong.push(`${example.name}: ${error}`)
      }
    }
    process.chdir(before)
    expect(wrong).toEqual([])
  })
})
