import type { CatalogEntry } from "../../../native/plugins/catalog.ts"

export const tpuCatalog: ReadonlyArray<CatalogEntry> = [
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
