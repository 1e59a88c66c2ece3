import type { Targets } from "../platform.ts"

/** How many axes the chips of a TPU generation are wired along. libtpu judges which sizes there are. */
const tpuGenerations: Readonly<Record<string, 2 | 3>> = {
  v2: 2,
  v3: 2,
  v4: 3,
  v5e: 2,
  v5p: 3,
  v6e: 2,
  tpu7x: 3
}

/** The chips of one host as libtpu names them. */
export const tpuTargets: Targets = {
  syntax: "tpu:<generation>:<chips>",
  known: [
    "tpu:v4:2x2x1",
    "tpu:v5e:1x1",
    "tpu:v5e:2x2",
    "tpu:v5e:4x4",
    "tpu:v5p:2x2x1",
    "tpu:v6e:1x1",
    "tpu:v6e:2x2",
    "tpu:v6e:4x4",
    "tpu:tpu7x:2x2x1"
  ],
  // A compiler needs no chips, so it may run beside a process that holds them, and beside other compilers.
  environment: { ALLOW_MULTIPLE_LIBTPU_LOAD: "1" },
  parse: ([generation, chips, ...rest]) => {
    if (generation === undefined || chips === undefined || rest.length > 0) return undefined
    if (!Object.hasOwn(tpuGenerations, generation)) return undefined
    const sizes = chips.split("x")
    return sizes.length === tpuGenerations[generation] && sizes.every((size) => /^[1-9]\d*$/.test(size))
      ? () => ({ name: `${generation}:${chips}`, options: {} })
      : undefined
  }
}
