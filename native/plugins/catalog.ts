import { existsSync } from "node:fs"
import { list } from "../files.ts"

/** A plugin build that this project knows by content and can fetch. */
export interface CatalogEntry {
  /** What the user calls it: `loopcarry plugins fetch NAME`. */
  readonly name: string
  readonly platform: Platform
  /** `process.platform` and `process.arch` it runs on. */
  readonly os: NodeJS.Platform
  readonly arch: NodeJS.Architecture
  /** PJRT C API version it speaks. */
  readonly api: string
  /** Python package on the user's package index, its version, and the wheel's digest and size in bytes. */
  readonly package: string
  readonly version: string
  readonly wheel: { readonly sha256: string; readonly bytes: number }
  /** The CPython version that the wheel is tagged for, where it is tagged for one; what it holds runs without any. */
  readonly python?: string
  /** The library inside the wheel, its digest and size in bytes. */
  readonly member: string
  readonly sha256: string
  readonly bytes: number
  readonly licence: string
  /** Wheels that the library needs in the places that they have beside it in Python's site-packages. */
  readonly beside?: ReadonlyArray<WheelBeside>
  /** What it is good for, where that is not all that its platform can do. */
  readonly about?: string
}

/** A wheel that a plugin needs beside it. */
export interface WheelBeside {
  readonly package: string
  readonly version: string
  readonly wheel: { readonly sha256: string; readonly bytes: number }
  readonly licence: string
  /** Which of its files are needed: those whose path begins so. All, where it is left out. */
  readonly keep?: ReadonlyArray<string>
}

export type Platform = "cpu" | "cuda" | "tpu"

const nvidia = "NVIDIA Software License Agreement"

/** An NVIDIA wheel, by its package, version, digest and size. */
const wheel = (name: string, version: string, sha256: string, bytes: number): WheelBeside => ({
  package: name,
  version,
  wheel: { sha256, bytes },
  licence: nvidia
})

const nvcc = wheel(
  "nvidia-cuda-nvcc",
  "13.0.88",
  "56fe502eb77625a12f25172caa3cdddb4e4c8ba2c8c17dba44b164761b380f03",
  37384532
)

const nvvm = wheel(
  "nvidia-nvvm",
  "13.0.88",
  "c5f41ffeb6466944a026dfa5317d7d85355c119bbec279205d22f1869d1054e0",
  61601415
)

/** What XLA runs to turn PTX into machine code, and the device functions it links. */
const compilers: ReadonlyArray<WheelBeside> = [
  { ...nvcc, keep: ["nvidia/cu13/bin/ptxas", "nvidia/cu13/bin/nvlink"] },
  { ...nvvm, keep: ["nvidia/cu13/nvvm/libdevice/"] }
]

/** The libraries of CUDA 13.0 that jax-cuda13-plugin[with-cuda] lists. */
const libraries: ReadonlyArray<WheelBeside> = [
  wheel(
    "nvidia-cublas",
    "13.1.0.3",
    "ee8722c1f0145ab246bccb9e452153b5e0515fd094c3678df50b2a0888b8b171",
    423133236
  ),
  wheel(
    "nvidia-cuda-cupti",
    "13.0.85",
    "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8",
    10715597
  ),
  wheel(
    "nvidia-cuda-runtime",
    "13.0.96",
    "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548",
    2243632
  ),
  wheel(
    "nvidia-cudnn-cu13",
    "9.16.0.29",
    "6349bc8769369a91611c5e2ce5c2e510e61848c245099c31e870d2cdce0ab90d",
    351301951
  ),
  wheel(
    "nvidia-cufft",
    "12.0.0.61",
    "6c44f692dce8fd5ffd3e3df134b6cdb9c2f72d99cf40b62c32dde45eea9ddad3",
    214085489
  ),
  wheel(
    "nvidia-cusolver",
    "12.0.4.66",
    "0a759da5dea5c0ea10fd307de75cdeb59e7ea4fcb8add0924859b944babf1112",
    200941980
  ),
  wheel(
    "nvidia-cusparse",
    "12.6.3.3",
    "2b3c89c88d01ee0e477cb7f82ef60a11a4bcd57b6b87c33f789350b59759360b",
    145942937
  ),
  wheel(
    "nvidia-nccl-cu13",
    "2.28.9",
    "e4553a30f34195f3fa1da02a6da3d6337d28f2003943aa0a3d247bbc25fefc42",
    196493177
  ),
  wheel(
    "nvidia-nvjitlink",
    "13.0.88",
    "13a74f429e23b921c1109976abefacc69835f2f433ebd323d3946e11d804e47b",
    40713933
  ),
  wheel(
    "nvidia-cuda-nvrtc",
    "13.0.88",
    "ad9b6d2ead2435f11cbb6868809d2adeeee302e9bb94bcf0539c7a40d80e8575",
    90215200
  ),
  wheel(
    "nvidia-nvshmem-cu13",
    "3.4.5",
    "290f0a2ee94c9f3687a02502f3b9299a9f9fe826e6d0287ee18482e78d495b80",
    60412546
  )
]

