import { CompileError, type ExecuteError, OutOfMemory, RunError } from "../backend/errors.ts"

/** What XLA and MLIR write of a location: `source_file="a.ts" source_line=3`, `loc("a.ts":3:5)`. */
const locations = [
  /source_file="([^"]+)"[^}\n]*source_line=(\d+)/,
  /"((?:\/|[A-Za-z]:|file:)[^"]+)":(\d+):(\d+)/
]

/** The place in the user's files that a compiler's message names. */
export const placeIn = (message: string): string | undefined => {
  for (const location of locations) {
    const found = location.exec(message)
    if (found !== null) return found.slice(1).join(":")
  }
  return undefined
}

/** A compiler's complaint with the user's line: the one that it names, or where the function was given to jit. */
export const compileErrorAt = (error: CompileError, jitted: string | undefined): CompileError => {
  const source = error.source ?? placeIn(error.message) ?? jitted
  return source === undefined ? error : new CompileError({ ...fieldsOf(error), source })
}

/** An error of a run with the line where the function was given to jit. */
export const runErrorAt = (error: ExecuteError, source: string | undefined): ExecuteError => {
  if (source === undefined) return error
  if (error instanceof RunError) return new RunError({ ...fieldsOf(error), source })
  if (error instanceof OutOfMemory) return new OutOfMemory({ ...fieldsOf(error), source })
  return error
}

/** An error's own fields. An Error's message is no property that a spread takes. */
const fieldsOf = <E extends Error>(error: E): E => ({ ...error, message: error.message })
