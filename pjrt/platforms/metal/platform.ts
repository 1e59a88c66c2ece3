import path from "node:path"
import { list } from "../../../native/files.ts"
import { type Platform, plainTraits } from "../platform.ts"

/** GPUs of Apple. Untested on hardware. */
export const metal: Platform<"metal"> = {
  name: "metal",
  reported: ["metal", "mps"],
  examples: ["metal"],
  plugins: {
    platform: "metal",
    catalog: [],
    machines: ["darwin arm64"],
    called: ["metal", "mps"],
    libraryName: /pjrt.*(metal|mps).*\.dylib$/,
    // jax-mps, and jax-metal, whose last release speaks PJRT API 0.47 and is refused.
    inSitePackages: (site) => [
      path.join(site, "jax_plugins/mps/lib/libpjrt_plugin_mps.dylib"),
      ...list(path.join(site, "jax_plugins/metal_plugin"))
        .filter((name) => /^pjrt_plugin_metal_\d+\.dylib$/.test(name))
        .sort()
        .reverse()
        .map((name) => path.join(site, "jax_plugins/metal_plugin", name))
    ],
    variable: "JAX_MPS_LIBRARY_PATH",
    fetched: "when asked",
    otherwise: "on a Mac with Apple silicon: pip install jax-mps",
    toCompile: undefined
  },
  environment: { variables: [], prepare: () => {}, read: /^(MPS|MTL|MLX|JAX_MPS)_/ },
  skipsExitHandlers: false,
  triedElsewhere: () => false,
  clientOptions: () => ({}),
  mostVirtual: undefined,
  unopened: "this must be a Mac with Apple silicon; or choose another device, such as --device cpu",
  hints: [
    [
      /pjrt_plugin_metal.* speaks PJRT API/,
      "jax-metal's last release is too old: pip install jax-mps in its place"
    ]
  ],
  // These plugins do not compile with XLA.
  traits: plainTraits,
  targets: undefined,
  doctor: async () => (await import("./doctor.ts")).metalDoctor
}
