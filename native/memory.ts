import koffi from "koffi"
import { type Address, addressOf, copyToAsync, viewOf } from "./ffi.ts"

const libc = koffi.load(null)
const alignedAlloc = libc.func("aligned_alloc", "uintptr_t", ["size_t", "size_t"])
const free = libc.func("free", "void", ["uintptr_t"])
const madvise = libc.func("madvise", "int", ["uintptr_t", "size_t", "int"])

const MADV_HUGEPAGE = 14
const page = 4096
const hugePage = 2 << 20
/** NumPy asks for huge pages from this size on (numpy/_core/src/multiarray/alloc.c). */
const large = 4 << 20

/**
 * Asks for huge pages under memory that has not been written yet: where the system gives them, the first writing of
 * a large array takes a third of the time. Elsewhere this does nothing.
 */
const askForHugePages = (address: Address, length: number): void => {
  if (process.platform !== "linux" || length < large) return
  const from = Math.ceil(address / page) * page
  madvise(from, Math.floor((address + length) / page) * page - from, MADV_HUGEPAGE)
}

/** A new array that is about to be written whole. */
export const freshBytes = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(new ArrayBuffer(length))
  if (length >= large) askForHugePages(addressOf(bytes), length)
  return bytes
}

/** Memory that is freed when it is no longer used, and not some time after. It starts where XLA can use it in place. */
export class HostMemory {
  readonly address: Address
  readonly length: number

  private constructor(address: Address, length: number) {
    this.address = address
    this.length = length
  }

  /** Undefined where there is not so much. */
  static allocate(length: number): HostMemory | undefined {
    const alignment = length < large ? page : hugePage
    const address: Address = alignedAlloc(alignment, Math.ceil(length / alignment) * alignment)
    if (address === 0) return undefined
    askForHugePages(address, length)
    return new HostMemory(address, length)
  }

  /** Copies an array of this length here, on another thread. Nobody may write the array until `done`. */
  fill(bytes: Uint8Array, done: () => void): void {
    copyToAsync(this.address, bytes, done)
  }

  /** What lies here, until it is freed. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return viewOf(this.address, this.length, () => {})
  }

  free(): void {
    free(this.address)
  }
}
