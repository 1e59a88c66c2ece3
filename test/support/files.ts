import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterAll } from "vitest"

/** A folder for the files of a test, gone after it: the path of a name in it, and what lies there. */
export const testFolder = () => {
  const folder = mkdtempSync(path.join(tmpdir(), "loopcarry-test-"))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return {
    folder,
    at: (...parts: ReadonlyArray<string>) => path.join(folder, ...parts),
    names: () => readdirSync(folder).sort()
  }
}
