import * as Effect from "effect/Effect"
import { dataHint } from "../../dsl/kinds.ts"
import { isList, isObject } from "../../dsl/required.ts"
import type { Traced } from "../../dsl/trace.ts"
import { keyPath, listed, outline, type Structure } from "../../dsl/tree.ts"
import { encode } from "../array/host.ts"
import { ArgumentError } from "../backend/errors.ts"

const fault = (path: string, message: string, hint: string) =>
  new ArgumentError({ path, message: `${path} ${message}`, hint })

/** Takes arguments apart along the specs' structure, so that a list may be data at a leaf. */
const match = (structure: Structure, value: unknown, path: string, leaves: Array<unknown>): void => {
  switch (structure.kind) {
    case "leaf":
      leaves.push(value)
      return
    case "none":
      if (value !== null) throw fault(path, "must be null", "the spec says null there")
      return
    case "list":
      if (!isList(value) || value.length !== structure.items.length) {
        const given = isList(value) ? `; it has ${value.length}` : ""
        throw fault(
          path,
          `must be a list of ${structure.items.length}${given}`,
          dataHint(value) ?? "give what the specs say"
        )
      }
      structure.items.forEach((item, i) => {
        match(item, value[i], `${path}[${i}]`, leaves)
      })
      return
    case "record": {
      const given = isObject(value) ? Object.keys(value) : []
      const own = new Set(given)
      const same = own.size === structure.keys.length && structure.keys.every((key) => own.has(key))
      if (!same) {
        throw fault(
          path,
          `must be a record ${outline(structure)}`,
          dataHint(value) ?? (given.length > 0 ? `it has {${listed(given)}}` : "give what the specs say")
        )
      }
      structure.keys.forEach((key, i) => {
        match(structure.items[i]!, (value as Record<string, unknown>)[key], keyPath(path, key), leaves)
      })
    }
  }
}

/** Host data at the leaves of the specs' structure. Throws an ArgumentError where it is of another. */
export const leavesOf = (structure: Structure, data: unknown, path: string): ReadonlyArray<unknown> => {
  const leaves: Array<unknown> = []
  match(structure, data, path, leaves)
  return leaves
}

/** Host data as the bytes of the arguments' leaves. */
export const encodeArguments = (
  inputs: Traced["inputs"],
  args: ReadonlyArray<unknown>
): Effect.Effect<ReadonlyArray<Uint8Array>, ArgumentError> =>
  Effect.try({
    try: () =>
      leavesOf(inputs.structure, args, "args").map((leaf, i) =>
        encode(leaf, inputs.leaves[i]!, inputs.paths[i]!)
      ),
    catch: (error) => error as ArgumentError
  })
