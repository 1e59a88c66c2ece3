import { AsyncLocalStorage } from "node:async_hooks"
import * as Context from "effect/Context"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { calledHere, DeviceArray } from "../array/array.ts"
import { ownerOf } from "../backend/owner.ts"
import { mistaken } from "./faults.ts"
import { settle } from "./settle.ts"
import { arraysIn } from "./trees.ts"

/** A call of tidy that what runs now is within, and the scope of what is made on its device meanwhile. */
interface Within {
  readonly device: object
  readonly scope: Scope.Scope
  readonly outer: Within | undefined
}

/** Node 20 makes every promise slower for it, so it is there once tidy has been called. */
let storage: AsyncLocalStorage<Within> | undefined

/** The scope of what is made on a device now: that of the innermost call of tidy, where there is one. */
export const scopeWithin = (device: object): Scope.Scope | undefined => {
  let within = storage?.getStore()
  while (within !== undefined && within.device !== device) within = within.outer
  return within?.scope
}

/** Runs a function, and frees what was made on a device within, except what it gives, which `around` then owns. */
export const tidy = async <R>(
  device: object,
  around: Scope.Scope,
  fn: () => R | PromiseLike<R>
): Promise<R> => {
  const scope = Scope.forkUnsafe(around)
  ownerOf(scope, calledHere("at the end of device.tidy"))
  storage ??= new AsyncLocalStorage()
  try {
    const result = await storage.run({ device, scope, outer: storage.getStore() }, fn)
    const fault = mistaken("what the function of device.tidy gives", result, "a value")
    if (fault !== undefined) throw fault
    for (const array of arraysIn(result)) DeviceArray.keep(array, around)
    return result
  } finally {
    await settle(Scope.close(scope, Exit.void), Context.empty())
  }
}
