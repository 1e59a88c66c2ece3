import type { PjrtApi } from "../../native/api.ts"
import type { Address } from "../../native/ffi.ts"
import { Args } from "../../native/struct.ts"
import type { Analysis } from "../backend/backend.ts"
import { readNamedValues } from "./named-values.ts"

/** What a plugin answers, or undefined where it has no such answer. */
const answer = <A>(ask: () => A): A | undefined => {
  try {
    return ask()
  } catch {
    return undefined
  }
}

const compiledMemory = (api: PjrtApi, executable: Address): Analysis["memory"] => {
  const args = new Args("Executable_GetCompiledMemoryStats").set("executable", executable)
  api.call(args)
  return {
    code: args.get("generated_code_size_in_bytes"),
    arguments: args.get("argument_size_in_bytes"),
    outputs: args.get("output_size_in_bytes"),
    aliased: args.get("alias_size_in_bytes"),
    temporaries: args.get("temp_size_in_bytes"),
    peak: args.get("peak_memory_in_bytes")
  }
}

const codeBytes = (api: PjrtApi, executable: Address): number => {
  const args = new Args("Executable_SizeOfGeneratedCodeInBytes").set("executable", executable)
  api.call(args)
  return args.get("size_in_bytes")
}

const costOf = (api: PjrtApi, executable: Address): Analysis["cost"] => {
  const args = new Args("Executable_GetCostAnalysis").set("executable", executable)
  api.call(args)
  const values = readNamedValues(args.get("properties"), args.get("num_properties"))
  const numbers = [...values].filter((entry): entry is [string, number] => typeof entry[1] === "number")
  // The rest is per operand ("bytes accessed0{}") and of use to the compiler alone.
  return Object.fromEntries(numbers.filter(([name]) => !name.endsWith("}")))
}

/** What a plugin tells of a compiled program: its code, its memory, its cost. */
export const analyse = (api: PjrtApi, executable: Address): Analysis => {
  const code = answer(() => codeBytes(api, executable))
  return {
    // Some plugins answer 0 or -1 for what they do not know.
    codeBytes: code !== undefined && code > 0 ? code : undefined,
    memory: answer(() => compiledMemory(api, executable)),
    cost: answer(() => costOf(api, executable))
  }
}
