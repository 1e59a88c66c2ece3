import { freshBytes, HostMemory } from "../../../native/memory.ts"
import { promptBytes } from "../../backend/prompt.ts"

/** Where the bytes of an array go as they arrive. */
export interface Receiving {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Given on with the bytes, where it can be. */
  readonly memory?: HostMemory
  /** Where the bytes are of no use: they have not all come. */
  readonly free: () => void
}

/** Memory for so many bytes, which a CPU device keeps as the array's own; a small array is copied in any case. */
export const receiving = (length: number): Receiving => {
  const memory = length <= promptBytes ? undefined : HostMemory.allocate(length)
  if (memory === undefined) return { bytes: freshBytes(length), free: () => {} }
  return { bytes: memory.bytes, memory, free: () => memory.free() }
}
