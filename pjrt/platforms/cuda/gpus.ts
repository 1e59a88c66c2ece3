/** A GPU by what XLA's compiler asks of it (xla/stream_executor/device_description.proto). Sizes in bytes. */
interface Gpu {
  readonly name: string
  readonly capability: readonly [major: number, minor: number]
  readonly multiprocessors: number
  readonly threadsPerMultiprocessor: number
  readonly fpusPerMultiprocessor: number
  readonly sharedPerMultiprocessor: number
  readonly sharedPerBlock: number
  readonly l2: number
  readonly memory: number
  readonly memoryBandwidth: number
  readonly gigahertz: number
}

/**
 * The architectures that programs can be compiled for, each by its GPU that is rented most. Code for one runs on every
 * GPU of the same architecture. Sources: NVIDIA's data sheets, CUDA's table of compute capabilities.
 */
export const cudaArchitectures = {
  sm80: {
    name: "NVIDIA A100-SXM4-80GB",
    capability: [8, 0],
    multiprocessors: 108,
    threadsPerMultiprocessor: 2048,
    fpusPerMultiprocessor: 64,
    sharedPerMultiprocessor: 167_936,
    sharedPerBlock: 166_912,
    l2: 41_943_040,
    memory: 84_987_740_160,
    memoryBandwidth: 2_039_000_000_000,
    gigahertz: 1.41
  },
  sm86: {
    name: "NVIDIA A10G",
    capability: [8, 6],
    multiprocessors: 80,
    threadsPerMultiprocessor: 1536,
    fpusPerMultiprocessor: 128,
    sharedPerMultiprocessor: 102_400,
    sharedPerBlock: 101_376,
    l2: 6_291_456,
    memory: 23_836_033_024,
    memoryBandwidth: 600_000_000_000,
    gigahertz: 1.71
  },
  sm89: {
    name: "NVIDIA L4",
    capability: [8, 9],
    multiprocessors: 58,
    threadsPerMultiprocessor: 1536,
    fpusPerMultiprocessor: 128,
    sharedPerMultiprocessor: 102_400,
    sharedPerBlock: 101_376,
    l2: 50_331_648,
    memory: 23_659_151_360,
    memoryBandwidth: 300_000_000_000,
    gigahertz: 2.04
  },
  sm90: {
    name: "NVIDIA H100 80GB HBM3",
    capability: [9, 0],
    multiprocessors: 132,
    threadsPerMultiprocessor: 2048,
    fpusPerMultiprocessor: 128,
    sharedPerMultiprocessor: 233_472,
    sharedPerBlock: 232_448,
    l2: 52_428_800,
    memory: 84_978_434_048,
    memoryBandwidth: 3_352_320_000_000,
    gigahertz: 1.98
  },
  sm100: {
    name: "NVIDIA B200",
    capability: [10, 0],
    multiprocessors: 148,
    threadsPerMultiprocessor: 2048,
    fpusPerMultiprocessor: 128,
    sharedPerMultiprocessor: 233_472,
    sharedPerBlock: 232_448,
    l2: 132_644_864,
    memory: 191_514_017_792,
    memoryBandwidth: 7_672_000_000_000,
    gigahertz: 1.965
  }
} as const satisfies Readonly<Record<string, Gpu>>

/** What every GPU since 2016 has in common. */
const common = {
  threads_per_block_limit: 1024,
  threads_per_warp: 32,
  shared_memory_per_block: 49_152,
  block_dim_limit_x: 2_147_483_647,
  block_dim_limit_y: 65_535,
  block_dim_limit_z: 65_535,
  registers_per_core_limit: 65_536,
  registers_per_block_limit: 65_536
} as const

/** A GpuTargetConfigProto as protobuf's text format. */
export const targetConfig = (gpu: Gpu): string => {
  const fields = {
    ...common,
    core_count: gpu.multiprocessors,
    threads_per_core_limit: gpu.threadsPerMultiprocessor,
    fpus_per_core: gpu.fpusPerMultiprocessor,
    shared_memory_per_core: gpu.sharedPerMultiprocessor,
    shared_memory_per_block_optin: gpu.sharedPerBlock,
    l2_cache_size: gpu.l2,
    device_memory_size: gpu.memory,
    memory_bandwidth: gpu.memoryBandwidth,
    clock_rate_ghz: gpu.gigahertz
  }
  const [major, minor] = gpu.capability
  const text = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  return [
    `gpu_device_info { ${text.join(" ")} cuda_compute_capability { major: ${major} minor: ${minor} } }`,
    `platform_name: "CUDA"`,
    "dnn_version_info { major: 9 minor: 12 patch: 0 }",
    `device_description_str: "${gpu.name}"`
  ].join(" ")
}
