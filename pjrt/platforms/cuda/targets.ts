import type { Targets } from "../platform.ts"
import { cudaArchitectures, targetConfig } from "./gpus.ts"

const isArchitecture = (name: string): name is keyof typeof cudaArchitectures =>
  Object.hasOwn(cudaArchitectures, name)

/** A GPU by its properties, as many as the program needs. */
export const cudaTargets: Targets = {
  syntax: "cuda:<architecture>",
  known: Object.keys(cudaArchitectures).map((architecture) => `cuda:${architecture}`),
  environment: {},
  parse: ([architecture, ...rest]) => {
    if (architecture === undefined || rest.length > 0 || !isArchitecture(architecture)) return undefined
    return (devices) => ({
      name: architecture,
      options: {
        target_config: targetConfig(cudaArchitectures[architecture]),
        topology: `1x1x${devices}`
      }
    })
  }
}
