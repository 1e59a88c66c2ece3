import path from "node:path"
import { list } from "../../../native/files.ts"
import type { CatalogEntry } from "../../../native/plugins/catalog.ts"
import { promptLimits } from "../../backend/prompt.ts"
import type { Platform } from "../platform.ts"

const oneapiCatalog: ReadonlyArray<CatalogEntry> = [
  {
    name: "oneapi",
    platform: "oneapi",
    os: "linux",
    arch: "x64",
    api: "0.115",
    package: "jax-oneapi-pjrt",
    version: "0.11.2",
    wheel: { sha256: "ae7250c5d4459dcfedf4de1bf683edfef0502861e44b6e9bfaa7d8133b4292c1", bytes: 135149983 },
    member: "jax_plugins/xla_oneapi/xla_oneapi_plugin.so",
    sha256: "7bdaf7a9aa365742ad4185921f233f99eed16b4f2a02cae2cf9d85b9310da151",
    bytes: 521495584,
    licence: "Apache-2.0",
    about: "untested on hardware; needs oneAPI 2025.1 and the Level Zero loader in LD_LIBRARY_PATH"
  }
]

/** GPUs of Intel. Untested on hardware. */
export const oneapi: Platform<"oneapi"> = {
  name: "oneapi",
  // XLA calls it sycl (xla::SyclName); Intel's older extension calls it xpu.
  reported: ["oneapi", "sycl", "xpu"],
  examples: ["oneapi"],
  plugins: {
    platform: "oneapi",
    catalog: oneapiCatalog,
    machines: ["linux x64"],
    called: ["oneapi", "sycl", "xpu"],
    libraryName: /(pjrt.*(oneapi|sycl|xpu)|xla_oneapi_plugin).*\.so$/,
    inSitePackages: (site) => [
      ...list(path.join(site, "jax_plugins"))
        .filter((name) => name.startsWith("xla_oneapi"))
        .map((name) => path.join(site, "jax_plugins", name, "xla_oneapi_plugin.so")),
      path.join(site, "jax_plugins/intel_extension_for_openxla/pjrt_plugin_xpu.so")
    ],
    variable: "XPU_LIBRARY_PATH",
    fetched: "when asked",
    otherwise: "on a machine with an Intel GPU: pip install jax-oneapi-plugin[with-oneapi]",
    toCompile: undefined
  },
  environment: {
    variables: [],
    prepare: () => {},
    read: /^(ONEAPI|SYCL|UR|ZE|IGC|ITEX|TRITON)_/
  },
  skipsExitHandlers: false,
  triedElsewhere: () => false,
  // As JAX's own loader does (jax_plugins/xla_oneapi/__init__.py).
  clientOptions: () => ({ platform_name: "SYCL" }),
  mostVirtual: undefined,
  unopened:
    "this machine needs an Intel GPU with its Level Zero driver (see sycl-ls); or choose another device, such as --device cpu",
  hints: [
    [
      /pjrt_plugin_xpu.* speaks PJRT API/,
      "intel-extension-for-openxla is too old: pip install jax-oneapi-plugin[with-oneapi], or: loopcarry plugins fetch oneapi"
    ],
    [
      /lib(ze_|ur_)[^:]*: (cannot open shared object|undefined symbol)/,
      "the Level Zero loader is missing or too old: install level-zero from Intel's packages, and see: loopcarry doctor --device oneapi"
    ],
    [
      /lib(mpi|hwloc|umf|OpenCL|imf|intlc|irc|irng|svml|sycl|mkl_|ccl)[^:]*: cannot open shared object/,
      "oneAPI is missing: pip install jax-oneapi-plugin[with-oneapi], or source oneAPI 2025.1's setvars.sh first"
    ]
  ],
  traits: {
    hostMemory: false,
    rowMajor: true,
    forThisProcessor: false,
    // XLA's compilers for GPUs share these defaults: see cuda.
    xla: () => ({ xla_gpu_enable_fast_min_max: false, xla_allow_excess_precision: false }),
    surroundings: () => [],
    tools: [],
    prompt: promptLimits
  },
  targets: undefined,
  doctor: async () => (await import("./doctor.ts")).oneapiDoctor
}
