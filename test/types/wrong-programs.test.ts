import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import { type Backend, Device } from "../../pjrt/index.ts"
import { root } from "../support/command.ts"
import { tsc } from "../support/tsc.ts"
import { ownWords, unsaid } from "./wrong-programs.ts"

const folder = "test/types/errors"

/** A program with one mistake: where it stands, and what runs it. */
interface Wrong {
  readonly name: string
  readonly file: string
  readonly first: number
  readonly last: number
  readonly run: () => unknown
}

const programsOf = async (file: string): Promise<ReadonlyArray<Wrong>> => {
  const lines = readFileSync(path.join(root, folder, file), "utf8").split("\n")
  const runs: Readonly<Record<string, () => unknown>> = await import(path.join(root, folder, file))
  const starts = lines.flatMap((line, i) => {
    const name = /^export const (\w+)/.exec(line)?.[1]
    return name === undefined ? [] : [{ name, first: i + 1 }]
  })
  return starts.map(({ name, first }, i) => ({
    name,
    file,
    first,
    last: (starts[i + 1]?.first ?? lines.length + 1) - 1,
    run: runs[name]!
  }))
}

const files = readdirSync(path.join(root, folder)).filter((file) => file.startsWith("programs-"))
const programs = (await Promise.all(files.map(programsOf))).flat()

interface Diagnostic {
  readonly file: string
  readonly line: number
  readonly text: string
}

const diagnostics = tsc("-p", "test/types/tsconfig.errors.json")
  .split(/\n(?=\S)/)
  .flatMap((text): ReadonlyArray<Diagnostic> => {
    const found = /^test\/types\/errors\/([\w-]+\.ts)\((\d+),\d+\): error TS\d+: ([\s\S]*)$/.exec(text)
    return found === null ? [] : [{ file: found[1]!, line: Number(found[2]), text: found[3]! }]
  })

const diagnosticsOf = ({ file, first, last }: Wrong): ReadonlyArray<Diagnostic> =>
  diagnostics.filter((each) => each.file === file && each.line >= first && each.line <= last)

/** The sentence of ours in a line, if there is one and no other. What a program misses is none where another stands. */
const ours = (line: string): string | undefined => {
  const plain = line.replaceAll(
    /Backend<"provide Device.layer\(...\)"> \| OpenScope<(?:"[^"]*"|\.\.\.)>>'/g,
    "Backend | OpenScope>'"
  )
  const quoted = [...plain.matchAll(/"((?:\\"|[^"])*)"/g)].map(([, text]) => text!)
  const sentences = new Set(quoted.filter((text) => text.includes(" ")))
  return sentences.size === 1 ? [...sentences][0]!.replaceAll('\\"', '"') : undefined
}

const lastLine = (text: string): string => text.trimEnd().split("\n").at(-1)!.trim()
const sentenceOf = (text: string): string => ours(lastLine(text)) ?? lastLine(text)

/** Words of the checker that say how it compared types, and not what is wrong. */
const compared =
  /No overload matches|following properties|provides no match|target (?:allows|requires)|\d+ more \.\.\.|type 'never'/

/** Whether the checker's own words are one sentence: the only line, or one that does not compare parts of types. */
const isPlain = (text: string): boolean => {
  const line = lastLine(text)
  if (compared.test(line)) return false
  return line === text.trim() || !line.includes("is not assignable to type")
}

interface Said {
  readonly message: string
  readonly hint?: string
}

const failureOf = (error: unknown): Said => error as Said

/** What a run of a program says: what it throws, or what the Effect that it gives fails with. */
const ran = async ({ run }: Wrong): Promise<Said | undefined> => {
  try {
    const result: unknown = await run()
    const effect =
      typeof result === "function" && "program" in result
        ? (result.program as Effect.Effect<unknown, unknown>)
        : result
    if (!Effect.isEffect(effect)) return undefined
    const exit = await Effect.runPromiseExit(
      (effect as Effect.Effect<unknown, unknown, Backend | Scope.Scope>).pipe(
        Effect.scoped,
        Effect.catchDefect((defect) => Effect.fail(defect)),
        Effect.flip,
        Effect.provide(Device.layer("reference"))
      )
    )
    return Exit.isSuccess(exit) ? failureOf(exit.value) : undefined
  } catch (error) {
    return failureOf(error)
  }
}

describe("programs with one mistake", () => {
  it("are many", () => {
    expect(programs.length).toBeGreaterThan(60)
    expect(new Set(programs.map(({ name }) => name)).size).toBe(programs.length)
  })

  it.each(programs.map((program) => [program.name, program] as const))("%s", async (name, program) => {
    const found = diagnosticsOf(program)
    expect(found).toHaveLength(1)
    const { text } = found[0]!
    const readable = ours(lastLine(text)) !== undefined || isPlain(text)
    expect(readable, text).toBe(!(name in ownWords))
    const said = await ran(program)
    if (name in unsaid) expect(said?.hint).toBeUndefined()
    else expect(said?.hint).toMatch(/\w/)
  })

  it("say this", async () => {
    const lines: Array<string> = []
    for (const program of programs) {
      const said = await ran(program)
      lines.push(`${program.file.slice("programs-".length, -".ts".length)} ${program.name}`)
      lines.push(`  tsc: ${sentenceOf(diagnosticsOf(program)[0]?.text ?? "nothing")}`)
      if (said !== undefined) lines.push(`  run: ${said.message}`)
      if (said?.hint !== undefined) lines.push(`  do: ${said.hint}`)
    }
    const text = `${lines.join("\n")}\n`.replaceAll(root, ".")
    await expect(text).toMatchFileSnapshot("./wrong-programs.snapshot.txt")
  })
})
