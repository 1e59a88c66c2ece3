import type { PjrtApi } from "./api.ts"
import { findExtension } from "./extensions.ts"
import { type Address, copyFrom, copyTo, textFrom, unaryFunction } from "./ffi.ts"
import { koffi } from "./koffi.ts"
import { Block, textBlock } from "./struct.ts"

/**
 * Layouts of XLA's FFI (xla/ffi/api/c_api.h, xla/pjrt/c/pjrt_c_api_ffi_extension.h), by which a plugin calls a function
 * of this process. They have been the same since PJRT 0.57.
 */
const layout = {
  extension: { registerHandler: 40 },
  register: { bytes: 52, name: 8, nameSize: 16, handler: 24, platform: 32, platformSize: 40 },
  frame: { bytes: 168, extension: 8, stage: 32, args: 40, attrs: 120 },
  args: { size: 16, pointers: 32 },
  attrs: { size: 16, names: 32, pointers: 40 },
  buffer: { bytes: 48, dtype: 16, data: 24, rank: 32, dims: 40 },
  metadata: { type: 8, metadata: 24, major: 24, minor: 28 }
} as const

const ffiExtension = 5
const metadataExtension = 1
const executeStage = 3

/** The version of the FFI that this speaks; a plugin refuses handlers of another. */
const ffiVersion = { major: 0, minor: 1 } as const

/** An array that a program hands over, in this process's memory. */
export interface HandedArray {
  /** XLA's number of its element type. */
  readonly type: number
  readonly shape: ReadonlyArray<number>
  readonly data: Address
}

/** A function that programs may call: told the arrays, and texts by name. */
export type Handler = (arrays: ReadonlyArray<HandedArray>, texts: ReadonlyMap<string, string>) => void

const view = (address: Address, length: number): DataView => new DataView(copyFrom(address, length).buffer)
const word = (at: DataView, offset: number): number => Number(at.getBigUint64(offset, true))
const words = (address: Address, count: number): ReadonlyArray<number> =>
  count === 0 ? [] : Array.from(new BigUint64Array(copyFrom(address, 8 * count).buffer), Number)

const spanText = (span: Address): string => {
  const [address, length] = words(span, 2) as [number, number]
  return textFrom(address, length)
}

const readArrays = (frame: DataView): ReadonlyArray<HandedArray> => {
  const { args, buffer } = layout
  const base = layout.frame.args
  return words(word(frame, base + args.pointers), word(frame, base + args.size)).map((pointer) => {
    const at = view(pointer, buffer.bytes)
    return {
      type: at.getInt32(buffer.dtype, true),
      shape: words(word(at, buffer.dims), word(at, buffer.rank)),
      data: word(at, buffer.data)
    }
  })
}

const readTexts = (frame: DataView): ReadonlyMap<string, string> => {
  const base = layout.frame.attrs
  const count = word(frame, base + layout.attrs.size)
  const names = words(word(frame, base + layout.attrs.names), count)
  const values = words(word(frame, base + layout.attrs.pointers), count)
  return new Map(names.map((name, i) => [spanText(name), spanText(values[i]!)]))
}

/** A plugin that takes a handler asks first which version of the FFI it speaks, by a call with an extension. */
const answerMetadata = (extension: Address): void => {
  const metadata = word(view(extension, 32), layout.metadata.metadata)
  const version = new Uint8Array(Int32Array.of(ffiVersion.major, ffiVersion.minor).buffer)
  copyTo(metadata + layout.metadata.major, version)
}

/**
 * Registers a function that a plugin's programs may call by name, on a platform whose arrays are in this process's
 * memory. The plugin calls it from its own threads, and each call waits until this thread is free. So never run a
 * program that calls it on this thread. Returns false where the plugin takes no functions.
 */
export const registerHandler = (api: PjrtApi, name: string, platform: string, handler: Handler): boolean => {
  const extension = findExtension(api, ffiExtension)
  if (extension === 0) return false
  const call = (frameAddress: number): number => {
    try {
      const frame = view(frameAddress, layout.frame.bytes)
      const asked = word(frame, layout.frame.extension)
      if (asked !== 0 && view(asked, 24).getInt32(layout.metadata.type, true) === metadataExtension)
        answerMetadata(asked)
      else if (frame.getInt32(layout.frame.stage, true) === executeStage)
        handler(readArrays(frame), readTexts(frame))
    } catch {
      // Nothing may be thrown into C++; a value that cannot be shown is not worth a program.
    }
    return 0
  }
  const ffi = koffi()
  const callback = ffi.register(call, ffi.pointer(ffi.proto("uintptr_t", ["uintptr_t"])))
  const args = new Block(layout.register.bytes)
  const [target, on] = [textBlock(name), textBlock(platform)]
  args.setWord(0, layout.register.bytes)
  args.setWord(layout.register.name, target.block.address)
  args.setWord(layout.register.nameSize, target.length)
  args.setWord(layout.register.handler, Number(ffi.address(callback)))
  args.setWord(layout.register.platform, on.block.address)
  args.setWord(layout.register.platformSize, on.length)
  const register = unaryFunction(word(view(extension, 48), layout.extension.registerHandler))
  const error = register(args.address)
  if (error !== 0) throw api.takeError(error, "FFI_Register_Handler")
  return true
}
