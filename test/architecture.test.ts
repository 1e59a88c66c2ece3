import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { rules } from "../dsl/primitives/index.ts"
import type { Primitive } from "../dsl/program.ts"
import { evaluates } from "../dsl/reference/run.ts"
import { lowerings } from "../dsl/stablehlo/lowering/index.ts"
import { batching } from "../dsl/transform/batching/index.ts"
import { derivativeOf } from "../dsl/transform/derivatives/index.ts"

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..")

const sources = (room: string): ReadonlyArray<string> =>
  readdirSync(path.join(root, room), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(room, file))

const importsOf = (file: string): ReadonlyArray<string> =>
  [
    ...readFileSync(path.join(root, file), "utf8").matchAll(
      /(?:^import|^export .*from|^\} from|import\()\s*(?:.*from )?"([^"\n]+)"/gm
    )
  ].map(([, name]) => (name!.startsWith(".") ? path.join(path.dirname(file), name!) : name!))

const rooms = { dsl: ["dsl"], native: ["native"], pjrt: ["pjrt", "dsl", "native"] } as const

/** The rooms of the runtime, each list after those that it may import from. */
const pjrtRooms = [
  ["backend"],
  ["platforms"],
  ["formats"],
  ["module"],
  ["array"],
  ["jit"],
  ["io"],
  ["train"],
  ["plugin", "reference", "served"],
  ["device"],
  ["serve"],
  ["cli", "promise", "effect"]
]

describe("the rooms", () => {
  it("are read rightly by this test", () => {
    expect(importsOf("dsl/trace.ts")).toContain("effect/Effect")
    expect(importsOf("pjrt/jit/lower.ts")).toContain("dsl/stablehlo/module.ts")
    expect(importsOf("scripts/subcommands.ts")).toContain("scripts/commands/exec.ts")
  })

  it.each(Object.entries(rooms))("%s imports only from the rooms it may know", (room, allowed) => {
    const strangers = sources(room).flatMap((file) =>
      importsOf(file)
        .filter((name) => /^(dsl|native|pjrt|scripts|examples|test)\//.test(name))
        .filter((name) => !(allowed as ReadonlyArray<string>).includes(name.split("/")[0]!))
        .map((name) => `${file} imports ${name}`)
    )
    expect(strangers).toEqual([])
  })

  it("dsl is pure: it imports nothing but effect", () => {
    const strangers = sources("dsl").flatMap((file) =>
      importsOf(file).filter((name) => !name.startsWith("dsl/") && !name.startsWith("effect/"))
    )
    expect(strangers).toEqual([])
  })

  it("only jit, and the steps of the interpreter, join the halves: dsl's transforms stay out of the rest of pjrt", () => {
    const joiners = sources("pjrt").filter((file) =>
      importsOf(file).some((name) =>
        /^dsl\/(trace|stablehlo\/(emit|module)|control\/|passes\/index)/.test(name)
      )
    )
    expect(joiners.filter((file) => !file.startsWith("pjrt/jit/"))).toEqual(["pjrt/reference/steps.ts"])
  })

  it("within pjrt, each imports only from those before it", () => {
    const place = (file: string): number => {
      const room = file.split("/")[1]!
      const found = pjrtRooms.findIndex((names) => names.includes(room))
      // What lies in no room is an entry point, which may know all.
      return found < 0 && room.endsWith(".ts") ? pjrtRooms.length : found
    }
    const strangers = sources("pjrt").flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith("pjrt/") && name.split("/")[1] !== file.split("/")[1])
        .filter((name) => place(file) < 0 || place(name) >= place(file))
        .map((name) => `${file} imports ${name}`)
    )
    expect(strangers).toEqual([])
    const loose = sources("pjrt").filter((file) => file.split("/").length === 2)
    expect(loose.sort()).toEqual(["pjrt/index.ts", "pjrt/loopcarry.ts", "pjrt/remote.ts"])
  })

  it("what serves a device knows nothing of clients", () => {
    const strangers = sources("pjrt/serve").filter((file) =>
      importsOf(file).some((name) => name.startsWith("pjrt/served/remote/client/"))
    )
    expect(strangers).toEqual([])
  })

  it("no file imports itself by way of others, types included", () => {
    const files = ["dsl", "native", "pjrt", "scripts"].flatMap(sources)
    const imports = new Map(
      files.map((file) => [file, importsOf(file).filter((name) => files.includes(name))])
    )
    const done = new Set<string>()
    const circles: Array<string> = []
    const visit = (file: string, way: ReadonlyArray<string>): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(" > "))
      if (done.has(file)) return
      done.add(file)
      for (const name of imports.get(file)!) visit(name, [...way, file])
    }
    for (const file of files) visit(file, [])
    expect(circles).toEqual([])
  })

  it("what has an entry of its own loads only when it is imported", () => {
    const own = [
      "dsl/linalg/",
      "dsl/nn/",
      "dsl/optim/",
      "dsl/special/",
      "dsl/stats/",
      "pjrt/io/",
      "pjrt/train/",
      "pjrt/promise/",
      "pjrt/effect/"
    ]
    const seen = new Set<string>()
    const visit = (file: string): void => {
      if (seen.has(file) || !/^(dsl|pjrt|native)\//.test(file)) return
      seen.add(file)
      for (const name of importsOf(file)) visit(name)
    }
    visit("pjrt/loopcarry.ts")
    expect(seen.size).toBeGreaterThan(300)
    expect([...seen].filter((file) => own.some((room) => file.startsWith(room)))).toEqual([])
  })

  it("effect is imported deep, which halves the start-up time", () => {
    const barrels = [
      ...sources("dsl"),
      ...sources("native"),
      ...sources("pjrt"),
      ...sources("scripts")
    ].filter((file) => importsOf(file).includes("effect"))
    expect(barrels).toEqual([])
  })

  it("files have 300 lines or fewer", () => {
    const long = ["dsl", "native", "pjrt", "scripts", "examples", "test"]
      .flatMap(sources)
      .filter(
        (file) =>
          !file.endsWith(".gen.ts") && readFileSync(path.join(root, file), "utf8").split("\n").length > 301
      )
    expect(long).toEqual([])
  })
})

