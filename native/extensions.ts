import type { PjrtApi } from "./api.ts"
import { type Address, copyFrom } from "./ffi.ts"

/** The head of every extension: its size, its type, the next one. */
const head = { bytes: 24, type: 8, next: 16 } as const

/** More than any plugin has; a list that is longer is broken. */
const most = 64

/** The address of a plugin's extension of a type (PJRT_Extension_Type of pjrt_c_api.h), or 0. */
export const findExtension = (api: PjrtApi, type: number): Address => {
  let at = api.extensions
  for (let i = 0; i < most && at !== 0; i++) {
    const view = new DataView(copyFrom(at, head.bytes).buffer)
    if (view.getInt32(head.type, true) === type) return at
    at = Number(view.getBigUint64(head.next, true))
  }
  return 0
}
