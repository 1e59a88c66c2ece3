import { existsSync, readFileSync, statSync } from "node:fs"
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

/** XLA's flags as it reads them (xla/parse_flags_from_env.cc): XLA_FLAGS, or the file that it names if no dash begins it. */
export const xlaFlags = (env: NodeJS.ProcessEnv = process.env): string => {
  const given = env.XLA_FLAGS ?? ""
  if (given.trim() === "" || given.trimStart().startsWith("-")) return given
  try {
    return readFileSync(given, "utf8")
  } catch {
    return ""
  }
}

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
  const flags = xlaFlags(env)
  if (folder !== undefined && !flags.includes("xla_gpu_cuda_data_dir"))
    env.XLA_FLAGS = `${flags} --xla_gpu_cuda_data_dir=${folder}`.trim()
  if (isMainThread || env !== process.env) return
  for (const name of ["TF_CPP_MIN_LOG_LEVEL", "TPU_SKIP_MDS_QUERY", "XLA_FLAGS"]) {
    const value = env[name]
    if (value !== undefined) setEnvironment(name, value)
  }
}

/** Variables that compilers of the plugins read, but for those of logs. */
const read =
  /^(?!TF_CPP_|TPU_.*LOG|TPU_VMODULE)(XLA|TF|TPU|LIBTPU|PJRT|TRITON|CUDNN|CUBLAS|DNNL|TENSORFLOW)_|^(CUDA_(HOME|PATH|ROOT)|NVIDIA_TF32_OVERRIDE|DISABLE_(LLVM|PTXAS)_OPT|OMP_NUM_THREADS|NPROC)$/

/** The variables of the environment that can change what a plugin's compiler makes, each as `NAME=value`. */
export const compilerVariables = (env: NodeJS.ProcessEnv = process.env): ReadonlyArray<string> =>
  Object.entries({ ...env, XLA_FLAGS: xlaFlags(env) })
    .filter(([name, value]) => read.test(name) && value !== undefined && value !== "")
    .map(([name, value]) => `${name}=${value}`)
    .sort()

/** What a file looks like, or a CUDA toolkit: any write to it changes that. */
const looksOf = (file: string): ReadonlyArray<string> => {
  const stat = statSync(file, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (stat.isFile()) return [`${file} ${stat.size} ${stat.mtimeMs} ${stat.ino}`]
  return ["bin/ptxas", "bin/nvlink", "nvvm/libdevice/libdevice.10.bc"].flatMap((tool) =>
    looksOf(path.join(file, tool))
  )
}

/** What the files look like that flags name: `--xla_gpu_cuda_data_dir=/usr/local/cuda`. */
export const namedFiles = (flags: ReadonlyArray<string>): ReadonlyArray<string> =>
  flags
    .flatMap((text) => text.split(/[\s=,"']+/))
    .filter((word) => word.startsWith("/"))
    .flatMap(looksOf)

/** What the CUDA tools look like that XLA takes where no flag says which. */
export const cudaTools = ({ PATH = "" }: NodeJS.ProcessEnv = process.env): ReadonlyArray<string> => [
  ...PATH.split(path.delimiter)
    .flatMap((folder) => looksOf(path.join(folder, "ptxas")))
    .slice(0, 1),
  ...looksOf("/usr/local/cuda")
]
