import path from "node:path"
import { wantsPluginLog } from "../../../native/plugins/environment.ts"
import { promptLimits } from "../../backend/prompt.ts"
import type { Platform } from "../platform.ts"
import { tpuCatalog } from "./catalog.ts"
import { tpuChips } from "./chips.ts"
import { tpuTargets } from "./targets.ts"

const prepare = (_: string, env: NodeJS.ProcessEnv): void => {
  // Where there is no TPU, libtpu would ask the metadata server for its slice again and again for over a minute. On a
  // Cloud TPU VM it must ask.
  if (tpuChips().length === 0) env.TPU_SKIP_MDS_QUERY ??= "1"
}

/** TPUs of Google. */
export const tpu: Platform<"tpu"> = {
  name: "tpu",
  reported: ["tpu"],
  examples: ["tpu", "tpu:3"],
  plugins: {
    platform: "tpu",
    catalog: tpuCatalog,
    machines: ["linux x64"],
    called: ["tpu"],
    libraryName: /(pjrt.*tpu|^libtpu).*\.so$/,
    inSitePackages: (site) => [path.join(site, "libtpu/libtpu.so")],
    variable: "TPU_LIBRARY_PATH",
    fetched: "when asked",
    otherwise: "on a Cloud TPU VM: pip install libtpu, or set TPU_LIBRARY_PATH",
    toCompile: undefined
  },
  environment: {
    variables: ["TPU_SKIP_MDS_QUERY"],
    prepare,
    read: /^(?!TPU_.*LOG|TPU_VMODULE)(TPU|LIBTPU)_/
  },
  skipsExitHandlers: true,
  // Where there are no chips, libtpu writes many lines to standard error whatever its variables say, and then fails.
  triedElsewhere: () => tpuChips().length === 0 && !wantsPluginLog(),
  clientOptions: () => ({}),
  mostVirtual: undefined,
  unopened:
    "this must be a Cloud TPU VM whose chips no other process holds; or choose another device, such as --device cpu",
  hints: [
    [
      /lockfile|already in use|in use by process/i,
      "another process holds the TPU, or an aborted one has left /tmp/libtpu_lockfile: see loopcarry doctor --device tpu"
    ]
  ],
  traits: {
    hostMemory: false,
    // It puts arrays in layouts of its own, which a program takes unless it asks for others.
    rowMajor: false,
    forThisProcessor: false,
    xla: () => ({}),
    surroundings: () => [],
    tools: [],
    prompt: promptLimits
  },
  targets: tpuTargets,
  doctor: async () => (await import("./doctor.ts")).tpuDoctor
}
