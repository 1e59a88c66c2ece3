import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { compileFor } from "../../pjrt/index.ts"
import { cudaDataFolder } from "../../pjrt/platforms/cuda/toolkit.ts"
import { hintFor } from "../../pjrt/platforms/hints.ts"
import { accelerators } from "../support/accelerators.ts"
import { failure } from "../support/run.ts"

/** In the words of XLA, CUDA and libtpu. */
const said = [
  [
    "cuda",
    "Couldn't find a suitable version of ptxas. The following locations were considered: ./bin",
    "ptxas"
  ],
  ["cuda", "libdevice not found at ./libdevice.10.bc", "nvidia-nvvm"],
  [
    "cuda",
    "Loaded runtime CuDNN library: 9.1.0 but source was compiled with: 9.8.0. CuDNN library needs to have matching major version",
    "nvidia-cudnn-cu13"
  ],
  [
    "cuda",
    "DNN library initialization failed. Look at the errors above for more details.",
    "nvidia-cudnn-cu13"
  ],
  ["cuda", "CUDA driver version is insufficient for CUDA runtime version", "580 or newer"],
  [
    "tpu",
    "The TPU is already in use by process with pid 4242. Not attempting to load libtpu.so in this process.",
    "loopcarry doctor"
  ],
  [
    "tpu",
    'Internal error when accessing libtpu multi-process lockfile. Run "$ sudo rm /tmp/libtpu_lockfile".',
    "/tmp/libtpu_lockfile"
  ]
] as const

describe("what plugins complain of", () => {
  it.each(said)("%s: %s", (platform, message, next) => {
    expect(hintFor(platform, message)).toContain(next)
    expect(hintFor("cpu", message)).toBeUndefined()
  })
})

const sine = {
  code: `module { func.func public @main(%x: tensor<3xf32>) -> tensor<3xf32> {
    %y = stablehlo.sine %x : tensor<3xf32> return %y : tensor<3xf32> } }`
}

/** The plugin in a site-packages of its own, with only some of what belongs beside it. */
const beside = (plugin: string, parts: ReadonlyArray<string>): string => {
  const site = mkdtempSync(path.join(tmpdir(), "loopcarry-site-"))
  const from = cudaDataFolder(plugin)!
  const links = [
    ["jax_plugins/xla_cuda13/xla_cuda_plugin.so", plugin],
    ...parts.map((part) => [path.join("nvidia/cu13", part), path.join(from, part)])
  ] as const
  for (const [name, target] of links) {
    mkdirSync(path.dirname(path.join(site, name!)), { recursive: true })
    symlinkSync(target!, path.join(site, name!))
  }
  return path.join(site, "jax_plugins/xla_cuda13/xla_cuda_plugin.so")
}

describe.each(accelerators.filter(({ target }) => target.startsWith("cuda")))(
  "a CUDA plugin that misses a part",
  ({ target, plugin }) => {
    it.each([
      ["ptxas", [], "No PTX compilation provider is available", "nvidia-cuda-nvcc"],
      ["libdevice", ["bin/ptxas"], "libdevice not found", "nvidia-nvvm"]
    ] as const)("%s: is at fault, not the program", async (_, parts, message, next) => {
      const error = await Effect.runPromise(
        failure(compileFor(sine, target, { plugin: beside(plugin, parts) }))
      )
      expect(error).toMatchObject({ _tag: "DeviceUnavailable", device: "cuda" })
      expect(error.message).toContain(message)
      expect(error.message).not.toContain("\n")
      expect((error as { hint: string }).hint).toContain(next)
    })
  }
)
