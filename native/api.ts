import path from "node:path"
import { calls } from "./abi.gen.ts"
import { PjrtError, PluginCorrupt, PluginRejected, pjrtCode } from "./errors.ts"
import { exitWithoutWaiting } from "./exit.ts"
import {
  type Address,
  callNullary,
  copyFrom,
  findSymbol,
  openLibrary,
  textFrom,
  type UnaryFunction,
  unaryFunction
} from "./ffi.ts"
import { libraryFault } from "./plugins/library.ts"
import { unknownXlaFlags } from "./plugins/xla-flags.ts"
import { Args, type CallName } from "./struct.ts"

/** Where `PJRT_Api` keeps its header and its function slots (pjrt_c_api.h). */
const header = { structSize: 0, extensions: 8, major: 32, minor: 36, slots: 40, bytes: 40 } as const

/** PJRT 0.57 reordered the function table; ours begins there. */
const oldestMinor = 57

/** What is known of a plugin before it is loaded. */
export interface PluginFacts {
  /** As people know it; its path where nothing better is known. */
  readonly name?: string
  /** What its compiler may read from the environment, each as `NAME=value`: it does so once. */
  readonly environment?: ReadonlyArray<string>
  /** Whether its exit handlers crash the process, and are left out. */
  readonly skipsExitHandlers?: boolean
}

/** A loaded plugin's function table. Every call into the plugin goes through `call` or `callAsync`. */
export class PjrtApi {
  readonly path: string
  readonly version: { readonly major: number; readonly minor: number }
  /** The address of the first of the plugin's extensions, or 0. */
  readonly extensions: Address
  /** What its compiler may have read from the environment when it was loaded: it does so once. */
  readonly environment: ReadonlyArray<string>
  readonly #table: Address
  readonly #tableSize: number
  readonly #functions: Array<UnaryFunction | undefined> = []

  private constructor(path: string, table: Address, head: DataView, environment: ReadonlyArray<string>) {
    this.path = path
    this.environment = environment
    this.#table = table
    this.extensions = Number(head.getBigUint64(header.extensions, true))
    this.#tableSize = Number(head.getBigUint64(header.structSize, true))
    this.version = { major: head.getInt32(header.major, true), minor: head.getInt32(header.minor, true) }
  }

  /** Loads a plugin for the rest of the process's life and checks that its API version can be spoken. */
  static load(file: string, { name, environment = [], skipsExitHandlers: skips }: PluginFacts = {}): PjrtApi {
    const resolved = path.resolve(file)
    const known = loaded.get(resolved)
    if (known !== undefined) return known
    const reject = (reason: PluginRejected["reason"], message: string, hint: string) =>
      new PluginRejected({ path: resolved, reason, message, hint })
    const fault = libraryFault(resolved)
    if (fault?.kind === "cut") {
      throw new PluginCorrupt({
        path: resolved,
        message: `${resolved} is not whole: ${fault.message}`,
        hint: "install the plugin anew; of the cache: loopcarry plugins remove NAME, then loopcarry plugins fetch NAME"
      })
    }
    if (fault?.kind === "unreadable") {
      throw reject(
        "unreadable",
        `${resolved}: ${fault.message}`,
        "check the path, or see: loopcarry plugins list"
      )
    }
    if (fault !== undefined) {
      throw reject(
        "not-a-library",
        `${resolved} cannot be loaded: ${fault.message}`,
        "a PJRT plugin is a shared library for this operating system and processor"
      )
    }
    // XLA ends the process where it gets a flag that it does not know.
    const [unknown] = unknownXlaFlags(resolved)
    if (unknown !== undefined) {
      throw reject(
        "initialize",
        `XLA_FLAGS has --${unknown}, which ${name ?? resolved} does not know: XLA would end the process`,
        "take it out of XLA_FLAGS, or see if its name is right for this version of XLA"
      )
    }
    const opened = openLibrary(resolved)
    if ("error" in opened) {
      throw reject(
        "not-a-library",
        `${resolved} cannot be loaded: ${opened.error.replace(`${resolved}: `, "")}`,
        "a PJRT plugin is a shared library for this operating system and processor"
      )
    }
    const entry = findSymbol(opened.handle, "GetPjrtApi")
    if (entry === 0) {
      throw reject(
        "not-a-plugin",
        `${resolved} is a shared library but no PJRT plugin: it exports no GetPjrtApi`,
        "see the known plugins with: loopcarry plugins list"
      )
    }
    const table = callNullary(entry)
    if (table === 0) {
      throw reject(
        "not-a-plugin",
        `${resolved}: GetPjrtApi returned nothing`,
        "try another build of the plugin"
      )
    }
    const api = new PjrtApi(resolved, table, new DataView(copyFrom(table, header.bytes).buffer), environment)
    const problem = versionProblem(api.version)
    if (problem !== undefined) {
      throw reject("version", `${resolved} ${problem}`, "use a plugin from: loopcarry plugins list")
    }
    try {
      api.call(new Args("Plugin_Initialize"))
    } catch (error) {
      throw reject(
        "initialize",
        `${resolved} does not initialize: ${(error as PjrtError).message}`,
        "see: loopcarry plugins list"
      )
    }
    if (skips) skipsExitHandlers = true
    exitWithoutWaiting(() => skipsExitHandlers || inFlight > 0)
    loaded.set(resolved, api)
    return api
  }

