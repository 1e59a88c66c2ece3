import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import * as Effect from "effect/Effect"
import { UsageError } from "../pjrt/cli/errors.ts"

/** Writes beside the target and renames, so that a failure leaves no half-written file. */
export const writeWhole = (
  file: string,
  flag: string,
  content: () => Uint8Array
): Effect.Effect<void, UsageError> =>
  Effect.try({
    try: () => {
      mkdirSync(path.dirname(path.resolve(file)), { recursive: true })
      const partial = `${file}.${process.pid}.partial`
      try {
        writeFileSync(partial, content())
        renameSync(partial, file)
      } catch (error) {
        rmSync(partial, { force: true })
        throw error
      }
    },
    catch: (error) =>
      new UsageError({
        message: `${file} cannot be written: ${(error as Error).message}`,
        hint: `give ${flag} another path`
      })
  })
