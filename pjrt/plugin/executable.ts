import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Aval } from "../../dsl/shape.ts"
import { sameAval, show } from "../../dsl/shape.ts"
import type { PjrtApi } from "../../native/api.ts"
import type { PjrtError } from "../../native/errors.ts"
import type { Address } from "../../native/ffi.ts"
import {
  Args,
  Block,
  bytesBlock,
  readInt32s,
  readWords,
  struct,
  textBlock,
  words
} from "../../native/struct.ts"
import type { Buffer, Executable, ProgramSource } from "../Backend.ts"
import {
  ArgumentError,
  CompileError,
  deviceClosed,
  type ExecuteError,
  failWith,
  runError
} from "../errors.ts"
import { type Owner, ownerOf } from "../owner.ts"
import { DeviceBuffer, type LayoutMemo } from "./buffer.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { dtypeOfElement, elementName } from "./element.ts"
import { callPinned, destroy, Handle } from "./handle.ts"
import { compileOptions } from "./options.ts"

/** Below this many milliseconds a run may hold this thread; above twice that, it no longer may. */
const promptRun = 1

interface Frame {
  readonly args: Args<"LoadedExecutable_Execute">
  readonly inputs: Block
  readonly outputs: Block
}

/** A compiled program on one device. */
export class PluginExecutable implements Executable {
  readonly client: Client
  readonly device: PjrtDevice
  readonly inputs: ReadonlyArray<Aval> | undefined
  readonly outputs: ReadonlyArray<Aval>
  readonly #donated: ReadonlyArray<number>
  readonly #variable: boolean
  readonly #handle: Handle
  readonly #layouts: ReadonlyArray<LayoutMemo>
  readonly #frames = new Map<number, Frame>()
  /** How long the last run held its thread, in milliseconds. */
  #lastRun = Number.POSITIVE_INFINITY

  constructor(client: Client, device: PjrtDevice, pointer: Address, source: ProgramSource) {
    this.client = client
    this.device = device
    this.inputs = source.inputs
    this.#donated = source.donated ?? []
    this.#variable = source.variable ?? true
    this.#handle = new Handle(client.api, "LoadedExecutable_Destroy", pointer, client.handle)
    try {
      this.outputs = outputAvals(client.api, pointer)
    } catch (error) {
      this.#handle.close()
      throw error
    }
    this.#layouts = this.outputs.map(() => ({ order: undefined }))
  }

  release(): void {
    this.#handle.close()
  }

