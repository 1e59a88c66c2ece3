import { readFileSync } from "node:fs"
import { join, programs, split, textsOf, varint, withEntries, withTexts } from "./bytecode.ts"

const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), "utf8"))

const small = Object.entries<string>(fixture("screen").programs).map(
  ([name, code]) => [name, Buffer.from(code, "base64")] as const
)

/** Small programs as bytecode, with calls, composites, notes of shardings and sorts. */
export const screenPrograms: Readonly<Record<string, Buffer>> = Object.fromEntries(
  small.filter(([name]) => /^(?:calls|sorts),/.test(name))
)

/** Programs as bytecode that end the process that compiles or runs them; each in several versions. */
export const fatalPrograms: ReadonlyArray<readonly [name: string, code: Buffer]> = small.filter(
  ([name]) => screenPrograms[name] === undefined
)

/** Programs as text, as MLIR prints them in its several forms. */
export const screenTexts: Readonly<Record<string, string>> = fixture("screen").texts

/** A program as bytecode, with one attribute of the dialect chlo. */
export const notedProgram = Buffer.from(fixture("screen").noted, "base64")

/** What is changed into mutants. */
export const seeds: ReadonlyArray<Buffer> = [
  notedProgram,
  ...Object.values(screenPrograms),
  ...Object.values(programs)
]

/** The same numbers in each run. */
export const randomFrom = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state * 48271) % 2147483647
    return state % below
  }
}

export type Random = ReturnType<typeof randomFrom>
type Change = (file: Buffer, random: Random) => Buffer

const inPart = (file: Buffer, random: Random, change: (content: Buffer) => Buffer): Buffer => {
  const { head, parts } = split(file)
  const at = random(parts.length)
  return join(
    head,
    parts.map((part, i) => (i === at ? { ...part, content: change(Buffer.from(part.content)) } : part))
  )
}

/** Names that an attack would like to have. */
const wanted = [
  "custom_call_v1",
  "custom_call",
  "infeed_v1",
  "TopK",
  "loopcarry_print",
  "vhlo",
  "stablehlo",
  "mhlo"
]

/** Attributes and types as text, some of which XLA would obey. */
export const asTexts: ReadonlyArray<string> = [
  '{mhlo.frontend_attributes = {_xla_compute_type = "host"}}',
  '{_xla_compute_type = "host"}',
  '"evil"',
  "@f",
  "1 : i32",
  "f32",
  "tensor<8xf32>",
  "loc(unknown)",
  "unit"
]

const changes: ReadonlyArray<Change> = [
  // A bit, a byte, some bytes.
  (file, random) => {
    const changed = Buffer.from(file)
    changed[random(changed.length)]! ^= 1 << random(8)
    return changed
  },
  (file, random) => {
    const changed = Buffer.from(file)
    for (let i = 0; i <= random(4); i++) changed[random(changed.length)] = random(256)
    return changed
  },
  // The zero byte at the end of a text.
  (file, random) => {
    const at = random(20)
    return withTexts(file, (text, i) =>
      i === at ? Buffer.concat([text.subarray(0, -1), Buffer.from([1 + random(255)])]) : text
    )
  },
  // A text in another's place, two joined, one that an attack would like.
  (file, random) => {
    const [a, b] = [random(30), random(30)]
    const texts = textsOf(split(file).parts.find(({ id }) => id === 0)!.content)
    return withTexts(file, (text, i) =>
      i === a ? (texts[b % texts.length] ?? text) : i === b ? (texts[a % texts.length] ?? text) : text
    )
  },
  (file, random) => {
    const at = random(30)
    const name = Buffer.from(`${wanted[random(wanted.length)]}\0`)
    return withTexts(file, (text, i) =>
      i === at ? (random(2) === 0 ? name : Buffer.concat([text, name])) : text
    )
  },
  // Two bytes of a section in each other's place: indices.
  (file, random) =>
    inPart(file, random, (content) => {
      if (content.length < 2) return content
      const [a, b] = [random(content.length), random(content.length)]
      const kept = content[a]!
      content[a] = content[b]!
      content[b] = kept
      return content
    }),
  // A number in a longer form, which MLIR reads alike.
  (file, random) =>
    inPart(file, random, (content) => {
      const at = random(content.length + 1)
      if ((content[at] ?? 0) % 2 === 0) return content
      const longer = varint(content[at]! >>> 1, 2 + random(3))
      return Buffer.concat([content.subarray(0, at), longer, content.subarray(at + 1)])
    }),
  // An index one higher or lower.
  (file, random) =>
    inPart(file, random, (content) => {
      if (content.length > 0) content[random(content.length)]! += random(2) === 0 ? 2 : 254
      return content
    }),
  // Sections in another order, twice, left out, of another file, with something behind.
  (file, random) => {
    const { head, parts } = split(file)
    const [a, b] = [random(parts.length), random(parts.length)]
    const moved = parts.map((part, i) => (i === a ? parts[b]! : i === b ? parts[a]! : part))
    return join(
      head,
      random(3) === 0 ? [...parts, parts[a]!] : random(4) === 0 ? parts.filter((_, i) => i !== a) : moved
    )
  },
  (file, random) => {
    const { head, parts } = split(file)
    const other = split(seeds[random(seeds.length)]!).parts
    const id = random(9)
    return join(
      head,
      parts.map((part) => (part.id === id ? (other.find((each) => each.id === id) ?? part) : part))
    )
  },
  (file, random) => {
    const other = seeds[random(seeds.length)]!
    const at = random(file.length)
    return Buffer.concat([file.subarray(0, at), other.subarray(Math.min(at, other.length))])
  },
  (file, random) => inPart(file, random, (content) => Buffer.concat([content, Buffer.from([random(256)])])),
  // An attribute or a type as text, in its dialect or in another.
  (file, random) => {
    let at = random(30)
    const text = asTexts[random(asTexts.length)]!
    return withEntries(file, (entry) =>
      at-- === 0
        ? {
            dialect: random(2) === 0 ? entry.dialect : random(4),
            content: Buffer.from(`${text}\0`),
            ownForm: false
          }
        : entry
    )
  }
]

/** So many mutants of the seeds, always the same ones. */
export function* mutants(count: number, seed = 1): Generator<Buffer> {
  const random = randomFrom(seed)
  for (let i = 0; i < count; i++) {
    const file = seeds[random(seeds.length)]!
    const changed = changes[random(changes.length)]!(file, random)
    yield random(4) === 0 ? changes[random(2)]!(changed, random) : changed
  }
}
