import { execFileSync, spawnSync } from "node:child_process"
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { root } from "../support/command.ts"
import { installs } from "../support/registry.ts"

const today = new Date().toISOString().slice(0, 10)

/** A clone with little in it, whose build does nothing. */
const clone = (changelog: string, version = "1.2.0") => {
  const at = mkdtempSync(path.join(tmpdir(), "loopcarry-release-"))
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(at, file)), { recursive: true })
    writeFileSync(path.join(at, file), text)
  }
  write("package.json", JSON.stringify({ name: "small", version, files: ["dist"] }))
  write("package-lock.json", JSON.stringify({ version, packages: { "": { version } } }))
  write("CHANGELOG.md", changelog)
  write("dist/pjrt/loopcarry.js", "export {}\n")
  write("scripts/setup.mjs", "")
  write(".gitignore", "*.tgz\n")
  cpSync(path.join(root, "scripts/release.mjs"), path.join(at, "scripts/release.mjs"))
  const git = (...args: ReadonlyArray<string>) =>
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: at })
  git("init", "-q")
  git("add", "-A")
  git("commit", "-qm", "All")
  const release = (...args: ReadonlyArray<string>) =>
    spawnSync(process.execPath, [path.join(at, "scripts/release.mjs"), ...args], { encoding: "utf8" })
  return { at, write, git, release }
}

const good = `# Changelog\n\n## 1.2.0 (${today})\n\nMuch.\n\n## 1.1.0 (2026-01-01)\n\nSome.\n`

describe("a release", () => {
  it("is packed where all is in order, and not by a dry run", () => {
    const { at, release } = clone(good)
    const dry = release("--dry-run")
    expect(dry).toMatchObject({ status: 0, stderr: "" })
    expect(dry.stdout).toMatch(/^small 1\.2\.0: \d+ files, .*\n(?: {2}.*\n)* {2}dist\/pjrt: 1 files, 1 kB\n/)
    expect(dry.stdout).toContain("nothing was written")
    expect(existsSync(path.join(at, "small-1.2.0.tgz"))).toBe(false)
    const made = release()
    expect(made).toMatchObject({ status: 0, stderr: "" })
    expect(made.stdout).toContain("next: git tag v1.2.0 && npm publish small-1.2.0.tgz\n")
    expect(existsSync(path.join(at, "small-1.2.0.tgz"))).toBe(true)
  })

  it.each([
    ["an unreleased heading", `## Unreleased\n\n## 1.1.0 (2026-01-01)\n`, 'begins with "Unreleased"'],
    ["another day", `## 1.2.0 (2026-01-02)\n\n## 1.1.0 (2026-01-01)\n`, 'begins with "1.2.0 (2026-01-02)"'],
    ["another version", `## 1.3.0 (${today})\n`, `begins with "1.3.0 (${today})"`],
    ["no heading", "", 'begins with "undefined"'],
    ["a greater one before", `## 1.2.0 (${today})\n\n## 1.10.0 (2026-01-01)\n`, "has 1.10.0 after 1.2.0"]
  ])("is refused for a changelog with %s", (_, changelog, says) => {
    const { at, release } = clone(`# Changelog\n\n${changelog}`)
    const refused = release()
    expect(refused).toMatchObject({ status: 1, stdout: "" })
    expect(refused.stderr).toContain(`error: CHANGELOG.md ${says}`)
    expect(existsSync(path.join(at, "small-1.2.0.tgz"))).toBe(false)
  })

  it("is refused for a tree, a lock or a tag that does not agree, all of them at once", () => {
    const { at, write, git, release } = clone(good)
    git("tag", "v1.2.0")
    expect(release()).toMatchObject({ status: 1, stdout: "" })
    expect(release().stderr).toContain("1.2.0 is tagged already")
    git("tag", "--delete", "v1.2.0")
    write("package-lock.json", JSON.stringify({ version: "1.1.0", packages: { "": { version: "1.2.0" } } }))
    const refused = release("--dry-run")
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain("the tree is not clean:\n M package-lock.json\n")
    expect(refused.stderr).toContain("package-lock.json says 1.1.0, package.json 1.2.0")
    // What would be packed is told all the same.
    expect(refused.stdout).toContain("small 1.2.0: ")
    expect(existsSync(path.join(at, "small-1.2.0.tgz"))).toBe(false)
  })

  it.skipIf(!installs)("has a dry run in this clone", () => {
    const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
    const dry = spawnSync(process.execPath, [path.join(root, "scripts/release.mjs"), "--dry-run"], {
      encoding: "utf8"
    })
    expect(dry.stdout).toMatch(new RegExp(`^loopcarry ${version}: \\d+ files, `))
    expect(dry.stdout).toContain("nothing was written")
    expect(existsSync(path.join(root, `loopcarry-${version}.tgz`))).toBe(false)
  })
})
