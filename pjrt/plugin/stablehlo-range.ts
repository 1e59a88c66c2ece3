import type { PjrtApi } from "../../native/api.ts"
import { Args } from "../../native/struct.ts"
import { readNamedValues } from "./named-values.ts"

/** The oldest and the newest StableHLO that a plugin understands; null where it does not tell. */
export const stablehloRange = (api: PjrtApi): readonly [oldest: string, newest: string] | null => {
  const args = new Args("Plugin_Attributes")
  api.call(args)
  const attributes = readNamedValues(args.get("attributes"), args.get("num_attributes"))
  const version = (name: string) => {
    const value = attributes.get(name)
    return Array.isArray(value) ? value.join(".") : undefined
  }
  const [oldest, newest] = [version("stablehlo_minimum_version"), version("stablehlo_current_version")]
  return oldest === undefined || newest === undefined ? null : [oldest, newest]
}
