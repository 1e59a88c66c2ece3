import type { CatalogEntry, WheelBeside } from "../../../native/plugins/catalog.ts"

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

/** The first entry that fits the machine is the one a device flag picks. */
export const cudaCatalog: ReadonlyArray<CatalogEntry> = [
  { ...cuda, name: "cuda13", beside: [nvcc, nvvm, ...libraries] },
  {
    ...cuda,
    name: "cuda13-compiler",
    beside: compilers,
    about: "compiles for CUDA; to run there, use cuda13"
  }
]
