import { count } from "../../../dsl/count.ts"
import { CompileError, RemoteError } from "../../backend/errors.ts"
import { isBytecode } from "../../formats/bytecode.ts"
import { foreignFault } from "../../module/screen/foreign.ts"
import { plainName, type ScreenedModule, type ScreenedOperation } from "../../module/screen/module.ts"
import { screened } from "../../module/screen/read.ts"
import { allowedDialects, isAllowed, isAllowedAttribute, isNote } from "./allowed.ts"
import { beyond, type Limits } from "./limits.ts"

const denied = (message: string, hint: string): RemoteError =>
  new RemoteError({ address: "worker", reason: "denied", message, hint })

const unreadable = (what: string, why: string): RemoteError =>
  denied(
    `the program's ${what} cannot be read: ${why}`,
    what === "bytecode"
      ? "write it anew with a current version of what has written it, or send it as text"
      : "send what MLIR prints, or bytecode"
  )

const here = "run it on a device of this machine: --device cpu, cuda or tpu"

/** A name that somebody else wrote, not longer than a line. */
const shown = (name: string): string => JSON.stringify(name.slice(0, 100)).slice(1, -1)

const reaching = /^stablehlo\.(?:infeed|outfeed|send|recv|async_\w+)$/

const operationFault = ({
  name,
  target,
  annotated
}: ScreenedOperation): CompileError | RemoteError | undefined => {
  if (plainName(name) === "stablehlo.custom_call") {
    if (target !== undefined && isNote(target, annotated === true)) return undefined
    return denied(
      `the program uses ${name}${target === undefined ? ", of a target that cannot be told" : ` of "${shown(target)}"`}, which this worker does not run`,
      `debugPrint and programs with custom calls do not run on workers; ${here}`
    )
  }
  if (isAllowed(name)) return undefined
  const message = `the program uses ${shown(name)}, which this worker does not run`
  if (reaching.test(plainName(name)))
    return denied(message, `it reaches beyond the device, to queues of the host; ${here}`)
  return new CompileError({
    code: "UNIMPLEMENTED",
    message,
    hint: /^(?:stablehlo|vhlo|chlo|sdy|func)\./.test(name)
      ? `a worker's StableHLO has no ${shown(plainName(name))}: its name is wrong, or it is not for workers; ${here}`
      : "the program has operations of another dialect: write them with those of StableHLO before it is compiled"
  })
}

const contentFault = ({ attributes, dialects, unknown }: ScreenedModule): RemoteError | undefined => {
  const attribute = [...attributes].find((name) => !isAllowedAttribute(name))
  if (attribute !== undefined)
    return denied(
      `the program has an attribute ${shown(attribute)}, which this worker does not obey`,
      `leave it out, or ${here}`
    )
  const dialect = [...dialects].find((name) => !allowedDialects.has(name))
  const strange = dialect === undefined ? [...unknown][0] : `an attribute or a type of ${shown(dialect)}`
  return (
    (strange &&
      denied(`the program has ${strange}, which this worker does not read`, `leave it out, or ${here}`)) ||
    undefined
  )
}

const sizeFault = ({ nesting, operations }: ScreenedModule, limits: Limits): RemoteError | undefined => {
  if (nesting > limits.nesting)
    return beyond(`the program is nested ${nesting} deep`, `${limits.nesting}`, "nest it less")
  if (operations.length > limits.operations)
    return beyond(
      `the program has ${count(operations.length, "operation")}`,
      `${limits.operations}`,
      "put what repeats into a scan"
    )
  return undefined
}

/** What a worker knows of a program that it takes. */
export interface Taken {
  /** Whether it has loops, so that how long it runs may depend on what it is given. */
  readonly loops: boolean
}

/**
 * Looks at a program before the compiler does, whose parser recurses and whose operations may reach out of the device.
 * Each operation is one that is listed, or the program is refused. What is taken may still be refused by the compiler,
 * or end the process that compiles.
 */
export const screen = (
  code: Uint8Array,
  bytecode: boolean,
  limits: Limits
): Taken | CompileError | RemoteError => {
  if (code.length > limits.programBytes)
    return beyond(
      `the program has ${count(code.length, "byte")}`,
      `${limits.programBytes}`,
      "make it smaller"
    )
  if (bytecode !== isBytecode(code))
    return unreadable(
      bytecode ? "bytecode" : "text",
      bytecode ? "it does not begin as bytecode does" : "it begins as bytecode does"
    )
  const module = screened(code, { regions: limits.nesting, brackets: limits.nesting })
  if (module instanceof Error) return unreadable(bytecode ? "bytecode" : "text", module.message)
  const fault =
    sizeFault(module, limits) ??
    module.operations.map(operationFault).find((each) => each !== undefined) ??
    contentFault(module)
  if (fault !== undefined) return fault
  const foreign = foreignFault(module)
  if (foreign !== undefined) return new CompileError({ code: "INVALID_ARGUMENT", ...foreign })
  return { loops: module.operations.some(({ name }) => plainName(name) === "stablehlo.while") }
}
