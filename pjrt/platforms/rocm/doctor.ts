import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { list } from "../../../native/files.ts"
import { type Finding, finding, nodes, runLonger } from "../findings.ts"
import type { Doctor } from "../platform.ts"

/** The kernel's driver for computing on AMD GPUs. */
const driver = "/dev/kfd"

const renderers = (): ReadonlyArray<string> =>
  list("/dev/dri").flatMap((name) => (/^renderD\d+$/.test(name) ? [`/dev/dri/${name}`] : []))

/** Where the plugin finds ROCm beside itself, in site-packages. */
const besidePlugin = (plugin: string): string | undefined =>
  ["_rocm_sdk_core/lib", "rocm/lib"]
    .map((folder) => path.resolve(path.dirname(plugin), "../..", folder))
    .find((folder) => existsSync(folder))

const installed = (plugin: string | undefined): ReadonlyArray<Finding> => {
  const file = "/opt/rocm/.info/version"
  const beside = plugin && besidePlugin(plugin)
  if (beside) return [finding("rocm", "ok", `ROCm lies beside the plugin, in ${beside}`, undefined, "rocm")]
  return existsSync(file)
    ? [finding("rocm", "ok", `ROCm ${readFileSync(file, "utf8").trim()} in /opt/rocm`, undefined, "rocm")]
    : [
        finding(
          "rocm",
          "absent",
          "there is no ROCm in /opt/rocm",
          "install ROCm, if there is an AMD GPU",
          "rocm"
        )
      ]
}

export const rocmDoctor: Doctor = {
  isPresent: () => existsSync(driver),
  findings: (plugin) => [
    nodes("rocm", "amd gpus", existsSync(driver) ? [driver, ...renderers()] : [], {
      absent: "there is no /dev/kfd",
      shut: "add this user to the groups render and video; in a container: --device /dev/kfd --device /dev/dri"
    }),
    ...installed(plugin)
  ],
  slow: runLonger
}
