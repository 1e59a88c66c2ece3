import type { PjrtApi } from "./api.ts"
import { PjrtError, pjrtCode } from "./errors.ts"
import { findExtension } from "./extensions.ts"
import { type Address, copyFrom, textFrom, type UnaryFunction, unaryFunction } from "./ffi.ts"
import { Block, bytesBlock } from "./struct.ts"

/** Layouts of xla/backends/profiler/plugin/profiler_c_api.h; the first field of each structure is its size. */
const layout = {
  extension: { bytes: 40, api: 24 },
  api: {
    bytes: 104,
    errorDestroy: 16,
    errorMessage: 24,
    errorCode: 32,
    create: 40,
    destroy: 48,
    start: 56,
    stop: 64,
    collect: 72
  },
  create: { bytes: 32, options: 8, optionsSize: 16, profiler: 24 },
  profiler: { bytes: 16, profiler: 8 },
  collect: { bytes: 32, profiler: 8, buffer: 16, size: 24 },
  error: { bytes: 40, error: 16, code: 24, message: 24, messageSize: 32 }
} as const

const profilerExtension = 1

/**
 * A serialized ProfileOptions (tsl/profiler/protobuf/profiler_options.proto): version (5) 1, host_tracer_level (2) 2,
 * device_tracer_level (3) 1, enable_hlo_proto (7).
 */
const options = Uint8Array.from([0x28, 1, 0x10, 2, 0x18, 1, 0x38, 1])

/** A plugin's profiler, which sees what its devices do between start and stop. Its methods throw `PjrtError`. */
export class Profiler {
  readonly #table: DataView
  readonly #profiler: Address

  private constructor(table: DataView) {
    this.#table = table
    const { block, length } = bytesBlock(options)
    const args = new Block(layout.create.bytes)
    args.setWord(0, layout.create.bytes)
    args.setWord(layout.create.options, block.address)
    args.setWord(layout.create.optionsSize, length)
    this.#call("create", args)
    this.#profiler = args.getWord(layout.create.profiler)
  }

  /** Undefined where the plugin has none. */
  static of(api: PjrtApi): Profiler | undefined {
    const extension = findExtension(api, profilerExtension)
    if (extension === 0) return undefined
    const head = new DataView(copyFrom(extension, layout.extension.bytes).buffer)
    const table = Number(head.getBigUint64(layout.extension.api, true))
    return new Profiler(new DataView(copyFrom(table, layout.api.bytes).buffer))
  }

  start(): void {
    this.#call("start", this.#own())
  }

  stop(): void {
    this.#call("stop", this.#own())
  }

  destroy(): void {
    this.#call("destroy", this.#own())
  }

  /** What was seen: a serialized XSpace (tsl/profiler/protobuf/xplane.proto). */
  collect(): Uint8Array<ArrayBuffer> {
    const args = new Block(layout.collect.bytes)
    args.setWord(0, layout.collect.bytes)
    args.setWord(layout.collect.profiler, this.#profiler)
    // Asked without a buffer it says how large one must be.
    this.#call("collect", args)
    const size = args.getWord(layout.collect.size)
    const buffer = new Block(size)
    args.setWord(layout.collect.buffer, buffer.address)
    this.#call("collect", args)
    return buffer.bytes.slice(0, size)
  }

  #own(): Block {
    const args = new Block(layout.profiler.bytes)
    args.setWord(0, layout.profiler.bytes)
    args.setWord(layout.profiler.profiler, this.#profiler)
    return args
  }

  #function(name: Exclude<keyof typeof layout.api, "bytes">): UnaryFunction {
    return unaryFunction(Number(this.#table.getBigUint64(layout.api[name], true)))
  }

  #call(name: "create" | "start" | "stop" | "collect" | "destroy", args: Block): void {
    const error = this.#function(name)(args.address)
    if (error === 0) return
    const about = new Block(layout.error.bytes)
    about.setWord(0, layout.error.bytes)
    about.setWord(layout.error.error, error)
    this.#function("errorMessage")(about.address)
    const message = textFrom(about.getWord(layout.error.message), about.getWord(layout.error.messageSize))
    this.#function("errorCode")(about.address)
    const code = pjrtCode(about.getInt32(layout.error.code))
    this.#function("errorDestroy")(about.address)
    throw new PjrtError({ call: `Profiler_${name}`, code, message })
  }
}
