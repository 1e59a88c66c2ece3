import * as Effect from "effect/Effect"
import { writeWhole } from "../native/files.ts"
import { UsageError } from "../pjrt/cli/errors.ts"

/** Writes the file that a flag names: all of it, or nothing. */
export const writeOutput = (
  file: string,
  flag: string,
  content: () => Uint8Array
): Effect.Effect<void, UsageError> =>
  Effect.try({
    try: () => writeWhole(file, content()),
    catch: (error) =>
      new UsageError({
        message: `${file} cannot be written: ${(error as Error).message}`,
        hint: `give ${flag} another path`
      })
  })
