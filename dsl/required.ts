import { scopeError, valueError } from "./errors.ts"
import { isTensor } from "./tensor.ts"

/** What JavaScript leaves out, or `any` lets through, is refused by these, each with the name that the function gives it. */

const shown = (value: unknown): string => {
  if (value === null || value === undefined) return String(value)
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "a record" : `a ${typeof value}`
}

/** What was given, for a message: JSON of what is plain, for a tree may be a circle or unfold without end. */
export const shownGiven = (value: unknown): string => {
  if (typeof value === "bigint") return `${value}n`
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? shown(value)
  const items: ReadonlyArray<unknown> = Object.values(value)
  const plain =
    items.length <= 8 && items.every((item) => ["number", "string", "boolean"].includes(typeof item))
  return plain ? JSON.stringify(value) : shown(value)
}

const refuse = (op: string, what: string, value: unknown, wanted: string, hint: string) =>
  valueError(op, `${op}: ${what} is ${shown(value)}, not ${wanted}`, hint)

export const requireList = (op: string, what: string, value: unknown, hint: string): void => {
  if (!Array.isArray(value)) throw refuse(op, what, value, "a list", hint)
}

export const requireRecord = (op: string, what: string, value: unknown, hint: string): void => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refuse(op, what, value, "a record", hint)
}

/** A record with a list under each of the names. */
export const requireLists = (
  op: string,
  what: string,
  value: unknown,
  names: ReadonlyArray<string>,
  hint: string
): void => {
  requireRecord(op, what, value, hint)
  for (const name of names) requireList(op, name, (value as Readonly<Record<string, unknown>>)[name], hint)
}

export const requireFunction = (op: string, value: unknown): void => {
  if (typeof value !== "function")
    throw refuse(op, "what it is given to call", value, "a function", "give a function of tensors")
}

/** Axes of devices are those that `shardMap` hands to its function. */
export const requireAxes = (op: string, axes: ReadonlyArray<unknown>): void => {
  for (const axis of axes) {
    if (typeof axis === "object" && axis !== null && "mesh" in axis && "index" in axis) continue
    throw scopeError(
      op,
      `${op}: an axis is ${shown(axis)}, not one of a mesh`,
      "take it from what shardMap gives its function: shardMap((axes, x) => psum(x, axes.x), …)"
    )
  }
}

export const requireTensor = (op: string, what: string, value: unknown): void => {
  if (!isTensor(value)) throw refuse(op, what, value, "a tensor", "give a tensor of the traced function")
}
