import { readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { tables } from "../../../scripts/coming-from-jax/document.ts"
import { answer, counted, lineOf, lines, most, plain } from "../../../scripts/coming-from-jax/read.ts"
import { root } from "../../support/command.ts"
import { type Exported, readExports } from "../../support/docstrings.ts"

/** Of the 300 names that JAX programs use most, so many have an answer at least. Raise it with what is added. */
const answered = 288

/** What the tables of names call an export: with its entry point, where that is none of the three first ones. */
const called = ({ entry, name }: Exported): string => {
  const room = entry.slice("loopcarry/".length)
  return ["", "pjrt", "remote"].includes(room) ? name : `${room}.${name}`
}

const exported = readExports()
const names = new Set(exported.map(called))
const functions = exported.filter(({ kind }) => kind === "function").map(called)

/** What every tensor has, and what JavaScript has. */
const built = ["x.shape", "x.shape.length", "x.dtype", "Math.PI", "Math.E", "Infinity", "NaN"]

const known = (name: string): boolean => names.has(name) || built.includes(name)

/** What an export is called beside the names of one module: the last part of its name, or the last two. */
const spelt = (name: string, parts: number): string => plain(name.split(".").slice(-parts).join("."))

/** The functions that have the spelling of a name of JAX, as far as its module could mean them. */
const alike = (name: string): ReadonlyArray<string> => {
  const room = /^jax\.(random|tree)(?:_util)?\./.exec(name)?.[1]
  const parts = room !== undefined || name.startsWith("jax.scipy.stats.") ? 2 : 1
  const wanted = spelt(room === undefined ? name : `${room}.${name.split(".").at(-1)}`, parts)
  return functions.filter(
    (each) => spelt(each, parts) === wanted && (room !== undefined || !/^(random|tree)\./.test(each))
  )
}

describe("the names of JAX", () => {
  it("have a line each, and only one", () => {
    expect(counted.length).toBeGreaterThan(1000)
    expect(counted.map(({ name }) => name).filter((name) => lineOf(name) === undefined)).toEqual([])
    const given = lines.map(({ name }) => name)
    expect(given.filter((name, i) => given.indexOf(name) !== i)).toEqual([])
    const all = new Set(counted.map(({ name }) => name))
    expect(given.filter((name) => !name.endsWith(".*") && !all.has(name))).toEqual([])
    expect(
      given.filter((name) => name.endsWith(".*") && !counted.some((each) => lineOf(each.name)?.name === name))
    ).toEqual([])
  })

  it("lead to what an entry point exports", () => {
    const lost = lines.flatMap(({ name, ours, unlike }) =>
      [ours, unlike]
        .filter((other) => other !== undefined && !known(other))
        .map((other) => `${name} leads to ${other}, which nothing exports`)
    )
    expect(lost).toEqual([])
  })

  it("are not said to be missing or called otherwise where a function has their spelling", () => {
    const late = counted.flatMap(({ name }) => {
      const line = lineOf(name)!
      if (answer(name) === "same") return []
      return alike(name)
        .filter((each) => each !== line.unlike)
        .map(
          (each) => `${each} is there: write "${name} = ${each}", or "!= ${each}" where it is something else`
        )
    })
    expect(late).toEqual([])
  })

  it("have notes that name what is there", () => {
    const lost = lines.flatMap(({ name, note }) =>
      [...note.matchAll(/`([^`]+)`/g)]
        .flatMap(([, code]) => [...code!.matchAll(/(?<![\w.")])([a-zA-Z][\w.]*)\(/g)].map(([, fn]) => fn!))
        .filter((fn) => !known(fn) && !/^(Math|Device)\./.test(fn) && !fn.endsWith(".every"))
        .map((fn) => `${name}: its note names ${fn}, which nothing exports`)
    )
    expect(lost).toEqual([])
  })

  it("are answered for the most used", () => {
    const missing = most(300).filter((name) => answer(name) === "missing")
    expect(300 - missing.length).toBeGreaterThanOrEqual(answered)
  })

  it("are in the document as the generator writes them", () => {
    const text = readFileSync(path.join(root, "docs/coming-from-jax.md"), "utf8")
    expect(text.split("<!-- names -->\n")[1]!.split("\n<!-- end of names -->")[0]).toBe(tables())
  })
})
