/** The package's front door: the language, and jit to run it. */
export * from "../dsl/index.ts"
export { type Arrays, DeviceArray, type DeviceArrays, type HostValues, read } from "./array/array.ts"
export { put } from "./array/put.ts"
export { type Experiment, experiment, experiments } from "./cli/experiment.ts"
export { flag } from "./cli/flags.ts"
export type { Input, Inputs } from "./jit/inputs.ts"
export { type JitError, type Jitted, jit } from "./jit/jit.ts"
export type { JitOptions } from "./jit/options.ts"
