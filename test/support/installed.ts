import { execFileSync } from "node:child_process"
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { root } from "./command.ts"

const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(
  readFileSync(path.join(root, "package.json"), "utf8")
) as Readonly<
  Record<"dependencies" | "optionalDependencies" | "peerDependencies", Readonly<Record<string, string>>>
>

export interface Installed {
  /** The folder that holds `node_modules`. */
  readonly folder: string
  /** What npm makes of `bin`. */
  readonly binary: string
}

/** What npm packs, in a folder of its own. */
export const pack = (folder: string): string => {
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { cwd: root })
  return path.join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz"))!)
}

/**
 * What npm packs, where npm would install it, beside what it depends on and nothing else. With `optional: false` as
 * `npm install --omit=optional --ignore-scripts` has it: koffi's binaries are optional dependencies of koffi. With
 * `peer: false` there is no Effect.
 */
export const installPacked = ({
  optional,
  peer = true
}: {
  readonly optional: boolean
  readonly peer?: boolean
}): Installed => {
  const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-installed-"))
  const modules = path.join(folder, "node_modules")
  execFileSync("tar", ["-xzf", pack(folder)], { cwd: folder })
  mkdirSync(path.join(modules, ".bin"), { recursive: true })
  renameSync(path.join(folder, "package"), path.join(modules, "loopcarry"))
  const names = { ...dependencies, ...(optional && optionalDependencies), ...(peer && peerDependencies) }
  for (const name of Object.keys(names)) {
    const from = path.join(root, "node_modules", name)
    const to = path.join(modules, name)
    mkdirSync(path.dirname(to), { recursive: true })
    // A package that is linked finds what lies beside it in this clone.
    if (!optional && name === "koffi")
      cpSync(from, to, { recursive: true, filter: (file) => !file.startsWith(path.join(from, "build")) })
    else symlinkSync(from, to)
  }
  const binary = path.join(modules, ".bin/loopcarry")
  symlinkSync("../loopcarry/dist/scripts/loopcarry.js", binary)
  execFileSync("chmod", ["+x", path.join(modules, "loopcarry/dist/scripts/loopcarry.js")])
  return { folder, binary }
}
