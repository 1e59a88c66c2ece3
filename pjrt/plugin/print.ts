import { bytesOf } from "../../dsl/shape.ts"
import { printTarget } from "../../dsl/stablehlo/print-target.ts"
import type { PjrtApi } from "../../native/api.ts"
import { copyFrom } from "../../native/ffi.ts"
import { registerHandler } from "../../native/handler.ts"
import { printed } from "../array/printed.ts"
import type { ProgramSource } from "../backend/backend.ts"
import { CompileError } from "../backend/errors.ts"
import { calls } from "../module/screen/read.ts"
import { traitsOf } from "../platforms/table.ts"
import { dtypeOfXla } from "./element.ts"

/**
 * Receives what a plugin's programs print: the client that was opened last, since a call does not name its client.
 * False where the plugin takes no functions to call.
 */
const listeners = new Map<PjrtApi, ((text: string) => void) | false>()

/** Lets the programs of a plugin print whose arrays are in this process's memory. */
export const listenToPrograms = (api: PjrtApi, print: (text: string) => void): void => {
  const known = listeners.get(api)
  if (known === false) return
  listeners.set(api, print)
  if (known !== undefined) return
  const tell = (text: string) => {
    const listener = listeners.get(api)
    if (listener) listener(text)
  }
  const taken = registerHandler(api, printTarget, "Host", ([array], texts) => {
    const dtype = array && dtypeOfXla(array.type)
    if (array === undefined || dtype === undefined) return
    const aval = { dtype, shape: array.shape }
    tell(printed(texts.get("label") ?? "", aval, copyFrom(array.data, bytesOf(aval))))
  })
  if (!taken) listeners.set(api, false)
}

/** Whether a program prints. */
export const doesPrint = ({ code, prints }: ProgramSource): boolean => prints ?? calls(code, printTarget)

/** Why a program that prints cannot, or undefined where it can. */
export const printFault = (api: PjrtApi, platform: string): CompileError | undefined => {
  if (listeners.get(api)) return undefined
  const why = traitsOf(platform).hostMemory
    ? "this plugin takes no functions to call (it has no FFI extension)"
    : `arrays on ${platform} are not in this process's memory`
  return new CompileError({
    code: "UNIMPLEMENTED",
    message: `debugPrint: ${why}`,
    hint: "look inside with record(fn), steps(...) or scanStream(...), or run on cpu or the reference device"
  })
}
