/** Devices and what runs on them. */
export { DeviceArray, read, release } from "./array/array.ts"
export type { HostInput, HostValue } from "./array/host.ts"
export { put } from "./array/put.ts"
export { ShardedArray } from "./array/sharded.ts"
export {
  Backend,
  type DeviceBuffer,
  type DeviceInfo,
  type Executable,
  type HostArray,
  type OpenScope,
  type ProgramSource
} from "./backend/backend.ts"
export * from "./backend/errors.ts"
export type { DeviceCounts } from "./backend/partition.ts"
export type { Tiling, Tilings } from "./backend/tiling.ts"
export * as Device from "./device/public.ts"
export { type CompiledProgram, compileFor } from "./device/targets/compile-for.ts"
export { loadCompiled } from "./device/targets/load.ts"
export { type ScanRun, type ScanStreamOptions, type StreamedStep, scanStream } from "./jit/scan-stream.ts"
export { type Step, steps } from "./reference/steps.ts"
