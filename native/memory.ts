import { type Address, addressOf, copyToAsync, viewOf } from "./ffi.ts"
import { koffi, koffiFault } from "./koffi.ts"

/** Bound once, when memory is first asked for. */
const bind = () => {
  const libc = koffi().load(null)
  return {
    alignedAlloc: libc.func("aligned_alloc", "uintptr_t", ["size_t", "size_t"]),
    free: libc.func("free", "void", ["uintptr_t"]),
    madvise: libc.func("madvise", "int", ["uintptr_t", "size_t", "int"])
  }
}

let bound: ReturnType<typeof bind> | undefined
const c = (): ReturnType<typeof bind> => (bound ??= bind())

const MADV_HUGEPAGE = 14
const page = 4096
const hugePage = 2 << 20
/** NumPy asks for huge pages from this size on (numpy/_core/src/multiarray/alloc.c). */
const large = 4 << 20

/**
 * Asks for huge pages under memory that nobody has written yet. Where the system gives them, the first write of a large
 * array takes a third of the time. Elsewhere this does nothing.
 */
const askForHugePages = (address: Address, length: number): void => {
  if (process.platform !== "linux" || length < large) return
  const from = Math.ceil(address / page) * page
  c().madvise(from, Math.floor((address + length) / page) * page - from, MADV_HUGEPAGE)
}

/** A new array that is about to be written whole. */
export const freshBytes = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(new ArrayBuffer(length))
  if (length >= large && koffiFault() === undefined) askForHugePages(addressOf(bytes), length)
  return bytes
}

/** The system may take the contents of such memory where it is short of it; writing there makes it one's own again. */
const MADV_FREE = 8

/** How many bytes are kept that have been freed. */
const mostSpare = 1 << 30

/** What the C library has given. */
class Allocation {
  readonly address: Address
  readonly size: number
  #bytes: Uint8Array<ArrayBuffer> | undefined

  constructor(address: Address, size: number) {
    this.address = address
    this.size = size
  }

  /** Made once: V8 takes each such array for as much memory more, and looks for what it can free. */
  get bytes(): Uint8Array<ArrayBuffer> {
    this.#bytes ??= viewOf(this.address, this.size, () => {})
    return this.#bytes
  }
}

/**
 * Keeps large freed blocks for arrays of the same size. The first write to fresh memory takes longer than all else in
 * putting an array on a CPU device. When the system is short of memory, it gets the blocks back.
 */
class Spare {
  readonly #blocks = new Map<number, Array<Allocation>>()
  #bytes = 0

  take(size: number): Allocation | undefined {
    const found = this.#blocks.get(size)?.pop()
    if (found !== undefined) this.#bytes -= size
    return found
  }

  /** Whether it is kept; otherwise it is to be freed. */
  keep(block: Allocation): boolean {
    const { address, size } = block
    if (process.platform !== "linux" || size < large || size > mostSpare) return false
    if (c().madvise(address, size, MADV_FREE) !== 0) return false
    for (const other of this.#blocks.keys()) this.#makeRoom(other, size)
    const same = this.#blocks.get(size)
    if (same === undefined) this.#blocks.set(size, [block])
    else same.push(block)
    this.#bytes += size
    return true
  }

  #makeRoom(other: number, size: number): void {
    const blocks = this.#blocks.get(other)!
    while (this.#bytes + size > mostSpare && blocks.length > 0) {
      c().free(blocks.pop()!.address)
      this.#bytes -= other
    }
    if (blocks.length === 0) this.#blocks.delete(other)
  }
}

const spare = new Spare()

/** Memory that is freed when it is no longer used, and not some time after. It starts where XLA can use it in place. */
export class HostMemory {
  readonly length: number
  readonly #block: Allocation

  private constructor(block: Allocation, length: number) {
    this.#block = block
    this.length = length
  }

  /**
   * Undefined where there is less memory, or C cannot be called. Without `huge` it takes small pages, which the system
   * has at hand. Where memory is in pieces, it first moves others' to make huge ones: that took three times as long as
   * reading a file of 1 GB into small ones.
   */
  static allocate(length: number, huge = true): HostMemory | undefined {
    if (koffiFault() !== undefined) return undefined
    const alignment = length < large ? page : hugePage
    const size = Math.ceil(length / alignment) * alignment
    const kept = spare.take(size)
    if (kept !== undefined) return new HostMemory(kept, length)
    const address: Address = c().alignedAlloc(alignment, size)
    if (address === 0) return undefined
    if (huge) askForHugePages(address, length)
    return new HostMemory(new Allocation(address, size), length)
  }

  get address(): Address {
    return this.#block.address
  }

  /** Copies an array of this length here, on another thread. Nobody may write the array until `done`. */
  fill(bytes: Uint8Array, done: () => void): void {
    copyToAsync(this.address, bytes, done)
  }

  /** The memory, until it is freed. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#block.bytes.subarray(0, this.length)
  }

  free(): void {
    if (!spare.keep(this.#block)) c().free(this.address)
  }
}
