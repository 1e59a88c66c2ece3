import { writeFileSync } from "node:fs"
import path from "node:path"
import { CompileError } from "./errors.ts"

/** What to say where a dump cannot be written. */
export const dumpFault = (error: unknown): readonly [message: string, hint: string] => [
  `LOOPCARRY_DUMP: ${(error as Error).message}`,
  "name a folder that can be written, or unset it"
]

/** Writes what the compiler is told beside the program, where its source says that it is dumped. */
export const dumpOptions = (folder: string | undefined, options: object): CompileError | undefined => {
  if (folder === undefined) return undefined
  try {
    writeFileSync(path.join(folder, "options.json"), `${JSON.stringify(options, undefined, 2)}\n`)
    return undefined
  } catch (error) {
    const [message, hint] = dumpFault(error)
    return new CompileError({ code: "INVALID_ARGUMENT", message, hint })
  }
}
