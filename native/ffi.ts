import { koffi } from "./koffi.ts"

/** An address in this process. User-space addresses stay far below 2^53, so a number holds one exactly. */
export type Address = number

/** Bound once, when C is first called. */
const bind = () => {
  const ffi = koffi()
  const libc = ffi.load(null)
  return {
    ffi,
    dlopen: libc.func("dlopen", "uintptr_t", ["str", "int"]),
    dlsym: libc.func("dlsym", "uintptr_t", ["uintptr_t", "str"]),
    dlerror: libc.func("dlerror", "str", []),
    memcpy: libc.func("memcpy", "void", ["uintptr_t", "uintptr_t", "size_t"]),
    setenv: libc.func("setenv", "int", ["str", "str", "int"]),
    exit: libc.func("_exit", "void", ["int"]),
    unary: ffi.proto("uintptr_t", ["uintptr_t"]),
    nullary: ffi.proto("uintptr_t", [])
  }
}

let bound: ReturnType<typeof bind> | undefined
const c = (): ReturnType<typeof bind> => (bound ??= bind())

/**
 * Ends the process at once, without waiting for its threads. An interrupted run still holds a thread, because PJRT
 * cannot cancel it. An ordinary exit would wait for that thread, perhaps for ever. Where C was never called, no thread
 * is held.
 */
export const exitNow = (status: number): void => {
  if (bound === undefined) process.exit(status)
  else bound.exit(status)
}

/** Sets a variable as C sees it. Node does so by itself on the main thread alone: others have a copy. */
export const setEnvironment = (name: string, value: string): void => void c().setenv(name, value, 1)

const RTLD_NOW = 2
/** Never unmap: a plugin's threads and exit handlers outlive any unload, and dlclose at exit crashes the process. */
const RTLD_NODELETE = process.platform === "darwin" ? 0x80 : 0x1000

export type OpenResult = { readonly handle: Address } | { readonly error: string }

/** Loads a shared library for the rest of the process's life. */
export const openLibrary = (path: string): OpenResult => {
  const handle: Address = c().dlopen(path, RTLD_NOW | RTLD_NODELETE)
  return handle === 0 ? { error: c().dlerror() ?? "unknown dynamic linker error" } : { handle }
}

/** The address of a symbol, or 0. */
export const findSymbol = (handle: Address, name: string): Address => c().dlsym(handle, name)

/** A C function of one pointer argument. Its result is an address or, where C says void, meaningless. */
export interface UnaryFunction {
  (argument: Address): Address
  readonly async: (argument: Address, done: (error: unknown, result: Address) => void) => void
}

/** Decoding an address into a callable costs far more than the call: do it once per function. */
export const unaryFunction = (address: Address): UnaryFunction => c().ffi.decode(BigInt(address), c().unary)

export const callNullary = (address: Address): Address => c().ffi.decode(BigInt(address), c().nullary)()

/** The address of a buffer's first byte. The buffer must be kept reachable for as long as C may use it. */
export const addressOf = (bytes: Uint8Array): Address => Number(c().ffi.address(bytes))

/** Small copies pass through here: asking for the address of each new array would take longer than copying twice. */
const desk = new Uint8Array(1 << 14)
let deskAddress: Address | undefined

/** Copies `length` bytes of C memory to a new array. */
export const copyFrom = (address: Address, length: number): Uint8Array<ArrayBuffer> => {
  if (length <= desk.length) {
    deskAddress ??= addressOf(desk)
    if (length > 0) c().memcpy(deskAddress, address, length)
    return desk.slice(0, length)
  }
  const bytes = new Uint8Array(new ArrayBuffer(length))
  c().memcpy(addressOf(bytes), address, length)
  return bytes
}

/** Copies bytes to C memory. */
export const copyTo = (address: Address, bytes: Uint8Array): void => {
  c().memcpy(address, addressOf(bytes), bytes.length)
}

/** Fills an array from C memory on a thread of libuv's pool, for copies that would block the event loop too long. */
export const copyFromAsync = (address: Address, into: Uint8Array, done: () => void): void => {
  c().memcpy.async(addressOf(into), address, into.length, () => done())
}

/** As `copyTo`, on a thread of libuv's pool. */
export const copyToAsync = (address: Address, bytes: Uint8Array, done: () => void): void => {
  c().memcpy.async(address, addressOf(bytes), bytes.length, () => {
    // Held until here, where C no longer reads it.
    void bytes
    done()
  })
}

const views = new FinalizationRegistry<() => void>((release) => release())

/**
 * C memory as an array, without a copy. It must stay valid until `release` is called: once nothing in JavaScript can
 * reach the array's ArrayBuffer any more. Node refuses to transfer such a buffer elsewhere.
 */
export const viewOf = (address: Address, length: number, release: () => void): Uint8Array<ArrayBuffer> => {
  // An empty range has nothing to view, and its address may be null.
  const buffer: ArrayBuffer = length === 0 ? new ArrayBuffer(0) : c().ffi.view(BigInt(address), length)
  views.register(buffer, release)
  return new Uint8Array(buffer)
}

const text = new TextDecoder()

export const textFrom = (address: Address, length: number): string => text.decode(copyFrom(address, length))
