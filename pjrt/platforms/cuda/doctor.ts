import { existsSync, readFileSync } from "node:fs"
import path from "node:path"
import { list } from "../../../native/files.ts"
import { type Finding, finding, nodes, runLonger, type Verdict } from "../findings.ts"
import type { Doctor } from "../platform.ts"
import { cudaDataFolder } from "./toolkit.ts"

/** The oldest driver that CUDA 13 runs on. */
const oldestDriver = 580

const about = (check: string, verdict: Verdict, message: string, next?: string) =>
  finding(check, verdict, message, next, "cuda")

const driver = (): Finding => {
  const file = "/proc/driver/nvidia/version"
  if (!existsSync(file)) {
    return about(
      "driver",
      "absent",
      "no NVIDIA driver is loaded",
      "install one, if there is a GPU; see nvidia-smi"
    )
  }
  const version = /(?:Kernel Module|x86_64|aarch64)\s+(\d+)\.(\d+)/.exec(readFileSync(file, "utf8"))
  const name = version === null ? "of unknown version" : `${version[1]}.${version[2]}`
  return version !== null && Number(version[1]) < oldestDriver
    ? about(
        "driver",
        "problem",
        `the NVIDIA driver ${name} is too old for CUDA 13`,
        `update it to ${oldestDriver} or newer, or use a CUDA 12 plugin: pip install jax-cuda12-plugin[with-cuda]`
      )
    : about("driver", "ok", `NVIDIA driver ${name}`)
}

const gpus = (): Finding =>
  nodes(
    "cuda",
    "gpus",
    list("/dev").flatMap((name) => (/^nvidia\d+$/.test(name) ? [`/dev/${name}`] : [])),
    {
      absent: "there is no /dev/nvidia0",
      shut: "in a container: docker run --gpus all; else ask for the permissions of these files"
    }
  )

/** Libraries that a CUDA plugin looks for beside itself, by a part of their names, and the wheels that hold them. */
const libraries = [
  ["cu13/lib", "libcublas.so", "nvidia-cublas"],
  ["cu13/lib", "libcudart.so", "nvidia-cuda-runtime"],
  ["cu13/lib", "libcufft.so", "nvidia-cufft"],
  ["cu13/lib", "libcusolver.so", "nvidia-cusolver"],
  ["cu13/lib", "libcusparse.so", "nvidia-cusparse"],
  ["cu13/lib", "libcupti.so", "nvidia-cuda-cupti"],
  ["cu13/lib", "libnvJitLink.so", "nvidia-nvjitlink"],
  ["cudnn/lib", "libcudnn.so", "nvidia-cudnn-cu13"],
  ["nccl/lib", "libnccl.so", "nvidia-nccl-cu13"],
  ["nvshmem/lib", "libnvshmem_host.so", "nvidia-nvshmem-cu13"]
] as const

const besidePlugin = (plugin: string): ReadonlyArray<Finding> => {
  const site = path.resolve(path.dirname(plugin), "../..")
  const missing = libraries.filter(
    ([folder, name]) => !list(path.join(site, "nvidia", folder)).some((file) => file.startsWith(name))
  )
  const found = cudaDataFolder(plugin)
  const onPath = (process.env.PATH ?? "").split(":").some((folder) => existsSync(path.join(folder, "ptxas")))
  return [
    missing.length === 0
      ? about("libraries", "ok", `CUDA's libraries lie beside the plugin, in ${site}`)
      : about(
          "libraries",
          "warning",
          `not beside the plugin: ${missing.map(([, name]) => name).join(", ")}`,
          `pip install ${missing.map(([, , wheel]) => wheel).join(" ")} where the plugin is installed, or: loopcarry plugins fetch cuda13`
        ),
    found !== undefined || onPath
      ? about("ptxas", "ok", `ptxas is in ${found ?? "PATH"}`)
      : about(
          "ptxas",
          "problem",
          "ptxas is neither beside the plugin nor in PATH, so nothing can be compiled",
          "pip install nvidia-cuda-nvcc, or: loopcarry plugins fetch cuda13"
        ),
    found !== undefined && existsSync(path.join(found, "nvvm/libdevice/libdevice.10.bc"))
      ? about("libdevice", "ok", "libdevice lies beside ptxas")
      : about(
          "libdevice",
          "warning",
          "libdevice is not beside ptxas: programs with exp, log and the like will not compile",
          "pip install nvidia-nvvm, or: loopcarry plugins fetch cuda13"
        )
  ]
}

/** Libraries of another CUDA that come before those of the wheels. */
const shadowed = (): ReadonlyArray<Finding> => {
  const folders = (process.env.LD_LIBRARY_PATH ?? "").split(":").filter((folder) => folder !== "")
  const shadowing = folders.filter((folder) =>
    list(folder).some((file) => /^lib(cudart|cublas|cudnn|nccl|cusolver|cusparse|cufft)/.test(file))
  )
  return shadowing.length === 0
    ? []
    : [
        about(
          "LD_LIBRARY_PATH",
          "warning",
          `it names ${shadowing.join(", ")}, whose CUDA libraries are taken in place of the plugin's own`,
          "unset LD_LIBRARY_PATH, unless you mean it"
        )
      ]
}

export const cudaDoctor: Doctor = {
  isPresent: () => existsSync("/proc/driver/nvidia/version") || existsSync("/dev/nvidia0"),
  findings: (plugin) => [
    driver(),
    gpus(),
    ...(plugin === undefined ? [] : besidePlugin(plugin)),
    ...shadowed()
  ],
  slow: runLonger
}
