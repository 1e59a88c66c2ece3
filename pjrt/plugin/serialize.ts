import type { PjrtApi } from "../../native/api.ts"
import { type Address, copyFrom, unaryFunction } from "../../native/ffi.ts"
import { Args } from "../../native/struct.ts"

/** A compiled program as bytes, which only the same build of the plugin understands. Throws `PjrtError`. */
export const serialize = (api: PjrtApi, executable: Address): Uint8Array<ArrayBuffer> => {
  const args = new Args("Executable_Serialize").set("executable", executable)
  api.call(args)
  try {
    return copyFrom(args.get("serialized_bytes"), args.get("serialized_bytes_size"))
  } finally {
    const deleter = args.get("serialized_executable_deleter")
    if (deleter !== 0) unaryFunction(deleter)(args.get("serialized_executable"))
  }
}
