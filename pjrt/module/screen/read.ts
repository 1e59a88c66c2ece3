import type { ProgramSource } from "../../backend/backend.ts"
import { CompileError } from "../../backend/errors.ts"
import { BytecodeFault, isBytecode } from "../../formats/bytecode.ts"
import { MlirFault } from "../../formats/mlir-tokens.ts"
import { deepestEntries, screenedBytecode } from "./bytecode.ts"
import { deepest, type ForeignFault, foreignFault } from "./foreign.ts"
import type { ScreenedModule } from "./module.ts"
import { screenedText } from "./text.ts"

/** How deep a module may be nested, in each of its forms. */
export interface Depths {
  readonly regions: number
  readonly brackets: number
}

/** A module as its text or its bytecode says it, or why it cannot be read. */
export const screened = (
  code: string | Uint8Array,
  most: Depths
): ScreenedModule | BytecodeFault | MlirFault => {
  try {
    return typeof code !== "string" && isBytecode(code)
      ? screenedBytecode(code, most.regions)
      : screenedText(typeof code === "string" ? code : new TextDecoder().decode(code), most.brackets)
  } catch (error) {
    if (error instanceof BytecodeFault || error instanceof MlirFault) return error
    throw error
  }
}

const tooDeep = (nesting: string): ForeignFault => ({
  message: `the program is nested ${nesting}: the compiler's stack does not hold that`,
  hint: "nest it less"
})

/** Why a module that somebody else wrote is not compiled. What cannot be read, the compiler has the word on. */
export const screenForeign = (code: string | Uint8Array): CompileError | undefined => {
  const module = screened(code, deepest)
  const bytecode = typeof code !== "string" && isBytecode(code)
  const fault =
    module instanceof Error
      ? module.deep
        ? tooDeep(
            bytecode
              ? `more than ${deepestEntries} deep in its attributes`
              : `more than ${deepest.brackets} deep`
          )
        : undefined
      : module.nesting > (bytecode ? deepest.regions : deepest.brackets)
        ? tooDeep(`${module.nesting} deep`)
        : foreignFault(module)
  return fault && new CompileError({ code: "INVALID_ARGUMENT", ...fault })
}

/** The same of a source. What this package wrote of a program of the language needs no look, nor what had one. */
export const sourceFault = ({ code, own, screened }: ProgramSource): CompileError | undefined =>
  own || screened ? undefined : screenForeign(code)

/** Whether a module has a custom call of this target. What cannot be read, the compiler has the word on. */
export const calls = (code: string | Uint8Array, target: string): boolean => {
  const module = screened(code, deepest)
  return !(module instanceof Error) && module.operations.some((operation) => operation.target === target)
}
