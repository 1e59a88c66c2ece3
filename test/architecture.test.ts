import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

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

describe("the rooms", () => {
  it("are read rightly by this test", () => {
    expect(importsOf("dsl/trace.ts")).toContain("effect/Effect")
    expect(importsOf("pjrt/jit/lower.ts")).toContain("dsl/stablehlo/emit.ts")
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

  it("only jit, what it consists of, and scanStream join the halves: dsl's transforms stay out of the rest of pjrt", () => {
    const joiners = sources("pjrt").filter((file) =>
      importsOf(file).some((name) => /^dsl\/(trace|stablehlo\/emit|control\/)/.test(name))
    )
    expect(joiners).toEqual([
      "pjrt/jit/call.ts",
      "pjrt/jit/jit.ts",
      "pjrt/jit/leaves.ts",
      "pjrt/jit/lower.ts",
      "pjrt/jit/options.ts",
      "pjrt/jit/scan-stream.ts",
      "pjrt/jit/stages.ts"
    ])
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
