import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { bundle } from "./bundled.ts"
import { root } from "./command.ts"
import { pack } from "./installed.ts"

/** Whether tests install what others publish: that takes a network and a minute. */
export const installs = process.env.LOOPCARRY_ALL_FIXTURES === "1"

export const folder = (): string => mkdtempSync(path.join(tmpdir(), "loopcarry-install-"))

export const ended = (
  program: string,
  args: ReadonlyArray<string>,
  cwd: string,
  env: NodeJS.ProcessEnv = {}
): string => {
  const done = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LOOPCARRY_DEVICE: "", ...env }
  })
  if (done.status === 0) return done.stdout
  throw new Error(`${[program, ...args].join(" ")}\n${done.stdout}\n${done.stderr}`, { cause: done.error })
}

let archive: string | undefined
/** What npm packs of this clone. */
export const packed = (): string => {
  archive ??= pack(folder())
  return archive
}

/** An empty project of a user. */
export const project = (): string => {
  const at = folder()
  writeFileSync(path.join(at, "package.json"), `{ "private": true, "type": "module" }`)
  return at
}

/** Packages of others in a folder of their own, by npm; undefined where they are not to be had. */
export const toolFolder = (names: ReadonlyArray<string>): string | undefined => {
  const at = project()
  try {
    ended("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", ...names], at)
    return path.join(at, "node_modules")
  } catch {
    return undefined
  }
}

/** Writes a program of TypeScript as node runs it. */
export const writeProgram = (at: string, text: string): string => {
  mkdirSync(at, { recursive: true })
  writeFileSync(path.join(at, "main.ts"), text)
  return bundle(path.join(at, "main.ts"), path.join(at, "main.js"), ["--format=esm", "--packages=external"])
}

export const compilers = (modules: string | undefined): Readonly<Record<string, string | undefined>> => ({
  "TypeScript 7": path.join(root, "node_modules/typescript/bin/tsc"),
  "TypeScript 5.9": modules && path.join(modules, "typescript/bin/tsc")
})
