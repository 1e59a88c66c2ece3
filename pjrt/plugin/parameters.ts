import type { Aval } from "../../dsl/shape.ts"
import type { PjrtApi } from "../../native/api.ts"
import { PjrtError } from "../../native/errors.ts"
import { type Address, textFrom } from "../../native/ffi.ts"
import { Args, Block, struct } from "../../native/struct.ts"
import { dtypeOfXla } from "./element.ts"
import { fieldsOf, packed } from "./protobuf.ts"

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

const only = (bytes: Uint8Array, field: number): Uint8Array | undefined =>
  fieldsOf(bytes).find((each) => each.field === field)?.bytes

/** A ShapeProto (xla/xla_data.proto): element_type (2), dimensions (3), which one at a time or packed. */
const avalOf = (shape: Uint8Array): Aval | undefined => {
  const fields = fieldsOf(shape)
  const dtype = dtypeOfXla(fields.find(({ field }) => field === 2)?.value ?? 0)
  if (dtype === undefined) return undefined
  const dims = fields.filter(({ field }) => field === 3)
  return { dtype, shape: dims.flatMap(({ value, bytes }) => (bytes.length > 0 ? packed(bytes) : [value])) }
}

/**
 * What a compiled program takes on each of its devices, as the compiler says, or undefined where it does not say it or
 * one of them has no dtype here. It is read from an HloModuleProto (xla/service/hlo.proto), or one with its
 * configuration (1: hlo_module): host_program_shape (4), whose parameters (1) are shapes.
 */
export const parameterAvals = (api: PjrtApi, executable: Address): ReadonlyArray<Aval> | undefined => {
  const program = optimized(api, executable)
  const module =
    program?.format === "hlo_with_config"
      ? only(program.code, 1)
      : program?.format === "hlo"
        ? program.code
        : undefined
  const shape = module && only(module, 4)
  if (shape === undefined) return undefined
  const avals = fieldsOf(shape)
    .filter(({ field }) => field === 1)
    .map(({ bytes }) => avalOf(bytes))
  return avals.every((aval) => aval !== undefined) ? (avals as ReadonlyArray<Aval>) : undefined
}
