import path from "node:path"
import { list } from "../../../native/files.ts"
import { xlaFlags } from "../../../native/plugins/environment.ts"
import { promptLimits } from "../../backend/prompt.ts"
import type { Platform } from "../platform.ts"
import { cudaCatalog } from "./catalog.ts"
import { cudaTargets } from "./targets.ts"
import { cudaDataFolder, cudaTools, toolkitParts } from "./toolkit.ts"

const prepare = (plugin: string, env: NodeJS.ProcessEnv): void => {
  const folder = cudaDataFolder(plugin)
  const flags = xlaFlags(env)
  if (folder !== undefined && !flags.includes("xla_gpu_cuda_data_dir"))
    env.XLA_FLAGS = `${flags} --xla_gpu_cuda_data_dir=${folder}`.trim()
}

/** GPUs of NVIDIA. */
export const cuda: Platform<"cuda"> = {
  name: "cuda",
  reported: ["cuda"],
  examples: ["cuda", "cuda:0"],
  plugins: {
    platform: "cuda",
    catalog: cudaCatalog,
    machines: ["linux x64"],
    called: ["cuda"],
    libraryName: /(pjrt.*cuda|xla_cuda_plugin).*\.so$/,
    inSitePackages: (site) =>
      list(path.join(site, "jax_plugins"))
        .filter((name) => name.startsWith("xla_cuda"))
        .sort()
        .reverse()
        .map((name) => path.join(site, "jax_plugins", name, "xla_cuda_plugin.so")),
    variable: undefined,
    fetched: "when asked",
    otherwise: "on a machine with an NVIDIA GPU: pip install jax-cuda13-plugin[with-cuda]",
    toCompile: {
      fetch: "cuda13-compiler",
      otherwise: "or pip install jax-cuda13-pjrt nvidia-cuda-nvcc nvidia-nvvm"
    }
  },
  environment: {
    variables: ["XLA_FLAGS"],
    prepare,
    read: /^(TRITON|CUDNN|CUBLAS)_|^(CUDA_(HOME|PATH|ROOT)|NVIDIA_TF32_OVERRIDE|DISABLE_(LLVM|PTXAS)_OPT)$/
  },
  skipsExitHandlers: false,
  triedElsewhere: () => false,
  clientOptions: () => ({}),
  mostVirtual: undefined,
  unopened:
    "this machine needs an NVIDIA GPU with its driver (see nvidia-smi); or choose another device, such as --device cpu",
  hints: [
    [
      /ptxas|PTX compilation provider/i,
      "ptxas is missing: loopcarry plugins fetch cuda13 (or cuda13-compiler, to compile alone), or pip install nvidia-cuda-nvcc beside the plugin"
    ],
    [
      /libdevice/i,
      "libdevice is missing: loopcarry plugins fetch cuda13 (or cuda13-compiler, to compile alone), or pip install nvidia-nvvm beside the plugin"
    ],
    [
      /cudnn|DNN library/i,
      "cuDNN is missing or does not fit: pip install nvidia-cudnn-cu13 beside the plugin, and see: loopcarry doctor --device cuda"
    ],
    [
      /driver version is insufficient|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH|unsupported toolchain|forward compatibility/i,
      "the NVIDIA driver is too old for CUDA 13: update it to 580 or newer, or use a CUDA 12 plugin"
    ]
  ],
  traits: {
    hostMemory: false,
    rowMajor: true,
    forThisProcessor: false,
    /**
     * A maximum with NaN is NaN. Rounding that a program asks for is done. By default this compiler drops f32 -> bf16
     * -> f32 (SimplifyFPConversions). Those of the CPU and the TPU do not.
     */
    xla: () => ({ xla_gpu_enable_fast_min_max: false, xla_allow_excess_precision: false }),
    surroundings: () => cudaTools(),
    tools: toolkitParts,
    prompt: promptLimits
  },
  targets: cudaTargets,
  doctor: async () => (await import("./doctor.ts")).cudaDoctor
}
