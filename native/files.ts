import { accessSync, constants, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"

/** The names in a folder, in order; none where it cannot be read. */
export const list = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder).sort()
  } catch {
    return []
  }
}

/** Those of these files that this user may not read and write. */
export const closed = (files: ReadonlyArray<string>): ReadonlyArray<string> =>
  files.filter((file) => {
    try {
      accessSync(file, constants.R_OK | constants.W_OK)
      return false
    } catch {
      return true
    }
  })

/** What a file is called while it is being written: hidden, and of one writer. */
const partialName = (file: string): string =>
  path.join(
    path.dirname(file),
    `.${path.basename(file)}.${process.pid}.${Math.random().toString(36).slice(2)}`
  )

/**
 * Writes a file beside its place, then moves it there in one step: nobody sees half of it, and a failure leaves what
 * was there before. Makes the folder. Throws where that cannot be.
 */
export const writeWhole = (file: string, content: string | Uint8Array, mode = 0o666): void => {
  const partial = partialName(file)
  mkdirSync(path.dirname(file), { recursive: true })
  try {
    writeFileSync(partial, content, { mode, flag: "wx" })
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw error
  }
}
