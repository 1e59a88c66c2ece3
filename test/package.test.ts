import { execFileSync, spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import path from "node:path"
import { init, parse } from "es-module-lexer"
import { describe, expect, it } from "vitest"
import { root } from "./support/command.ts"

const text = (file: string): string => readFileSync(path.join(root, file), "utf8")

const manifest = JSON.parse(text("package.json"))

/** The files that npm packs. */
const packed: ReadonlyArray<string> = JSON.parse(
  execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], { cwd: root, encoding: "utf8" })
)[0].files.map(({ path }: { readonly path: string }) => path)

/** The command and its processes, which have all that they need within them. */
const isProgram = (file: string): boolean =>
  /^dist\/scripts\/(?!bench\/)|^dist\/pjrt\/serve\/(child|worker)\/main\.js$/.test(file)

const ofKind = (ending: string) => packed.filter((file) => file.endsWith(ending))

/** What files say of other files, and is not in the package. */
const astray = (files: ReadonlyArray<string>, said: RegExp): ReadonlyArray<string> =>
  files.flatMap((file) =>
    [...text(file).matchAll(said)]
      .map(([, to]) => path.join(path.dirname(file), to!))
      .filter((to) => !packed.includes(to))
      .map((to) => `${file} leads to ${to}`)
  )

describe("the package", () => {
  it("has the files that its documents link to", () => {
    expect(ofKind(".md")).toEqual(expect.arrayContaining(["README.md", "CHANGELOG.md", "SECURITY.md"]))
    expect(astray(ofKind(".md"), /\]\((?![a-z]+:|#)([^)#\s]+)[^)]*\)/g)).toEqual([])
  })

  it("has what its modules import, its entry points and its command", () => {
    const modules = ofKind(".js")
    expect(modules.length).toBeGreaterThan(30)
    expect(modules.length).toBeLessThan(200)
    expect(astray(modules, /\b(?:from|import) ?"(\.[^"]+\.js)"/g)).toEqual([])
    expect(astray(modules, /\bimport\("(\.[^"]+)"\)/g)).toEqual([])
    const declared = /\b(?:from |import\(|import )"(\.[^"]+)\.ts"/g
    expect(
      astray(ofKind(".d.ts"), declared).filter(
        (said) => !packed.includes(said.replace(/.* leads to (.*)$/, "$1.d.ts"))
      )
    ).toEqual([])
    const entries = [
      ...Object.values(manifest.exports).flatMap((entry) =>
        typeof entry === "string" ? [entry] : Object.values(entry as Record<string, string>)
      ),
      ...Object.values(manifest.bin as Record<string, string>)
    ]
    for (const entry of entries) expect(packed).toContain(path.normalize(entry))
  })

  it("has what its benchmark runs by Python", () => {
    const programs = readdirSync(path.join(root, "scripts/bench/jax"))
    expect(programs).toContain("serve.py")
    for (const file of programs.filter((name) => name.endsWith(".py")))
      expect(packed).toContain(`scripts/bench/jax/${file}`)
  })

  it("has source maps and declaration maps that lead to packed sources", () => {
    expect(astray([...ofKind(".js"), ...ofKind(".d.ts")], /^\/\/# sourceMappingURL=(.+)$/gm)).toEqual([])
    const mapped = [...ofKind(".js").filter((file) => !isProgram(file)), ...ofKind(".d.ts")]
    expect(ofKind(".map").sort()).toEqual(mapped.map((file) => `${file}.map`).sort())
    const lost = ofKind(".map").flatMap((file) => {
      const { sources, sourcesContent } = JSON.parse(text(file))
      return (sources as ReadonlyArray<string>)
        .filter((_, i) => !sourcesContent?.[i])
        .map((source) => path.join(path.dirname(file), source))
        .filter((source) => !packed.includes(source))
        .map((source) => `${file} leads to ${source}`)
    })
    expect(lost).toEqual([])
  })

  it("has sources that a map leads to, and nothing of the tests, of the tools, or of what they leave", () => {
    const roots = [...new Set(packed.map((file) => file.split("/")[0]))].sort()
    expect(roots).toEqual(
      "ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md LICENSE README.md SECURITY.md dist docs dsl examples native package.json pjrt scripts".split(
        " "
      )
    )
    const strangers = packed.filter((file) =>
      /^dist\/(test|examples)\/|^dist\/scripts\/(generate|figures|emit-language|screen)|\.(log|cpuprofile|tgz)$|\.test\.ts$/.test(
        file
      )
    )
    expect(strangers).toEqual([])
  })

  it("has the licenses of what is within it", () => {
    const licenses = text("dist/scripts/LICENSES.txt")
    for (const name of ["effect", "flatbuffers", "@petamoriken/float16"]) {
      const { version } = JSON.parse(text(`node_modules/${name}/package.json`))
      expect(licenses).toContain(`\n${name} ${version}\n`)
    }
    expect(licenses).toContain("Permission is hereby granted")
    expect(licenses).toContain("Apache License")
  })

  it("leaves Effect outside of the library, and koffi outside of all", async () => {
    await init
    const optional = Object.keys(manifest.optionalDependencies)
    const all = ofKind(".js").map((file) => [file, text(file)] as const)
    for (const [file, code] of all) {
      const imported = parse(code)[0].flatMap(({ n: name }) => (name?.startsWith(".") ? [] : (name ?? [])))
      const strangers = imported.filter(
        (name) => !/^(?:effect|tsx)\//.test(name) && !optional.includes(name) && !isBuiltin(name)
      )
      expect(strangers, file).toEqual([])
      if (isProgram(file))
        expect(
          imported.filter((name) => name.startsWith("effect/")),
          file
        ).toEqual([])
      else expect(code, file).not.toContain("// node_modules/effect/")
    }
    expect(all.some(([, code]) => code.includes("// node_modules/koffi/"))).toBe(false)
  })

  it("runs nothing when it is installed", () => {
    for (const name of ["preinstall", "install", "postinstall", "prepare"])
      expect(manifest.scripts).not.toHaveProperty(name)
  })
})

describe("the repository", () => {
  it("tracks nothing of the kinds that are ignored, profiles among them", ({ skip }) => {
    const git = (...args: ReadonlyArray<string>) => spawnSync("git", args, { cwd: root, encoding: "utf8" })
    const tracked = git("ls-files", "--cached", "--ignored", "--exclude-standard")
    if (tracked.status !== 0) skip("this is no clone")
    expect(tracked.stdout).toBe("")
    const kinds = [
      "a.cpuprofile",
      "a.heapprofile",
      "Heap.1.heapsnapshot",
      "isolate-0x1-23-v8.log",
      "report.1.json"
    ]
    expect(
      git("check-ignore", ...kinds)
        .stdout.trim()
        .split("\n")
    ).toEqual(kinds)
  })
})

describe("the changelog", () => {
  it("has its versions in order, the newest last released one this package's", () => {
    const titles = [...text("CHANGELOG.md").matchAll(/^## (.*)$/gm)].map(([, title]) => title!)
    const versions = titles.filter((title) => title !== "Unreleased")
    expect(titles.indexOf("Unreleased")).toBeLessThan(1)
    for (const title of versions) expect(title).toMatch(/^\d+\.\d+\.\d+ \(\d{4}-\d\d-\d\d\)$/)
    expect(versions[0]).toMatch(new RegExp(`^${manifest.version} `))
    const numbers = versions.map((title) => title.split(" ")[0]!)
    expect(numbers).toEqual(numbers.toSorted((a, b) => b.localeCompare(a, "en", { numeric: true })))
  })
})
