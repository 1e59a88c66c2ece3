import type { CatalogEntry } from "../../../native/plugins/catalog.ts"

/** The first entry that fits the machine is the one a device flag picks. */
export const cpuCatalog: ReadonlyArray<CatalogEntry> = [
  {
    name: "cpu",
    platform: "cpu",
    os: "linux",
    arch: "x64",
    api: "0.115",
    package: "lammps-jax-pjrt-cpu",
    version: "0.11.2",
    wheel: { sha256: "1319390d948b39f69f7dade496b7c385149d9ca6097a6b62114da113216d9ad1", bytes: 62711338 },
    member: "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
    sha256: "ad1309ac822b1b24d51b7f9947c7c9fa9ef5d67f390584cbc3d1fa2428fed9c2",
    bytes: 201600336,
    licence: "Apache-2.0"
  },
  {
    name: "cpu",
    platform: "cpu",
    os: "linux",
    arch: "arm64",
    api: "0.81",
    package: "xla-cpu-pjrt",
    version: "0.0.1",
    wheel: { sha256: "8f613be6e891858f40d64f9799319502fff42689661944fc18a6ffd8210b30c9", bytes: 49514947 },
    member: "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
    sha256: "fcf411f3e8ff635c2b2cf87215aa7016f460e66d236c3db08309e7486583532d",
    bytes: 200328224,
    licence: "Apache-2.0"
  },
  {
    name: "cpu-0.106",
    platform: "cpu",
    os: "linux",
    arch: "x64",
    api: "0.106",
    package: "fastatomstruct-xla-cpu",
    version: "2026.6.23",
    wheel: { sha256: "88b1c430b341b4bea40a37420311c9c75db6e22b46d2ff95b6986577bee6afe9", bytes: 63200622 },
    member: "fastatomstruct_xla_cpu/libpjrt_cpu.so",
    sha256: "0a0fe56ca17be9efc7b942e89e534e5e0ad4a0f1e369b66d27b62184509015b9",
    bytes: 273768800,
    licence: "Apache-2.0"
  },
  {
    name: "cpu-0.81",
    platform: "cpu",
    os: "linux",
    arch: "x64",
    api: "0.81",
    package: "xla-cpu-pjrt",
    version: "0.0.1",
    wheel: { sha256: "55837b6b7b47daa717f2d9a5a03563ea0ceaa338d06a81a1e2d3f060d960decc", bytes: 63461052 },
    member: "xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
    sha256: "88c3f28c5900f48ad4a82cab9e79bba9537809743395e341485f8794268820dc",
    bytes: 259284552,
    licence: "Apache-2.0"
  }
]
