import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"

const folder = path.dirname(fileURLToPath(import.meta.url))

/** A name of JAX, and how many repositories have it how often: `names.tsv`, the most used first. */
export interface Counted {
  readonly name: string
  readonly repositories: number
  readonly uses: number
}

/** What loopcarry has for a name of JAX: one line of a `.txt` file. */
export interface Line {
  /** The name of JAX. At the end of one, `*` stands for all names that have no line of their own. */
  readonly name: string
  /** What does it here. Undefined where nothing does. */
  readonly ours: string | undefined
  /** What has the same spelling here, and does something else. */
  readonly unlike: string | undefined
  /** What differs, or what to write instead. */
  readonly note: string
}

const rows = (file: string): ReadonlyArray<string> =>
  readFileSync(path.join(folder, file), "utf8").split("\n").filter(Boolean)

export const repositories: number = rows("names.tsv").filter((row) => /^# \S+\/\S+: /.test(row)).length

export const counted: ReadonlyArray<Counted> = rows("names.tsv")
  .filter((row) => !row.startsWith("#"))
  .slice(1)
  .map((row) => {
    const [name, repositories, uses] = row.split("\t")
    return { name: name!, repositories: Number(repositories), uses: Number(uses) }
  })

/**
 * `jax.numpy.abs = abs` or `jax.lax.sub = sub : a note` where something does it, `jax.numpy.cov : a note` where nothing
 * does. `!= trace` before the note says that `trace` is something else.
 */
const form = /^(?<name>\S+)(?: = (?<ours>\S+))?(?: != (?<unlike>\S+))?(?: : (?<note>\S.*))?$/

const read = (row: string): Line => {
  const { name, ours, unlike, note = "" } = form.exec(row)?.groups ?? {}
  if (name === undefined || (ours === undefined && note === ""))
    throw new Error(`this says nothing of a name of JAX: ${row}`)
  return { name, ours, unlike, note }
}

export const lines: ReadonlyArray<Line> = readdirSync(folder)
  .filter((file) => file.endsWith(".txt"))
  .flatMap(rows)
  .filter((row) => !row.startsWith("#"))
  .map(read)

const byName = new Map(lines.map((line) => [line.name, line]))

/** The line of a name: its own, or that of the longest beginning with a `*`. */
export const lineOf = (name: string): Line | undefined => {
  const parts = name.split(".")
  const wild = parts.map((_, i) => byName.get([...parts.slice(0, -1 - i), "*"].join(".")))
  return byName.get(name) ?? wild.find((line) => line !== undefined)
}

/** A name without what tells `zeros_like` from `zerosLike`. */
export const plain = (name: string): string => name.replaceAll("_", "").toLowerCase()

const last = (name: string): string => name.split(".").at(-1)!

export type Answer = "same" | "other" | "missing"

/** Whether a name has the same spelling here, but for camelCase, another one, or none. */
export const answer = (name: string): Answer => {
  const ours = lineOf(name)?.ours
  if (ours === undefined) return "missing"
  return plain(last(ours)) === plain(last(name)) ? "same" : "other"
}

/** The most used names. */
export const most = (count: number): ReadonlyArray<string> => counted.slice(0, count).map(({ name }) => name)
