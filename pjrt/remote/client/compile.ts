import { createHash } from "node:crypto"
import type { ProgramSource } from "../../Backend.ts"
import { sentPartitioning } from "../domain.ts"
import type { Ask } from "../wire/wire.gen.ts"

/** Programs up to this many bytes are sent at once; of a larger one it is asked first whether the worker has it. */
const smallProgram = 1 << 14

/** What is asked to have a program compiled, and its code, which goes along where the worker has not got it. */
export const compileAsk = (
  executable: number,
  { code, donated, partitioning, variable }: ProgramSource
): { readonly ask: Ask & { type: "Compile" }; readonly code: Uint8Array } => {
  const bytes = typeof code === "string" ? new TextEncoder().encode(code) : code
  return {
    code: bytes,
    ask: {
      type: "Compile",
      executable,
      digest: createHash("sha256").update(bytes).digest(),
      code: bytes.length <= smallProgram ? bytes : undefined,
      bytecode: typeof code !== "string",
      donated: donated ?? [],
      partitioning: partitioning && sentPartitioning(partitioning),
      variable: variable ?? true
    }
  }
}