/** The tables of primitives: their folder, how the part of one family is named, and which primitives they have. */
const tables = [
  ["dsl/primitives", "Rules", (name) => name in rules],
  ["dsl/transform/derivatives", "Derivatives", (name) => derivativeOf(name) !== undefined],
  ["dsl/transform/batching", "Batching", (name) => name in batching],
  ["dsl/reference", "Evaluates", (name) => name in evaluates],
  ["dsl/stablehlo/lowering", "Lowerings", (name) => name in lowerings]
] as const satisfies ReadonlyArray<readonly [string, string, (name: Primitive) => boolean]>

const families = [
  "elementwise",
  "structure",
  "contract",
  "window",
  "indexing",
  "linalg",
  "control",
  "sharding"
]

/** The primitives that a folder's file of a family holds. */
const familyOf = async (folder: string, family: string, part: string): Promise<ReadonlyArray<string>> => {
  const file: Record<string, object> = await import(path.join(root, folder, `${family}.ts`))
  return Object.keys(file[`${family}${part}`] ?? {}).sort()
}

describe("the tables of primitives", () => {
  it.each(tables)("%s has each family in the file of its name", async (folder, part, has) => {
    const known: Array<string> = []
    for (const family of families) {
      const primitives = (await familyOf("dsl/primitives", family, "Rules")) as ReadonlyArray<Primitive>
      expect(await familyOf(folder, family, part), family).toEqual(primitives.filter(has))
      known.push(...primitives)
    }
    expect(known.sort()).toEqual(Object.keys(rules).sort())
  })
})
