import type { Platform } from "../../native/plugins/catalog.ts"

/** What plugins say when something is missing, and what to do about it. */
const known: ReadonlyArray<readonly [Platform, RegExp, string]> = [
  [
    "cuda",
    /ptxas|PTX compilation provider/i,
    "ptxas is missing: loopcarry plugins fetch cuda13 (or cuda13-compiler, to compile alone), or pip install nvidia-cuda-nvcc beside the plugin"
  ],
  [
    "cuda",
    /libdevice/i,
    "libdevice is missing: loopcarry plugins fetch cuda13 (or cuda13-compiler, to compile alone), or pip install nvidia-nvvm beside the plugin"
  ],
  [
    "cuda",
    /cudnn|DNN library/i,
    "cuDNN is missing or does not fit: pip install nvidia-cudnn-cu13 beside the plugin, and see: loopcarry doctor --device cuda"
  ],
  [
    "cuda",
    /driver version is insufficient|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH|unsupported toolchain|forward compatibility/i,
    "the NVIDIA driver is too old for CUDA 13: update it to 580 or newer, or use a CUDA 12 plugin"
  ],
  [
    "tpu",
    /lockfile|already in use|in use by process/i,
    "another process holds the TPU, or an aborted one has left /tmp/libtpu_lockfile: see loopcarry doctor --device tpu"
  ]
]

/** What to do about a plugin's complaint, where it is one that is known. */
export const hintFor = (platform: string, message: string): string | undefined =>
  known.find(([each, said]) => each === platform && said.test(message))?.[2]
