import { readdirSync, readFileSync } from "node:fs"
import { type Random, randomFrom, screenTexts } from "./mutants.ts"
import { attribute, evil, gap, location, oneOf, statement } from "./text-pieces.ts"

const golden = new URL("../golden/", import.meta.url)

/** What is changed into mutants: what loopcarry writes, and what MLIR prints, in several forms. */
export const textSeeds: ReadonlyArray<string> = [
  ...Object.values(screenTexts),
  ...readdirSync(golden)
    .filter((name) => name.endsWith(".mlir"))
    .sort()
    .map((name) => readFileSync(new URL(name, golden), "utf8"))
]

type Change = (text: string, random: Random) => string

const tokens = /"(?:[^"\\\n]|\\.)*"|[#!@%^]?[\w$.]+|->|\/\/[^\n]*|[^\s\w]/g

/** Where a text's tokens lie. */
const tokensOf = (text: string): ReadonlyArray<readonly [from: number, to: number]> =>
  [...text.matchAll(tokens)].map((found) => [found.index, found.index + found[0].length] as const)

const put = (text: string, from: number, to: number, piece: string): string =>
  text.slice(0, from) + piece + text.slice(to)

/** Places behind what a pattern finds, or the text's end where it finds nothing. */
const behind = (text: string, pattern: RegExp, random: Random): number => {
  const found = [...text.matchAll(pattern)]
  const one = found[random(Math.max(1, found.length))]
  return one === undefined ? text.length : one.index + one[0].length
}

const lineEnds = /(?<=[>)\]}\w])(?=\n\s*(?:%|return|"))/g

/** A character of those that mean something, or any. */
const insertAt: Change = (text, random) => {
  const at = random(text.length)
  const char =
    random(3) === 0
      ? String.fromCharCode(random(256))
      : oneOf(random, [...'\0"\\/<>(){}[]#!@%^-=:,.?*+|\r\n\v\f;'])
  return put(text, at, at, char)
}

const changes: ReadonlyArray<Change> = [
  // A bit of a character, a character in, some out.
  (text, random) => {
    const at = random(text.length)
    return put(text, at, at + 1, String.fromCharCode(text.charCodeAt(at) ^ (1 << random(8))))
  },
  insertAt,
  (text, random) => {
    const at = random(text.length)
    return put(text, at, at + 1 + random(3), "")
  },
  // Tokens out, twice, in one another's place, of another text.
  (text, random) => {
    const all = tokensOf(text)
    const [a, b] = [all[random(all.length)]!, all[random(all.length)]!]
    const moved = text.slice(...b)
    const [from, to] = a
    const how = random(3)
    return how === 0 ? put(text, from, to, "") : put(text, how === 1 ? to : from, to, moved)
  },
  (text, random) => {
    const other = textSeeds[random(textSeeds.length)]!
    const theirs = tokensOf(other)
    const all = tokensOf(text)
    const from = all[random(all.length)]![0]
    const at = random(theirs.length)
    const end = theirs[Math.min(theirs.length - 1, at + random(12))]!
    return put(text, from, from, ` ${other.slice(theirs[at]![0], end[1])} `)
  },
  // Something between two tokens that MLIR skips, or not.
  (text, random) => {
    const all = tokensOf(text)
    const at = all[random(all.length)]![1]
    return put(text, at, at, gap(random))
  },
  // An attribute more.
  (text, random) => {
    const at = behind(text, /(?<![@\w"]\s?)\{(?=[\w"])|, (?=[a-z_.]+ = )/g, random)
    return put(text, at, at, `jax.a = ${attribute(random)}, `)
  },
  (text, random) => {
    const at = behind(text, /module @?[\w]* ?attributes \{/g, random)
    return at === text.length ? text : put(text, at, at, `jax.a = ${attribute(random)}, `)
  },
  // An attribute for another, a location for another.
  (text, random) => {
    const all = [...text.matchAll(/(?<== )(?:"[^"\n]*"|-?\d+ : i\d+|@\w+|\d+|array<[^<>]*>|dense<[^<>]*>)/g)]
    const one = all[random(Math.max(1, all.length))]
    return one === undefined ? text : put(text, one.index, one.index + one[0].length, attribute(random))
  },
  (text, random) => {
    const all = [...text.matchAll(/loc\(#?\w+\)/g)]
    const one = all[random(Math.max(1, all.length))]
    return one === undefined
      ? text
      : put(text, one.index, one.index + one[0].length, `loc(${location(random)})`)
  },
  // An attribute or a type by an alias.
  (text, random) => {
    const all = [...text.matchAll(/(?<== )(?:"[^"\n]*"|@\w+|#\w+<[^<>]*>|array<[^<>]*>)|tensor<[\w]*>/g)]
    const one = all[random(Math.max(1, all.length))]
    if (one === undefined) return text
    const name = `${one[0].startsWith("tensor") ? "!" : "#"}zz${random(3)}`
    return `${name} =${gap(random)}${one[0]}\n${put(text, one.index, one.index + one[0].length, name)}`
  },
  (text, random) => `#zy = ${attribute(random)}\n${text}\n#zx = loc(${location(random)})`,
  // A custom call, behind what might hide it.
  (text, random) => {
    const at = behind(text, lineEnds, random)
    return put(text, at, at, `${random(2) === 0 ? ` loc(${location(random)})` : ""}\n${statement(random)}`)
  },
  (text, random) => {
    const at = behind(text, lineEnds, random)
    return put(text, at, at, `\n${statement(random)}${gap(random)}${evil(random)}`)
  },
  (text, random) => {
    const at = behind(text, lineEnds, random)
    const alias = random(2) === 0 ? `#zt = "${oneOf(random, ["evil", "Sharding"])}"\n` : ""
    return `${alias}${put(text, at, at, `\n${evil(random)}`)}`
  },
  // Escapes in a text, a name in quotes.
  (text, random) => {
    const all = [...text.matchAll(/"[\w.]+"/g)]
    const one = all[random(Math.max(1, all.length))]
    if (one === undefined) return text
    const at = one.index + 1 + random(one[0].length - 2)
    return put(text, at, at + 1, `\\${text.charCodeAt(at).toString(16).padStart(2, "0")}`)
  },
  (text, random) => {
    const at = behind(text, /@(?=[A-Za-z_]\w*)/g, random)
    const name = /^\w+/.exec(text.slice(at))?.[0] ?? ""
    return put(text, at, at + name.length, `"${name}"`)
  },
  // A module in a module, or none.
  (text, random) =>
    random(2) === 0
      ? `module {\n${text}\n}`
      : text.replace(/module[^{]*(?:attributes \{[^}]*\} )?\{/, "").replace(/\}\s*$/, ""),
  (text) => text.replaceAll("\n", "\r\n")
]

/** So many mutants of the seeds, always the same ones. */
export function* textMutants(count: number, seed = 1): Generator<string> {
  const random = randomFrom(seed)
  for (let i = 0; i < count; i++) {
    let text = textSeeds[random(textSeeds.length)]!
    for (let changed = 0; changed <= random(3); changed++)
      text = changes[random(changes.length)]!(text, random)
    yield text
  }
}
