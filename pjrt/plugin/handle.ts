import type { PjrtApi } from "../../native/api.ts"
import type { PjrtError } from "../../native/errors.ts"
import type { Address } from "../../native/ffi.ts"
import { Args, type CallName } from "../../native/struct.ts"

type DestroyCall = Extract<CallName, `${string}_Destroy`>

const fieldOf = {
  Client_Destroy: "client",
  LoadedExecutable_Destroy: "executable",
  Executable_Destroy: "executable",
  Buffer_Destroy: "buffer",
  Event_Destroy: "event",
  TopologyDescription_Destroy: "topology",
  Error_Destroy: "error"
} as const satisfies Record<DestroyCall, string>

/** One call per kind of object, its Args reused: destroying is synchronous. */
const destroyArgs = new Map<DestroyCall, Args<CallName>>()

export const destroy = (api: PjrtApi, call: DestroyCall, pointer: Address): void => {
  let args = destroyArgs.get(call)
  if (args === undefined) {
    args = new Args<CallName>(call)
    destroyArgs.set(call, args)
  }
  args.set(fieldOf[call] as never, pointer)
  api.call(args)
}

/**
 * A native object that calls in flight may still use. It is destroyed once it is closed and nothing pins it. For as
 * long as it lives it pins its owner, as a buffer pins its client.
 */
export class Handle {
  readonly api: PjrtApi
  readonly pointer: Address
  readonly #call: DestroyCall
  readonly #owner: Handle | undefined
  readonly #destroyed: (() => void) | undefined
  #pins = 0
  #closed = false

  constructor(api: PjrtApi, call: DestroyCall, pointer: Address, owner?: Handle, destroyed?: () => void) {
    this.api = api
    this.pointer = pointer
    this.#call = call
    this.#owner = owner
    this.#destroyed = destroyed
    owner?.pin()
  }

  get closed(): boolean {
    return this.#closed
  }

  pin(): void {
    this.#pins++
  }

  unpin(): void {
    this.#pins--
    this.#settle()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#settle()
  }

  #settle(): void {
    if (!this.#closed || this.#pins > 0) return
    destroy(this.api, this.#call, this.pointer)
    this.#owner?.unpin()
    this.#destroyed?.()
  }
}

/**
 * Calls the plugin on another thread, and pins all handles that the call and `done` use. The pins end only when `done`
 * has returned, because it still makes objects of those handles.
 */
export const callPinned = (
  api: PjrtApi,
  args: Args<CallName>,
  pins: ReadonlyArray<Handle>,
  done: (error: PjrtError | undefined) => void
): void => {
  for (const handle of pins) handle.pin()
  const unpin = () => {
    for (const handle of pins) handle.unpin()
  }
  try {
    api.callAsync(args, (error) => {
      try {
        done(error)
      } finally {
        unpin()
      }
    })
  } catch (error) {
    unpin()
    throw error
  }
}
