import path from "node:path"
import { list } from "../../../native/files.ts"
import type { CatalogEntry } from "../../../native/plugins/catalog.ts"
import { looksOf } from "../../../native/plugins/environment.ts"
import { promptLimits } from "../../backend/prompt.ts"
import type { Platform } from "../platform.ts"

const build = { platform: "rocm", os: "linux", arch: "x64", api: "0.116", version: "0.12.0" } as const

/** The library finds ROCm in /opt/rocm/lib, or beside itself in site-packages. */
const rocmCatalog: ReadonlyArray<CatalogEntry> = [
  {
    ...build,
    name: "rocm7",
    package: "jax-rocm7-pjrt",
    wheel: { sha256: "4551d0714523355f2946ca1958c3f584e95661e467a641d36b726f718a1c7934", bytes: 133415872 },
    member: "jax_plugins/xla_rocm7/xla_rocm_plugin.so",
    sha256: "6e7239347f37f1a5a17c2a2d9301411f9f17e30e0707a717f4717556fa402511",
    bytes: 459001112,
    licence: "Apache-2.0",
    about: "untested on hardware; needs ROCm 7 in /opt/rocm"
  },
  {
    ...build,
    name: "rocm10",
    package: "jax-rocm10-pjrt",
    wheel: { sha256: "45ee7b471b71a582ce165dd63069b10d1d8923d849b61b6fa8783f1d13294edb", bytes: 133727472 },
    member: "jax_plugins/xla_rocm10/xla_rocm_plugin.so",
    sha256: "1fca9d70d3f30c351006089c07eac4f78162e6e3a5338266127247c7fdbc1e2e",
    bytes: 459361656,
    licence: "Apache-2.0",
    about: "untested on hardware; needs ROCm 10 in /opt/rocm"
  }
]

/** The ROCm that a package is built for: xla_rocm7 for 7, and before that xla_rocm60 for 6.0. */
const rocmVersion = (name: string): number => {
  const number = Number(name.slice("xla_rocm".length))
  return number >= 60 ? number / 10 : number
}

/** GPUs of AMD. Untested on hardware. */
export const rocm: Platform<"rocm"> = {
  name: "rocm",
  reported: ["rocm"],
  examples: ["rocm", "rocm:1"],
  plugins: {
    platform: "rocm",
    catalog: rocmCatalog,
    machines: ["linux x64"],
    called: ["rocm"],
    libraryName: /(pjrt.*rocm|xla_rocm_plugin).*\.so$/,
    inSitePackages: (site) =>
      list(path.join(site, "jax_plugins"))
        .filter((name) => /^xla_rocm\d+$/.test(name))
        .sort((a, b) => rocmVersion(b) - rocmVersion(a))
        .map((name) => path.join(site, "jax_plugins", name, "xla_rocm_plugin.so")),
    variable: undefined,
    fetched: "when asked",
    otherwise: "on a machine with an AMD GPU and ROCm 7: pip install jax-rocm7-plugin",
    toCompile: undefined
  },
  environment: {
    variables: [],
    prepare: () => {},
    read: /^(ROCM|HIP|HSA|MIOPEN|ROCBLAS|HIPBLASLT|TRITON|AMD_COMGR)_/
  },
  skipsExitHandlers: false,
  triedElsewhere: () => false,
  // As JAX's own loader does (jax_plugins/xla_rocm7/__init__.py).
  clientOptions: () => ({ platform_name: "ROCM" }),
  mostVirtual: undefined,
  unopened:
    "this machine needs an AMD GPU with its driver (see rocminfo); or choose another device, such as --device cpu",
  hints: [
    [
      /lib(rocprofiler|rccl|hsa-runtime|rocm_sysdeps|hip|MIOpen|rocblas|amd_smi|amdhip)[^:]*: cannot open shared object/,
      "ROCm is missing or of another version: install the one that the plugin is built for in /opt/rocm, and see: loopcarry doctor --device rocm"
    ]
  ],
  traits: {
    hostMemory: false,
    rowMajor: true,
    forThisProcessor: false,
    // XLA's compilers for GPUs share these defaults: see cuda.
    xla: () => ({ xla_gpu_enable_fast_min_max: false, xla_allow_excess_precision: false }),
    // XLA links with ROCm's linker and device libraries.
    surroundings: () => looksOf("/opt/rocm", [".info/version", "llvm/bin/ld.lld"]),
    tools: ["llvm/bin/ld.lld"],
    prompt: promptLimits
  },
  targets: undefined,
  doctor: async () => (await import("./doctor.ts")).rocmDoctor
}
