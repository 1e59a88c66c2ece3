import { writeBetween } from "../document-table.ts"
import { answer, counted, type Line, lineOf, most, repositories } from "./read.ts"

/** The parts of the document: their titles, and how the names in them begin. */
const parts: ReadonlyArray<readonly [title: string, begins: ReadonlyArray<string>]> = [
  ["jax", ["dtypes", "types", "jax."]],
  ["Methods of arrays", ["jax.Array."]],
  ["jax.numpy", ["jax.numpy."]],
  ["jax.numpy.linalg", ["jax.numpy.linalg."]],
  ["jax.numpy.fft", ["jax.numpy.fft."]],
  ["jax.lax", ["jax.lax."]],
  ["jax.nn", ["jax.nn."]],
  ["jax.nn.initializers", ["jax.nn.initializers."]],
  ["jax.random", ["jax.random."]],
  ["jax.scipy.linalg", ["jax.scipy.linalg."]],
  ["jax.scipy.special", ["jax.scipy.special."]],
  ["jax.scipy.stats", ["jax.scipy.stats."]],
  ["The rest of jax.scipy", ["jax.scipy."]],
  ["jax.tree", ["jax.tree.", "jax.tree_util."]]
]

/** The part whose beginning is the longest. */
const partOf = (name: string): string => {
  const fits = parts.flatMap(([title, begins]) =>
    begins.filter((begin) => name.startsWith(begin)).map((begin) => ({ title, begin }))
  )
  return fits.reduce((a, b) => (b.begin.length > a.begin.length ? b : a)).title
}

/** How a name is written in programs. */
const written = (name: string): string =>
  name
    .replace(/^jax\.Array\.at\./, "x.at[i].")
    .replace(/^jax\.Array\./, "x.")
    .replace(/^jax\.numpy\./, "jnp.")
    .replace(/^jax\.lax\./, "lax.")

/** All that share a line are named by that line. */
const shown = ({ name, line }: { readonly name: string; readonly line: Line }): string =>
  written(line.name.endsWith("*") ? line.name : name)

const code = (text: string): string => `\`${text}\``

const table = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n")

const cell = (text: string): string => text.replaceAll("|", "\\|")

/** Those with a note of their own, or of another spelling, have a row; the others are named in a sentence. */
const part = (title: string, names: ReadonlyArray<string>): string => {
  const lines = names.map((name) => ({ name, how: answer(name), line: lineOf(name)! }))
  const here = lines.filter(({ how }) => how !== "missing")
  const isPlain = ({ how, line }: (typeof lines)[number]) => how === "same" && line.note === ""
  const plain = here.filter(isPlain)
  const others = here.filter((each) => !isPlain(each))
  const missing = lines.filter(({ how }) => how === "missing")
  const reasons = [...new Set(missing.map(({ line }) => line.note))]
  const text = [`## ${title}`]
  if (plain.length > 0)
    text.push(`The same name, or its camelCase: ${plain.map(({ line }) => code(line.ours!)).join(", ")}.`)
  if (others.length > 0)
    text.push(
      table(
        ["JAX", "loopcarry", "what to know"],
        others.map(({ name, line }) => [code(written(name)), code(line.ours!), cell(line.note)])
      )
    )
  if (missing.length > 0)
    text.push(
      table(
        ["not here", "why, or what to write"],
        reasons.map((note) => [
          [...new Set(missing.filter(({ line }) => line.note === note).map(shown))].map(code).join(", "),
          cell(note)
        ])
      )
    )
  return text.join("\n\n")
}

/** The tables of docs/coming-from-jax.md. */
export const tables = (): string => {
  const names = counted.map(({ name }) => name).toSorted((a, b) => (a < b ? -1 : 1))
  const top = most(300).map(answer)
  const count = (...hows: ReadonlyArray<string>) => top.filter((how) => hows.includes(how)).length
  return [
    `Of the 300 names that ${repositories} public repositories use most, ${count("same")} have the same name here, ${count("other")} another one, and ${count("missing")} are missing.`,
    ...parts.map(([title]) =>
      part(
        title,
        names.filter((name) => partOf(name) === title)
      )
    )
  ].join("\n\n")
}

export const main = (): void => writeBetween("docs/coming-from-jax.md", "names", tables())
