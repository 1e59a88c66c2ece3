/** Devices and what runs on them. */
export { DeviceArray, read } from "./array.ts"
export {
  Backend,
  type Buffer,
  type DeviceInfo,
  type Executable,
  type HostArray,
  type ProgramSource
} from "./Backend.ts"
export * as Device from "./device.ts"
export type { DeviceCounts } from "./device-counts.ts"
export * from "./errors.ts"
export type { HostInput, HostValue } from "./host.ts"
export { type ScanRun, type ScanStreamOptions, type StreamedStep, scanStream } from "./jit/scan-stream.ts"
export { type Step, steps } from "./jit/steps.ts"
export { put } from "./put.ts"
export { ShardedArray } from "./sharded.ts"
export { type CompiledProgram, compileFor } from "./targets/compile-for.ts"
export { loadCompiled } from "./targets/load.ts"
export type { Tiling, Tilings } from "./tiling.ts"
