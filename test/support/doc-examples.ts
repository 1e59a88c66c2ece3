import { type Entry, type Exported, entries } from "./docstrings.ts"

/** One example of a doc comment, as a file of its own would hold it. */
export interface Example {
  readonly name: string
  /** The entry point whose names it means, where several have one of that name. */
  readonly entry: Entry
  /** What runs it: an Effect with a device, an async function, or else a function that is traced. */
  readonly way: "effect" | "promise" | "traced"
  readonly code: string
}

const wayOf = (code: string): Example["way"] =>
  /\byield\*/.test(code) ? "effect" : /\bawait\b/.test(code) ? "promise" : "traced"

/** A statement, with the value that the comment at its end says. */
interface Statement {
  readonly lines: ReadonlyArray<string>
  readonly expected: string | undefined
}

export const examplesOf = (exported: ReadonlyArray<Exported>): ReadonlyArray<Example> => {
  const once = new Map(exported.map((each) => [each.examples.join() + each.name, each]))
  return [...once.values()].flatMap(({ entry, name, examples }) =>
    examples.map((code, i) => ({
      name: examples.length === 1 ? name : `${name}, example ${i + 1}`,
      entry,
      way: wayOf(code),
      code
    }))
  )
}

/** A comment that begins as a value or a type does is one; other comments are words. */
const isValue = (comment: string): boolean =>
  /^([-\d[{"]|true\b|false\b|null\b|NaN\b|\w+\[|\w+Array)/.test(comment)

/** Statements begin at the left edge; lines that are indented or close a bracket go on. */
const statementsOf = (code: string): ReadonlyArray<Statement> => {
  const groups: Array<Array<string>> = []
  for (const line of code.split("\n")) {
    if (groups.length > 0 && /^(\s|[)\]}]|$)/.test(line)) groups.at(-1)!.push(line)
    else groups.push([line])
  }
  return groups.map((lines) => {
    const comment = /^(.*\S)\s+\/\/ (.+)$/.exec(lines.at(-1)!)
    if (comment === null || !isValue(comment[2]!)) return { lines, expected: undefined }
    return { lines: [...lines.slice(0, -1), comment[1]!], expected: comment[2]! }
  })
}

/** The values that an example says, in order. */
export const expectedOf = ({ code }: Example): ReadonlyArray<string> =>
  statementsOf(code).flatMap(({ expected }) => (expected === undefined ? [] : [expected]))

const checked = (code: string): string =>
  statementsOf(code)
    .map(({ lines, expected }) => {
      const text = lines.join("\n")
      if (expected === undefined) return text
      const binding = /^(const [^=]+ = )([\s\S]*)$/.exec(text)
      return binding === null ? `check(${text})` : `${binding[1]}check(${binding[2]})`
    })
    .join("\n")

/** The imports that an example needs, as its reader would write them. */
const importsOf = ({ code, entry: own }: Example, exported: ReadonlyArray<Exported>): string => {
  const taken = new Set([...code.matchAll(/\bconst (\w+) =/g)].map(([, name]) => name))
  const lines = ["ConfigProvider", "Effect", "Metric", "Schema", "Scope", "Stream"].map(
    (name) => `import * as ${name} from "effect/${name}"`
  )
  const others = (Object.keys(entries) as ReadonlyArray<Entry>).filter((entry) => entry !== own)
  for (const entry of [own, ...others]) {
    const names: Array<string> = []
    for (const { name, kind } of exported.filter((each) => each.entry === entry)) {
      const first = name.split(".")[0]!
      if (taken.has(first) || !new RegExp(`(?<![.\\w])${first}\\b`).test(code)) continue
      taken.add(first)
      names.push(kind === "type" && first === name ? `type ${first}` : first)
    }
    if (names.length > 0) lines.push(`import { ${names.join(", ")} } from "${entry}"`)
  }
  return lines.join("\n")
}

/** What an example is within: an Effect that a device is provided to, or the body of a function. */
const within = ({ way }: Example, given: string, type: string): string => {
  // A script's own export stands at its top; here it is only made.
  const code = given.replace(/^export default /m, "void ")
  return way === "effect" ? `Effect.gen(function* () {\n${code}\n})${type}` : `{\n${code}\n}`
}

const asyncOf = ({ way }: Example): string => (way === "promise" ? "async " : "")

/** An example as the compiler is to see it: as it is written, with the imports that a user would write. */
export const typedFile = (example: Example, exported: ReadonlyArray<Exported>): string => {
  const type = " satisfies Effect.Effect<void, unknown, Here | Scope.Scope>"
  return `${importsOf(example, exported)}
import type { Backend as Here } from "loopcarry/pjrt"
export const example = ${asyncOf(example)}() => ${within(example, example.code, type)}
export type Used = Here | Scope.Scope | Stream.Stream<never> | Effect.Effect<never>
`
}

/** An example as it is run: it hands each value that it says something of to `check`. */
export const runFile = (example: Example, exported: ReadonlyArray<Exported>): string =>
  `${importsOf(example, exported)}
export const example = ${asyncOf(example)}(check: <T>(value: T) => T) => ${within(example, checked(example.code), "")}
`
