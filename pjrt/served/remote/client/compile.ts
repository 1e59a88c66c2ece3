import { createHash } from "node:crypto"
import type { ProgramSource } from "../../../backend/backend.ts"
import { sentPartitioning } from "../domain.ts"
import type { Ask } from "../wire/wire.gen.ts"

/** What is asked to have a program compiled, and its code, which goes along where the session has not sent it. */
export const compileAsk = (
  executable: number,
  { code, donated, partitioning, passes, variable }: ProgramSource
): { readonly ask: Ask & { type: "Compile" }; readonly code: Uint8Array } => {
  const bytes = typeof code === "string" ? new TextEncoder().encode(code) : code
  return {
    code: bytes,
    ask: {
      type: "Compile",
      executable,
      digest: createHash("sha256").update(bytes).digest(),
      code: undefined,
      bytecode: typeof code !== "string",
      donated: donated ?? [],
      partitioning: partitioning && sentPartitioning(partitioning),
      variable: variable ?? true,
      passes: passes && { names: passes }
    }
  }
}
