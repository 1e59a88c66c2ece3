import type { Aval } from "../../dsl/shape.ts"
import type { PjrtApi } from "../../native/api.ts"
import type { Address } from "../../native/ffi.ts"
import { Args, readInt32s, readWords } from "../../native/struct.ts"
import { CompileError } from "../backend/errors.ts"
import { dtypeOfElement, elementHint, elementName } from "./element.ts"

/** What a compiled program gives on each of its devices. Throws `PjrtError`, or a CompileError for foreign dtypes. */
export const outputAvals = (api: PjrtApi, executable: Address): ReadonlyArray<Aval> => {
  const types = new Args("Executable_OutputElementTypes").set("executable", executable)
  api.call(types)
  const dims = new Args("Executable_OutputDimensions").set("executable", executable)
  api.call(dims)
  const count = dims.get("num_outputs")
  const ranks = readWords(dims.get("dim_sizes"), count)
  const all = readWords(
    dims.get("dims"),
    ranks.reduce((sum, rank) => sum + rank, 0)
  )
  let at = 0
  return readInt32s(types.get("output_types"), count).map((type, i) => {
    const shape = all.slice(at, at + ranks[i]!)
    at += ranks[i]!
    const dtype = dtypeOfElement(type)
    if (dtype === undefined) {
      throw new CompileError({
        code: "UNIMPLEMENTED",
        message: `output ${i} of the program has element type ${elementName(type)}, which cannot be read here`,
        hint: elementHint(elementName(type), "to")
      })
    }
    return { dtype, shape }
  })
}
