import { execFileSync } from "node:child_process"
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { root } from "./command.ts"

const esbuild = path.join(root, "node_modules/.bin/esbuild")

/** Bundles a file by esbuild, as users do. */
export const bundle = (from: string, to: string, options: ReadonlyArray<string> = []): string => {
  const plain = ["--bundle", "--platform=node", "--log-level=error", `--outfile=${to}`]
  execFileSync(esbuild, [from, ...plain, ...options], { cwd: path.dirname(from) })
  return to
}

/** One module of the sources as a file that node imports. */
export const moduleFile = (file: string): string =>
  bundle(
    path.join(root, file),
    path.join(mkdtempSync(path.join(tmpdir(), "loopcarry-module-")), "module.mjs"),
    ["--format=esm"]
  )
