import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Aval } from "../../dsl/shape.ts"
import { PjrtError } from "../../native/errors.ts"
import type { Address } from "../../native/ffi.ts"
import { Args, Block, struct } from "../../native/struct.ts"
import type { Analysis, DeviceBuffer, Executable, SourceFacts } from "../backend/backend.ts"
import { CompileError, type ExecuteError } from "../backend/errors.ts"
import { deviceClosed } from "../backend/failures.ts"
import { type By, type Owner, ownerOf } from "../backend/owner.ts"
import type { DeviceCounts } from "../backend/partition.ts"
import { donatedOf, localInputs } from "../backend/partition.ts"
import type { Tilings } from "../backend/tiling.ts"
import { analyse } from "./analysis.ts"
import { argumentFault, type Taken } from "./arguments.ts"
import { boundedResult } from "./bounded.ts"
import { type LayoutMemo, PluginBuffer } from "./buffer.ts"
import type { Client, PjrtDevice } from "./client.ts"
import { compileError } from "./compile-error.ts"
import { callPinned, destroy, Handle } from "./handle.ts"
import { hloModule } from "./hlo-module.ts"
import { deviceFailure, failWith } from "./memory.ts"
import { outputAvals } from "./outputs.ts"
import { donatedParameters, parameterAvals, programFault, resultFault } from "./parameters.ts"
import { serialize } from "./serialize.ts"
import { tilingsOf } from "./tilings.ts"

/** Below this many milliseconds a run may hold this thread; above twice that, it no longer may. */
const promptRun = 1

/** The arguments of one call of Execute: a list of inputs and one of outputs for each device. */
interface Frame {
  readonly args: Args<"LoadedExecutable_Execute">
  readonly inputs: Block
  readonly outputs: Block
}

/** What is known of a compiled program beside its source. */
export interface Placed {
  /** The partitions of the first replica, then those of the second, … */
  readonly devices: ReadonlyArray<PjrtDevice>
  readonly counts: DeviceCounts
  /** Whether it calls back while it runs. */
  readonly prints: boolean
  /** Whether somebody else wrote it: then the compiler is asked what it takes over, and what of it cannot be run. */
  readonly foreign: boolean
  /** Whether its arguments must be row-major, as they are put on all devices but a TPU. */
  readonly rowMajor: boolean
}

/** A compiled program on its devices. */
export class PluginExecutable implements Executable {
  readonly client: Client
  readonly devices: ReadonlyArray<PjrtDevice>
  readonly replicas: number
  readonly inputs: ReadonlyArray<Aval> | undefined
  readonly outputs: ReadonlyArray<Aval>
  readonly #donated: ReadonlyArray<number>
  readonly #taken: Taken
  readonly #variable: boolean
  readonly #prints: boolean
  readonly #handle: Handle
  readonly #layouts: ReadonlyArray<LayoutMemo>
  readonly #frames = new Map<number, Frame>()
  /** Whether a run has shown that no result is a part of its array. */
  #whole = false
  /** How long the last run held its thread, in milliseconds. */
  #lastRun = Number.POSITIVE_INFINITY

  constructor(
    client: Client,
    { devices, counts: { replicas, partitions }, prints, foreign, rowMajor }: Placed,
    pointer: Address,
    source: SourceFacts
  ) {
    this.#prints = prints
    this.client = client
    this.devices = devices
    this.replicas = replicas
    // The devices of one run wait for one another, so that a run of several may never hold the only thread.
    this.#variable = (source.variable ?? true) || devices.length > 1 || prints
    this.#handle = new Handle(client.api, "LoadedExecutable_Destroy", pointer, client.handle)
    try {
      // Only the compiler knows a partition's part of the parameters of such a program.
      const told = source.partitioning === undefined && partitions > 1 ? undefined : source.inputs
      const inputs = localInputs(told, source.partitioning)
      const module = foreign || inputs === undefined ? this.#described(hloModule) : undefined
      const fault = foreign ? programFault(module, rowMajor) : undefined
      if (fault !== undefined) throw fault
      this.inputs = inputs ?? parameterAvals(module)
      this.outputs = this.#described(outputAvals)
      const other = foreign && devices.length === 1 ? resultFault(source.outputs, this.outputs) : undefined
      if (other !== undefined) throw other
      const taken = foreign ? donatedParameters(module) : []
      this.#donated = [...new Set([...(source.donated ?? []), ...taken])]
    } catch (error) {
      this.#handle.close()
      throw error
    }
    this.#taken = { devices, inputs: this.inputs, donated: this.#donated }
    this.#layouts = this.outputs.map(() => ({ order: undefined }))
  }

  get device(): PjrtDevice {
    return this.devices[0]!
  }

  release(): void {
    this.#handle.close()
  }

  /** Asks the plugin about the executable. Throws `PjrtError`. */
  #described<A>(ask: (api: Client["api"], executable: Address) => A): A {
    const { api } = this.client
    const get = new Args("LoadedExecutable_GetExecutable").set("loaded_executable", this.#handle.pointer)
    api.call(get)
    try {
      return ask(api, get.get("executable"))
    } finally {
      destroy(api, "Executable_Destroy", get.get("executable"))
    }
  }

