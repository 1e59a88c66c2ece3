import * as Data from "effect/Data"
import { displayedErrors } from "./display.ts"
import { userSource } from "./place.ts"

interface Complaint {
  /** The operation that refused, by its name in the language. */
  readonly operation: string
  /** What is wrong, with the operands' types. */
  readonly message: string
  /** What to do about it. */
  readonly hint: string
  /** `file:line:column` of the user's own call, where the stack shows one. */
  readonly source?: string
}

/** Shapes do not fit together, or an axis, length or index is out of range. */
export class ShapeError extends Data.TaggedError("ShapeError")<Complaint> {}

/** Element types do not fit together, or an operation does not take them. */
export class DTypeError extends Data.TaggedError("DTypeError")<Complaint> {}

/** A JavaScript number cannot stand for a value: 1.5 for an integer, 300 for a u8, step 0. */
export class ValueError extends Data.TaggedError("ValueError")<Complaint> {}

/** Two trees that must have the same structure do not; a scan's carry above all. */
export class TreeError extends Data.TaggedError("TreeError")<Complaint & { readonly path: string }> {}

/** A tensor is used where it has no meaning: outside the function whose tracing made it, or as a JavaScript number or list. */
export class ScopeError extends Data.TaggedError("ScopeError")<Complaint> {}

/** A Program breaks its own rules. Programs made by tracing never do; a transform that makes one has a bug. */
export class VerifyError extends Data.TaggedError("VerifyError")<{ readonly message: string }> {}

displayedErrors(ShapeError, DTypeError, ValueError, TreeError, ScopeError, VerifyError)

/** Anything that can be wrong with a function being traced. */
export type TraceError = ShapeError | DTypeError | ValueError | TreeError | ScopeError

const traceTags: ReadonlySet<unknown> = new Set([
  "ShapeError",
  "DTypeError",
  "ValueError",
  "TreeError",
  "ScopeError"
])

export const isTraceError = (error: unknown): error is TraceError =>
  error instanceof Error && "_tag" in error && traceTags.has(error._tag)

const located = (complaint: Complaint): Complaint => {
  const source = userSource()
  return source === undefined ? complaint : { ...complaint, source }
}

export const shapeError = (operation: string, message: string, hint: string): ShapeError =>
  new ShapeError(located({ operation, message, hint }))
export const dtypeError = (operation: string, message: string, hint: string): DTypeError =>
  new DTypeError(located({ operation, message, hint }))
export const valueError = (operation: string, message: string, hint: string): ValueError =>
  new ValueError(located({ operation, message, hint }))
export const scopeError = (operation: string, message: string, hint: string): ScopeError =>
  new ScopeError(located({ operation, message, hint }))
export const treeError = (operation: string, path: string, message: string, hint: string): TreeError =>
  new TreeError({ ...located({ operation, message, hint }), path })

/** The same error with other words. */
const again = (error: TraceError, complaint: Complaint): TraceError => {
  switch (error._tag) {
    case "ShapeError":
      return new ShapeError(complaint)
    case "DTypeError":
      return new DTypeError(complaint)
    case "ValueError":
      return new ValueError(complaint)
    case "ScopeError":
      return new ScopeError(complaint)
    case "TreeError":
      return new TreeError({ ...complaint, path: error.path })
  }
}

/** What an operation that is made of others refuses, it refuses by its own name. */
export const renamed = (operation: string, error: unknown): unknown => {
  if (!isTraceError(error) || error.operation === operation) return error
  const { message, hint, source } = error
  const own = `${error.operation}: `
  return again(error, {
    operation,
    message: `${operation}: ${message.startsWith(own) ? message.slice(own.length) : message}`,
    hint,
    ...(source === undefined ? {} : { source })
  })
}

/** What an operation refuses of its own call, which stands at a place that the stack no longer shows. */
export const calledAt = (operation: string, source: string | undefined, error: unknown): unknown => {
  if (!isTraceError(error) || error.operation !== operation || source === undefined) return error
  const { message, hint } = error
  return again(error, { operation, message, hint, source })
}

/** A function that is made of other operations, and calls none of its user's: what these refuse, it refuses. */
export const named = <F extends (...args: never) => unknown>(operation: string, fn: F): F =>
  ((...args: ReadonlyArray<never>) => {
    try {
      return (fn as unknown as (...args: ReadonlyArray<never>) => unknown)(...args)
    } catch (error) {
      throw renamed(operation, error)
    }
  }) as unknown as F
