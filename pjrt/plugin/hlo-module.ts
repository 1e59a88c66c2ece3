import type { PjrtApi } from "../../native/api.ts"
import { PjrtError } from "../../native/errors.ts"
import { type Address, textFrom } from "../../native/ffi.ts"
import { Args, Block, struct } from "../../native/struct.ts"
import { fieldsOf } from "./protobuf.ts"

/** A program as the compiler has left it, or undefined where the plugin does not tell. */
const optimized = (
  api: PjrtApi,
  executable: Address
): { readonly format: string; readonly code: Uint8Array } | undefined => {
  const program = struct("Program")
  const args = new Args("Executable_OptimizedProgram").set("executable", executable).point("program", program)
  try {
    // Asked without memory for it, it says how much that takes.
    api.call(args)
    const code = new Block(program.get("code_size"))
    program.point("code", code)
    api.call(args)
    return {
      format: textFrom(program.get("format"), program.get("format_size")),
      code: code.bytes.subarray(0, program.get("code_size"))
    }
  } catch (error) {
    if (error instanceof PjrtError) return undefined
    throw error
  }
}

/** The first message of a field. */
export const only = (bytes: Uint8Array, field: number): Uint8Array | undefined =>
  fieldsOf(bytes).find((each) => each.field === field)?.bytes

/**
 * The HloModuleProto (xla/service/hlo.proto) of a compiled program, also where it comes with its configuration (1:
 * hlo_module); undefined where the plugin does not tell.
 */
export const hloModule = (api: PjrtApi, executable: Address): Uint8Array | undefined => {
  const program = optimized(api, executable)
  if (program?.format === "hlo_with_config") return only(program.code, 1)
  return program?.format === "hlo" ? program.code : undefined
}
