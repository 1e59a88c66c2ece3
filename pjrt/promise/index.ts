/** The library without Effect: devices, functions and arrays whose methods give promises. */
export type { NestedValue } from "../array/host.ts"
export { PromiseArray } from "./array.ts"
export { OpenDevice, type OpenOptions, open } from "./device.ts"
export type { PromiseInputs, PromiseJitted } from "./jit.ts"
export type { WaitOptions } from "./settle.ts"
export {
  type EffectArrays,
  type PromiseArrays,
  type Promised,
  type PromiseValues,
  release,
  toEffect
} from "./trees.ts"
