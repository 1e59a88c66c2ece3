import * as Effect from "effect/Effect"
import { add, f32, type JitOptions, jit } from "../../pjrt/loopcarry.ts"

/** The options of jit by which the passes are chosen. */
export const asWritten: JitOptions = { optimize: false }
export const anyOrder: JitOptions = { reassociate: true }

/** Whether jit looks at an option: then it means something to this version. */
export const readsOption = (name: string): boolean => {
  let read = false
  const options = Object.defineProperty({}, name, {
    enumerable: false,
    get: () => {
      read = true
      return undefined
    }
  })
  Effect.runSync(jit([f32()], (x) => add(x, 1), options as JitOptions).program)
  return read
}

export interface Accepted {
  readonly optimize: boolean
  readonly reassociate: boolean
}

export const acceptedOptions = (): Accepted => ({
  optimize: readsOption("optimize"),
  reassociate: readsOption("reassociate")
})