  #told<A>(ask: (api: Client["api"], executable: Address) => A): Effect.Effect<A, CompileError> {
    return Effect.suspend(() => {
      if (this.#handle.closed) return Effect.fail(compileError(deviceClosed(this.device.name)))
      try {
        return Effect.succeed(this.#described(ask))
      } catch (error) {
        if (error instanceof CompileError) return Effect.fail(error)
        return error instanceof PjrtError ? Effect.fail(compileError(error)) : Effect.die(error)
      }
    })
  }

  get analysis(): Effect.Effect<Analysis, CompileError> {
    return this.#told(analyse)
  }

  get tilings(): Effect.Effect<Tilings, CompileError> {
    const partitions = this.devices.length / this.replicas
    return this.#told((api, executable) => tilingsOf(api, executable, this.inputs, this.outputs, partitions))
  }

  get serialized(): Effect.Effect<Uint8Array<ArrayBuffer>, CompileError> {
    return this.#told(serialize)
  }

  /**
   * Runs the program; its results stay on the devices and belong to `scope`. A run known to be short blocks this thread
   * for its microseconds. A run that is long, of unknown or variable length, or on several devices uses another thread,
   * so that the event loop goes on. PJRT cannot cancel a run: an interrupted one ends in the background, and its
   * results are freed.
   */
  run(
    args: ReadonlyArray<DeviceBuffer>,
    scope: Scope.Scope,
    by?: By
  ): Effect.Effect<ReadonlyArray<PluginBuffer>, ExecuteError> {
    return Effect.suspend(() => this.start(args, scope, by))
  }

  start(
    args: ReadonlyArray<DeviceBuffer>,
    scope: Scope.Scope,
    by?: By
  ): Effect.Effect<ReadonlyArray<PluginBuffer>, ExecuteError> {
    const owner = ownerOf(scope)
    const fault = this.#handle.closed ? deviceClosed(this.device.name) : argumentFault(this.#taken, args)
    if (fault !== undefined) return Effect.fail(fault)
    // The check above has seen to it that these are this client's buffers.
    const buffers = args as ReadonlyArray<PluginBuffer>
    // A run that waits for this thread must find it free.
    if (this.#variable || this.#lastRun > promptRun || this.client.waiting > 0)
      return this.client.watch("running", this.#runElsewhere(buffers, owner, by))
    try {
      return Effect.succeed(this.#runHere(buffers, owner, by))
    } catch (error) {
      return failWith(this.client, this.device, "a program's results", error)
    }
  }

  #newFrame(count: number): Frame {
    const devices = this.devices.length
    const inputs = new Block(count * 8)
    const outputs = new Block(devices * this.outputs.length * 8)
    /** A list for each device, one after the other in one block. */
    const lists = (block: Block, length: number) => {
      const pointers = new Block(devices * 8)
      for (let i = 0; i < devices; i++) pointers.setWord(i * 8, block.address + i * length * 8)
      return pointers
    }
    const args = new Args("LoadedExecutable_Execute")
      .set("executable", this.#handle.pointer)
      .point("options", struct("ExecuteOptions"))
      .point("argument_lists", lists(inputs, count / devices))
      .set("num_devices", devices)
      .set("num_args", count / devices)
      .point("output_lists", lists(outputs, this.outputs.length))
      .hold(inputs)
      .hold(outputs)
    return { args, inputs, outputs }
  }

  /** Runs on this thread use one frame over and over. */
  #runHere(args: ReadonlyArray<PluginBuffer>, owner: Owner, by: By | undefined): ReadonlyArray<PluginBuffer> {
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
    for (const i of this.#donated) args[i]!.donate(by)
    return this.#results(frame, owner)
  }

  #runElsewhere(
    args: ReadonlyArray<PluginBuffer>,
    owner: Owner,
    by: By | undefined
  ): Effect.Effect<ReadonlyArray<PluginBuffer>, ExecuteError> {
    return Effect.callback<ReadonlyArray<PluginBuffer>, ExecuteError>((resume) => {
      const frame = this.#newFrame(args.length)
      args.forEach((arg, i) => {
        frame.inputs.setWord(i * 8, arg.handle.pointer)
      })
      let abandoned = false
      const started = performance.now()
      if (this.#prints) this.client.waiting++
      const donated = donatedOf(args, this.#donated, this.devices.length)
      const pins = [this.#handle, ...args.map((arg) => arg.handle)]
      callPinned(this.client.api, frame.args, pins, (error) => {
        if (this.#prints) this.client.waiting--
        this.#lastRun = performance.now() - started
        if (error !== undefined) {
          // A run that was refused has not taken them.
          for (const one of donated) one.keepUnlessTaken()
          return resume(Effect.fail(deviceFailure(this.client, this.device, "a program's results", error)))
        }
        for (const one of donated) one.donate()
        // The first run of each executable comes here. An owner that is gone lets go of results as soon as it has them.
        const fault = this.#whole ? undefined : boundedResult(this.client.api, this.#given(frame))
        const results = this.#results(frame, owner)
        if (fault !== undefined) {
          for (const result of results) result.release()
          return resume(Effect.fail(fault))
        }
        this.#whole = true
        if (abandoned) for (const result of results) result.release()
        else resume(Effect.succeed(results))
      })
      for (const one of donated) one.lend(by)
      return Effect.sync(() => {
        abandoned = true
      })
    })
  }

  /** The results of a run, each device's one after the other. */
  #given(frame: Frame): ReadonlyArray<Address> {
    const count = this.devices.length * this.outputs.length
    return Array.from({ length: count }, (_, i) => frame.outputs.getWord(i * 8))
  }

  #results(frame: Frame, owner: Owner): ReadonlyArray<PluginBuffer> {
    const count = this.outputs.length
    const results = new Array<PluginBuffer>(this.devices.length * count)
    for (let i = 0; i < results.length; i++) {
      results[i] = new PluginBuffer(
        this.client,
        this.devices.length === 1 ? this.device : this.devices[Math.floor(i / count)]!,
        frame.outputs.getWord(i * 8),
        this.outputs[i % count]!,
        this.#layouts[i % count]!
      ).ownedBy(owner)
    }
    return results
  }
}
