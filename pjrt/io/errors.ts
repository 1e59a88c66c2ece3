import * as Data from "effect/Data"
import { displayedErrors } from "../../dsl/display.ts"

/** The file system refuses: no such file, a folder, no rights, a full disk. What stood at the path is as it was. */
export class FileError extends Data.TaggedError("FileError")<{
  readonly file: string
  /** The system's own name for it: `ENOENT`, `EISDIR`, `ENOSPC`. */
  readonly code: string
  readonly message: string
  readonly hint: string
}> {}

/** A file is not of the format, is damaged or cut short, or holds what is not supported. */
export class FormatError extends Data.TaggedError("FormatError")<{
  readonly file: string
  /** In a table, the line of the file, counted from 1. */
  readonly line?: number
  /** In a table, the column. */
  readonly column?: string
  readonly message: string
  readonly hint: string
}> {}

/** A file is sound, but holds something else than was asked for: another structure, dtype, shape, name or optimiser. */
export class MismatchError extends Data.TaggedError("MismatchError")<{
  readonly file: string
  /** Where in the tree: `tree.layers[0].w`. */
  readonly path: string
  readonly message: string
  readonly hint: string
}> {}

displayedErrors(FileError, FormatError, MismatchError)

/** Why a file cannot be read. */
export type ReadError = FileError | FormatError
