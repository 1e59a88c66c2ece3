import { mkdirSync, readdirSync, writeFileSync } from "node:fs"
import path from "node:path"
import { valueError } from "../../dsl/errors.ts"
import { print } from "../../dsl/printer.ts"
import type { Program } from "../../dsl/program.ts"
import { makeFolder } from "../../native/files.ts"
import { dumpFault } from "../backend/dump-options.ts"

/** Where `LOOPCARRY_DUMP` wants to have written what becomes of each jitted function; undefined where it is not set. */
export const dumpFolder = (): string | undefined => process.env.LOOPCARRY_DUMP || undefined

/** Makes a new folder, numbered after the existing ones: processes may share the folder around it. */
const freshFolder = (root: string, name: string): string => {
  makeFolder(root)
  const numbers = readdirSync(root).map((each) => Number.parseInt(each, 10) || 0)
  for (let number = 1 + Math.max(0, ...numbers); ; number++) {
    const folder = path.join(root, `${String(number).padStart(3, "0")}-${name}`)
    try {
      mkdirSync(folder)
      return path.resolve(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    }
  }
}

/** The programs of one function on its way to one target, in the order in which they are made. */
export class Dump {
  readonly #texts: Array<readonly [file: string, text: string]> = []

  add(stage: string, program: Program): void {
    const number = String(this.#texts.length).padStart(2, "0")
    this.#texts.push([`${number}-${stage}.txt`, print(program)])
  }

  /** Writes it all, with the StableHLO where there is some; gives the folder. Throws a ValueError. */
  write(root: string, name: string, code: string | undefined): string {
    try {
      const folder = freshFolder(root, name.replace(/[^\w.-]/g, "_"))
      for (const [file, text] of this.#texts) writeFileSync(path.join(folder, file), text)
      if (code !== undefined) writeFileSync(path.join(folder, "module.mlir"), code)
      return folder
    } catch (error) {
      throw valueError("jit", ...dumpFault(error))
    }
  }
}
