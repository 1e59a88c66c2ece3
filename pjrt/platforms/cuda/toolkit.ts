import { existsSync } from "node:fs"
import path from "node:path"
import { looksOf, looksOfProgram } from "../../../native/plugins/environment.ts"

/** The folder with ptxas and libdevice beside a CUDA plugin in site-packages: nvidia/cu13, or those of CUDA 12's wheels. */
export const cudaDataFolder = (plugin: string): string | undefined => {
  const site = path.resolve(path.dirname(plugin), "../..")
  return ["nvidia/cu13", "nvidia/cu12", "nvidia/cuda_nvcc"]
    .map((folder) => path.join(site, folder))
    .find((folder) => existsSync(path.join(folder, "bin/ptxas")))
}

/** What XLA runs or links of a CUDA toolkit. */
export const toolkitParts: ReadonlyArray<string> = [
  "bin/ptxas",
  "bin/nvlink",
  "nvvm/libdevice/libdevice.10.bc"
]

/** What the CUDA tools look like that XLA takes where no flag says which. */
export const cudaTools = (env: NodeJS.ProcessEnv = process.env): ReadonlyArray<string> => [
  ...looksOfProgram("ptxas", env),
  ...looksOf("/usr/local/cuda", toolkitParts)
]
