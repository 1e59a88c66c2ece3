import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"
import { catalog } from "../pjrt/platforms/plugins.ts"
import { root } from "./support/command.ts"

interface Locked {
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly version: string
}

const { packages, lockfileVersion } = JSON.parse(
  readFileSync(path.join(root, "package-lock.json"), "utf8")
) as {
  readonly lockfileVersion: number
  readonly packages: Readonly<Record<string, Locked>>
}
const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"))
const locked = Object.entries(packages).filter(([name]) => name !== "")

it("locks each package by its digest, from a registry", () => {
  expect(lockfileVersion).toBe(3)
  expect(locked.length).toBeGreaterThan(20)
  for (const [name, { resolved, integrity, link }] of locked) {
    expect(integrity, name).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/)
    // Where it says no place, it comes from the registry that npm is set to use.
    expect(resolved ?? "https://", name).toMatch(/^https:\/\//)
    expect(link, name).toBeUndefined()
  }
})

it("names dependencies by one version each", () => {
  const { dependencies, optionalDependencies, devDependencies } = manifest
  for (const [name, version] of Object.entries({
    ...dependencies,
    ...optionalDependencies,
    ...devDependencies
  })) {
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/)
    expect(packages[`node_modules/${name}`]?.version, name).toBe(version)
  }
})

it("knows each plugin, and each wheel beside one, by sha256 and size", () => {
  const sha256 = /^[0-9a-f]{64}$/
  expect(catalog.length).toBeGreaterThan(5)
  for (const entry of catalog) {
    const name = `${entry.name} for ${entry.os} ${entry.arch}`
    for (const digest of [
      entry.sha256,
      entry.wheel.sha256,
      ...(entry.beside ?? []).map((each) => each.wheel.sha256)
    ])
      expect(digest, name).toMatch(sha256)
    for (const bytes of [
      entry.bytes,
      entry.wheel.bytes,
      ...(entry.beside ?? []).map((each) => each.wheel.bytes)
    ])
      expect(bytes, name).toBeGreaterThan(1000)
    expect(entry.sha256).not.toBe(entry.wheel.sha256)
    for (const { version } of [entry, ...(entry.beside ?? [])]) expect(version, name).toMatch(/^\d[\w.+-]*$/)
  }
})

it("writes a bill of materials without a network", () => {
  const made = spawnSync("npm", ["run", "-s", "sbom"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, npm_config_offline: "true", npm_config_registry: "http://127.0.0.1:9" }
  })
  expect(made.status).toBe(0)
  const sbom = JSON.parse(made.stdout)
  expect(sbom).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { purl: `pkg:npm/loopcarry@${manifest.version}` } }
  })
  const names = sbom.components.map(({ name }: { readonly name: string }) => name)
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }))
    expect(names).toContain(name)
  // What is within the files that are released.
  for (const name of ["effect", "flatbuffers", "@petamoriken/float16"]) expect(names).toContain(name)
  // What is used to build and test is in no release.
  expect(names).not.toContain("vitest")
  for (const { name, hashes } of sbom.components)
    expect(hashes?.[0]?.content, name).toMatch(/^[0-9a-f]{128}$/)
})
