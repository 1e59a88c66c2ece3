import { existsSync } from "node:fs"
import path from "node:path"
import { isMainThread } from "node:worker_threads"
import { setEnvironment } from "../ffi.ts"
import { list } from "../files.ts"

/** TPU chips are /dev/accel0, … up to v4, and PCI devices given to user space, /dev/vfio/0, …, from v5 on. */
export const tpuChips = (): ReadonlyArray<string> => {
  const chips = (folder: string, chip: RegExp) =>
    list(folder)
      .filter((name) => chip.test(name))
      .map((name) => path.join(folder, name))
  return [...chips("/dev", /^accel\d+$/), ...chips("/dev/vfio", /^\d+$/)]
}

/** The folder with ptxas and libdevice beside a CUDA plugin in site-packages: nvidia/cu13, or those of CUDA 12's wheels. */
export const cudaDataFolder = (plugin: string): string | undefined => {
  const site = path.resolve(path.dirname(plugin), "../..")
  return ["nvidia/cu13", "nvidia/cu12", "nvidia/cuda_nvcc"]
    .map((folder) => path.join(site, folder))
    .find((folder) => existsSync(path.join(folder, "bin/ptxas")))
}

/** Whether the user wants to see what plugins log, by `--verbose` or by the variable that XLA's loggers read. */
export const wantsPluginLog = (env: NodeJS.ProcessEnv = process.env): boolean =>
  /^[0-2]$/.test(env.TF_CPP_MIN_LOG_LEVEL ?? "")

/**
 * What must stand in the environment before a plugin is loaded: XLA's loggers, libtpu and XLA's flags read theirs once.
 * What the user has set stays.
 */
export const preparePluginEnvironment = (plugin: string, env: NodeJS.ProcessEnv = process.env): void => {
  // What would be logged comes back as errors anyway.
  env.TF_CPP_MIN_LOG_LEVEL ??= "3"
  // Where there is no TPU, libtpu would ask the metadata server for its slice again and again for over a minute. On a
  // Cloud TPU VM it must ask.
  if (tpuChips().length === 0) env.TPU_SKIP_MDS_QUERY ??= "1"
  const folder = cudaDataFolder(plugin)
  const flags = env.XLA_FLAGS ?? ""
  if (folder !== undefined && !flags.includes("xla_gpu_cuda_data_dir"))
    env.XLA_FLAGS = `${flags} --xla_gpu_cuda_data_dir=${folder}`.trim()
  if (isMainThread || env !== process.env) return
  for (const name of ["TF_CPP_MIN_LOG_LEVEL", "TPU_SKIP_MDS_QUERY", "XLA_FLAGS"]) {
    const value = env[name]
    if (value !== undefined) setEnvironment(name, value)
  }
}