  /**
   * Runs the program; its results stay on the device and belong to `scope`. A run known to be short holds this thread
   * for its microseconds; one that is long, unknown, or variable goes to another thread and leaves the event loop
   * alive. PJRT cannot cancel a run: an interrupted one ends in the background and its results are freed.
   */
  run(
    args: ReadonlyArray<Buffer>,
    scope: Scope.Scope
  ): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError> {
    return Effect.suspend(() => this.#start(args, ownerOf(scope)))
  }

  #start(
    args: ReadonlyArray<Buffer>,
    owner: Owner
  ): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError> {
    const fault = this.#handle.closed ? deviceClosed(this.device.name) : this.#argumentFault(args)
    if (fault !== undefined) return Effect.fail(fault)
    // The check above has seen to it that these are this client's buffers.
    const buffers = args as ReadonlyArray<DeviceBuffer>
    if (this.#variable || this.#lastRun > promptRun) return this.#runElsewhere(buffers, owner)
    try {
      return Effect.succeed(this.#runHere(buffers, owner))
    } catch (error) {
      return failWith(error)
    }
  }

  #argumentFault(args: ReadonlyArray<Buffer>): ExecuteError | undefined {
    if (this.inputs !== undefined && args.length !== this.inputs.length) {
      return new ArgumentError({
        path: "args",
        message: `the program takes ${this.inputs.length} arrays, not ${args.length}`,
        hint: "give one array for each parameter of @main"
      })
    }
    for (let i = 0; i < args.length; i++) {
      const arg = args[i]!
      if (!(arg instanceof DeviceBuffer) || arg.device.pointer !== this.device.pointer) {
        return new ArgumentError({
          path: `args[${i}]`,
          message: `args[${i}] is on ${arg.device.name} of another client or device, but the program runs on ${this.device.name}`,
          hint: "put the array on the program's device"
        })
      }
      const gone = arg.gone
      if (gone !== undefined) return gone
      const wanted = this.inputs?.[i]
      if (wanted !== undefined && !sameAval(wanted, arg)) {
        return new ArgumentError({
          path: `args[${i}]`,
          message: `args[${i}] is ${show(arg)}, but the program takes ${show(wanted)} there`,
          hint: "convert or reshape the argument; PJRT itself would read its bytes as they are"
        })
      }
    }
    return undefined
  }

  #newFrame(count: number): Frame {
    const inputs = new Block(count * 8)
    const outputs = new Block(this.outputs.length * 8)
    const args = new Args("LoadedExecutable_Execute")
      .set("executable", this.#handle.pointer)
      .point("options", struct("ExecuteOptions"))
      .point("argument_lists", words([inputs.address]))
      .set("num_devices", 1)
      .set("num_args", count)
      .point("output_lists", words([outputs.address]))
      .hold(inputs)
      .hold(outputs)
    return { args, inputs, outputs }
  }

  /** Runs on this thread use one frame over and over. */
  #runHere(args: ReadonlyArray<DeviceBuffer>, owner: Owner): ReadonlyArray<DeviceBuffer> {
    let frame = this.#frames.get(args.length)
    if (frame === undefined) {
      frame = this.#newFrame(args.length)
      this.#frames.set(args.length, frame)
    }
    for (let i = 0; i < args.length; i++) frame.inputs.setWord(i * 8, args[i]!.handle.pointer)
    const started = performance.now()
    this.client.api.call(frame.args)
    // Halved, so that a program near the limit does not go to and fro.
    this.#lastRun = (performance.now() - started) / 2
    for (const i of this.#donated) args[i]!.donate()
    return this.#results(frame, owner)
  }

  #runElsewhere(
    args: ReadonlyArray<DeviceBuffer>,
    owner: Owner
  ): Effect.Effect<ReadonlyArray<DeviceBuffer>, ExecuteError> {
    return Effect.callback<ReadonlyArray<DeviceBuffer>, ExecuteError>((resume) => {
      const frame = this.#newFrame(args.length)
      args.forEach((arg, i) => {
        frame.inputs.setWord(i * 8, arg.handle.pointer)
      })
      let abandoned = false
      const started = performance.now()
      const pins = [this.#handle, ...args.map((arg) => arg.handle)]
      callPinned(this.client.api, frame.args, pins, (error) => {
        this.#lastRun = performance.now() - started
        if (error !== undefined) return resume(Effect.fail(runError(error)))
        const results = this.#results(frame, owner)
        if (abandoned) for (const result of results) result.release()
        else resume(Effect.succeed(results))
      })
      for (const i of this.#donated) args[i]!.donate()
      return Effect.sync(() => {
        abandoned = true
      })
    })
  }

  #results(frame: Frame, owner: Owner): ReadonlyArray<DeviceBuffer> {
    const results = new Array<DeviceBuffer>(this.outputs.length)
    for (let i = 0; i < results.length; i++) {
      const pointer = frame.outputs.getWord(i * 8)
      results[i] = new DeviceBuffer(
        this.client,
        this.device,
        pointer,
        this.outputs[i]!,
        this.#layouts[i]!
      ).ownedBy(owner)
    }
    return results
  }
}

const outputAvals = (api: PjrtApi, loaded: Address): ReadonlyArray<Aval> => {
  const get = new Args("LoadedExecutable_GetExecutable").set("loaded_executable", loaded)
  api.call(get)
  const executable = get.get("executable")
  try {
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
          hint: "convert it to one of f16 bf16 f32 f64 i8-i64 u8-u64 bool c64 c128 inside the program"
        })
      }
      return { dtype, shape }
    })
  } finally {
    destroy(api, "Executable_Destroy", executable)
  }
}

/** XLA's parser and verifier say where as `loc("-":3:8)` or `<unknown>:3:8`. */
const location = (message: string): { line: number; column: number } | undefined => {
  const found = /(?:"[^"]*"|-|<[^>]*>):(\d+):(\d+)/.exec(message)
  return found === null ? undefined : { line: Number(found[1]), column: Number(found[2]) }
}

export const compileError = (error: Pick<PjrtError, "code" | "message">): CompileError =>
  new CompileError({
    code: error.code,
    message: error.message,
    ...location(error.message),
    hint: "the plugin's own words are above; a StableHLO text needs a public func.func @main"
  })

/**
 * Compiles on another thread. The executable lives until the scope closes. PJRT cannot cancel a compilation: an
 * interrupted one ends in the background and its result is freed.
 */
export const compile = (
  client: Client,
  device: PjrtDevice,
  source: ProgramSource
): Effect.Effect<PluginExecutable, CompileError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<PluginExecutable, CompileError>((resume) => {
      let abandoned = false
      const code = typeof source.code === "string" ? textBlock(source.code) : bytesBlock(source.code)
      const program = struct("Program")
        .fill("code", "code_size", code)
        .fill("format", "format_size", textBlock("mlir"))
      const args = new Args("Client_Compile")
        .set("client", client.handle.pointer)
        .point("program", program)
        .fill("compile_options", "compile_options_size", bytesBlock(compileOptions(device.id)))
      callPinned(client.api, args, [client.handle], (error) => {
        if (error !== undefined) return resume(Effect.fail(compileError(error)))
        try {
          const executable = new PluginExecutable(client, device, args.get("executable"), source)
          if (abandoned) executable.release()
          else resume(Effect.succeed(executable))
        } catch (thrown) {
          resume(
            thrown instanceof CompileError
              ? Effect.fail(thrown)
              : Effect.fail(compileError(thrown as PjrtError))
          )
        }
      })
      return Effect.sync(() => {
        abandoned = true
      })
    }),
    (executable) => Effect.sync(() => executable.release()),
    { interruptible: true }
  )
