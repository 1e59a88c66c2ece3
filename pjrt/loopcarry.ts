/** The package's front door: the language, and jit to run it. */
export * from "../dsl/index.ts"
export { DeviceArray, read } from "./array.ts"
export { flag } from "./cli/flags.ts"
export { type Experiment, experiment, experiments } from "./experiment.ts"
export type { Input } from "./jit/inputs.ts"
export { type JitError, type Jitted, jit } from "./jit/jit.ts"
export type { JitOptions } from "./jit/options.ts"
export { put } from "./put.ts"