  /** Whether this plugin's version has the function. */
  has(call: CallName): boolean {
    return this.#function(call) !== undefined
  }

  /** Calls the plugin on this thread. Throws `PjrtError`. */
  call(args: Args<CallName>): void {
    const error = this.#required(args.call)(args.address)
    if (error !== 0) throw this.takeError(error, args.call)
  }

  /**
   * Calls the plugin on a thread of libuv's pool. `args`, and all that `args` holds, stay alive until `done`, which
   * is called exactly once and on this thread.
   */
  callAsync(args: Args<CallName>, done: (error: PjrtError | undefined) => void): void {
    const call = this.#required(args.call)
    inFlight++
    call.async(args.address, (failure, error) => {
      inFlight--
      if (failure) done(new PjrtError({ call: args.call, code: "INTERNAL", message: String(failure) }))
      else done(error === 0 ? undefined : this.takeError(error, args.call))
    })
  }

  #required(call: CallName): UnaryFunction {
    const found = this.#function(call)
    if (found !== undefined) return found
    throw new PjrtError({
      call,
      code: "UNIMPLEMENTED",
      message: `this plugin (PJRT API ${this.version.major}.${this.version.minor}) has no PJRT_${call}`
    })
  }

  #function(call: CallName): UnaryFunction | undefined {
    const { slot } = calls[call]
    const known = this.#functions[slot]
    if (known !== undefined) return known
    const offset = header.slots + slot * 8
    // A slot exists only if the plugin's own table reaches that far.
    if (offset + 8 > this.#tableSize) return undefined
    const pointer = new DataView(copyFrom(this.#table + offset, 8).buffer).getBigUint64(0, true)
    if (pointer === 0n) return undefined
    const decoded = unaryFunction(Number(pointer))
    this.#functions[slot] = decoded
    return decoded
  }

  /** Reads and frees a PJRT_Error, which the caller of a failed call owns. */
  takeError(error: Address, call: string): PjrtError {
    const message = new Args("Error_Message").set("error", error)
    this.#required("Error_Message")(message.address)
    const text = textFrom(message.get("message"), message.get("message_size"))
    const code = new Args("Error_GetCode").set("error", error)
    this.#required("Error_GetCode")(code.address)
    this.#required("Error_Destroy")(new Args("Error_Destroy").set("error", error).address)
    return new PjrtError({ call, code: pjrtCode(code.getInt32("code")), message: text })
  }
}

const loaded = new Map<string, PjrtApi>()

/**
 * libtpu starts a profiling timer and takes its signal. Its exit handlers give the signal back while the timer still
 * runs, so that an ordinary exit dies of SIGPROF.
 */
let skipsExitHandlers = false

let inFlight = 0

/** How many calls into plugins other threads are making just now. */
export const callsInFlight = (): number => inFlight

/** Why a plugin of this API version cannot be used, or undefined where it can. */
export const versionProblem = (version: {
  readonly major: number
  readonly minor: number
}): string | undefined => {
  const spoken = `speaks PJRT API ${version.major}.${version.minor}`
  if (version.major !== 0) return `${spoken}; only major version 0 is supported`
  if (version.minor < oldestMinor) return `${spoken}; 0.${oldestMinor} is the oldest that is supported`
  return undefined
}
