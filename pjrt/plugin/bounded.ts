import type { PjrtApi } from "../../native/api.ts"
import type { Address } from "../../native/ffi.ts"
import { Args } from "../../native/struct.ts"
import { RunError } from "../backend/errors.ts"
import { boundedHint } from "./parameters.ts"

/** Whether an array is larger than what is in it, where the plugin tells. */
const isBounded = (api: PjrtApi, buffer: Address): boolean => {
  if (!api.has("Buffer_DynamicDimensionIndices")) return false
  const args = new Args("Buffer_DynamicDimensionIndices").set("buffer", buffer)
  api.call(args)
  return args.get("num_dynamic_dims") > 0
}

/** Why what a run has given cannot be read: a result is only a part of its array. */
export const boundedResult = (api: PjrtApi, results: ReadonlyArray<Address>): RunError | undefined => {
  const found = results.findIndex((result) => isBounded(api, result))
  if (found < 0) return undefined
  return new RunError({
    code: "UNIMPLEMENTED",
    call: "LoadedExecutable_Execute",
    message: `output ${found} of the program is only a part of its array, whose size depends on values`,
    hint: boundedHint
  })
}