const cuda = {
  platform: "cuda",
  os: "linux",
  arch: "x64",
  api: "0.116",
  package: "jax-cuda13-pjrt",
  version: "0.12.0.1",
  wheel: { sha256: "5899bb6177eda86ea532afb9a26794f2bdd04966f6a01f9028266b16c2b6cf90", bytes: 134922808 },
  member: "jax_plugins/xla_cuda13/xla_cuda_plugin.so",
  sha256: "b6de513893c09af2c77e71afcef46d9706f8c259337cdef4cd5cae2353886f75",
  bytes: 395967648,
  licence: "Apache-2.0"
} as const

/** The first entry of a platform that fits the machine is the one a device flag picks. */
export const catalog: ReadonlyArray<CatalogEntry> = [
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
  },
  { ...cuda, name: "cuda13", beside: [nvcc, nvvm, ...libraries] },
  {
    ...cuda,
    name: "cuda13-compiler",
    beside: compilers,
    about: "compiles for CUDA; to run there, use cuda13"
  },
  {
    name: "tpu",
    platform: "tpu",
    os: "linux",
    arch: "x64",
    api: "0.117",
    package: "libtpu",
    version: "0.0.52",
    python: "3.11",
    wheel: { sha256: "f5e2e596eaea9357fbb5a6755a7a9007c6ab75bfde4a55191b03eff402971140", bytes: 137064406 },
    member: "libtpu/libtpu.so",
    sha256: "f86de4d04a058e6b5101f73e0824b95f27e2cec996d2b9191d9cffda75c03077",
    bytes: 467479448,
    licence: "Google Cloud Platform Terms of Service"
  }
]

const glibcLoader: Readonly<Record<string, string>> = {
  x64: "/lib64/ld-linux-x86-64.so.2",
  arm64: "/lib/ld-linux-aarch64.so.1"
}

/** Whether the system's C library is musl, as on Alpine: the catalog's plugins for Linux need glibc. */
const hasMusl = (): boolean =>
  process.platform === "linux" &&
  list("/lib").some((name) => name.startsWith("ld-musl-")) &&
  !existsSync(glibcLoader[process.arch] ?? "")

/** What plugins are made for, in words. */
export const thisMachine = (): string => `${process.platform} ${process.arch}${hasMusl() ? " with musl" : ""}`

/** The entries that run on this machine. */
export const catalogHere = (): ReadonlyArray<CatalogEntry> =>
  hasMusl() ? [] : catalog.filter((entry) => entry.os === process.platform && entry.arch === process.arch)

/** The entry a platform's device flag picks on this machine. */
export const defaultEntry = (platform: Platform): CatalogEntry | undefined => entriesOf(platform)[0]

/** All entries of a platform for this machine, the one that its device flag picks first. */
export const entriesOf = (platform: Platform): ReadonlyArray<CatalogEntry> =>
  catalogHere().filter((entry) => entry.platform === platform)

/** What must be downloaded for an entry, in bytes. */
export const downloadBytes = (entry: CatalogEntry): number =>
  [entry, ...(entry.beside ?? [])].reduce((sum, each) => sum + each.wheel.bytes, 0)
