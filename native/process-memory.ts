import { type Address, addressOf } from "./ffi.ts"
import { koffi } from "./koffi.ts"

/** How much one call may copy: Linux cuts longer ones at 2 GiB less a page. */
const chunk = 1 << 30

type Call = ReturnType<ReturnType<ReturnType<typeof koffi>["load"]>["func"]>

const declare = (name: string): Call | undefined => {
  try {
    const types = ["int", "uintptr_t", "ulong", "uintptr_t", "ulong", "ulong"]
    return koffi().load(null).func(name, "int64", types)
  } catch {
    // Not Linux, or there is no koffi.
    return undefined
  }
}

let declared: { readonly read: Call | undefined; readonly write: Call | undefined } | undefined
const calls = () => {
  declared ??= { read: declare("process_vm_readv"), write: declare("process_vm_writev") }
  return declared
}

/** Whether the bytes were copied. Containers and hardened kernels may forbid it; then they have to go another way. */
type Done = (copied: boolean) => void

/** Moves bytes between our array and an address of a child process, in one copy, on a thread of libuv's pool. */
const move = (call: Call | undefined, pid: number, bytes: Uint8Array, address: Address, done: Done): void => {
  const step = (at: number): void => {
    if (call === undefined || at >= bytes.length) {
      done(call !== undefined)
      return
    }
    const length = Math.min(chunk, bytes.length - at)
    // struct iovec { void* base; size_t length } of ours, then of theirs.
    const vectors = new BigUint64Array([addressOf(bytes) + at, length, address + at, length].map(BigInt))
    const ours = addressOf(new Uint8Array(vectors.buffer))
    call.async(pid, ours, 1, ours + 16, 1, 0, (error: unknown, count: number | bigint) => {
      // Both are held until here, where C no longer uses them.
      void vectors
      const copied = error ? -1 : Number(count)
      if (copied > 0) step(at + copied)
      else done(false)
    })
  }
  step(0)
}

/** Fills `into` from the memory of a child process. */
export const readProcess = (pid: number, address: Address, into: Uint8Array, done: Done): void =>
  move(calls().read, pid, into, address, done)

/** Writes `bytes` to the memory of a child process. */
export const writeProcess = (pid: number, bytes: Uint8Array, address: Address, done: Done): void =>
  move(calls().write, pid, bytes, address, done)
