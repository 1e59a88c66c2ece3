import { execFileSync, spawnSync } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { root } from "./support/command.ts"

const text = (file: string): string => readFileSync(path.join(root, file), "utf8")

const manifest = JSON.parse(text("package.json"))

/** The files that npm packs. */
const packed: ReadonlyArray<string> = JSON.parse(
  execFileSync("npm", ["pack", "--dry-run", "--ignore-scripts", "--json"], { cwd: root, encoding: "utf8" })
)[0].files.map(({ path }: { readonly path: string }) => path)

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
    expect(ofKind(".js").length).toBeGreaterThan(200)
    expect(astray([...ofKind(".js"), ...ofKind(".d.ts")], /\bfrom "(\.[^"]+\.js)"/g)).toEqual([])
    expect(astray(ofKind(".js"), /\bimport\("(\.[^"]+)"\)/g)).toEqual([])
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

  it("has source maps that hold their sources, and none else", () => {
    expect(astray(ofKind(".js"), /^\/\/# sourceMappingURL=(.+)$/gm)).toEqual([])
    const maps = ofKind(".map")
    expect(maps.length).toBe(ofKind(".js").length)
    for (const file of maps) {
      const { sources, sourcesContent } = JSON.parse(text(file))
      expect(sources, file).toHaveLength(1)
      expect(sourcesContent, file).toEqual([expect.stringMatching(/\S/)])
    }
  })

  it("has nothing of the tests, of the tools, or of what they leave", () => {
    const strangers = packed.filter((file) =>
      /^dist\/(test|examples)\/|^dist\/scripts\/(generate|figures|emit-language|screen)|\.(log|cpuprofile|tgz)$/.test(
        file
      )
    )
    expect(strangers).toEqual([])
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
