import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { type Ended, root, startProcess } from "./command.ts"

/** A folder of somebody who has installed this package, built, and writes scripts there. */
export const userFolder = (name = "loopcarry-user-") => {
  const folder = mkdtempSync(path.join(tmpdir(), name))
  mkdirSync(path.join(folder, "node_modules"))
  symlinkSync(root, path.join(folder, "node_modules/loopcarry"))
  symlinkSync(path.join(root, "node_modules/effect"), path.join(folder, "node_modules/effect"))
  return {
    folder,
    /** Writes a file there. */
    write: (file: string, content: string): string => {
      writeFileSync(path.join(folder, file), content)
      return path.join(folder, file)
    },
    /** Runs a script of it by node. */
    run: (file: string, args: ReadonlyArray<string> = [], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
      startProcess(process.execPath, [path.join(folder, file), ...args], env).ended
  }
}

/** A module that node loads before a script: `env` for a process. */
export const preloaded = (file: string): NodeJS.ProcessEnv => ({
  NODE_OPTIONS: `--import ${path.join(root, "test/support", file)}`
})
