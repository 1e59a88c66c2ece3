import * as Effect from "effect/Effect"
import { writeThrough } from "../native/write-through.ts"
import { UsageError } from "../pjrt/cli/errors.ts"

/** Writes the file that a flag names: all of it, or nothing, where it is a file. */
export const writeOutput = (
  file: string,
  flag: string,
  content: () => Uint8Array
): Effect.Effect<void, UsageError> =>
  Effect.try({
    try: () => writeThrough(file, content()),
    catch: (error) =>
      new UsageError({
        message: `${file} cannot be written: ${(error as Error).message}`,
        hint: `give ${flag} another path`
      })
  })
