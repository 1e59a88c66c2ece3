import { shown } from "../../../dsl/required.ts"
import { CompileError } from "../../backend/errors.ts"
import { cudaArchitectures } from "./cuda.ts"

/** Hardware to compile for, which need not be here. */
export type Target =
  | { readonly platform: "cpu" }
  | { readonly platform: "tpu"; readonly topology: string }
  | { readonly platform: "cuda"; readonly architecture: keyof typeof cudaArchitectures }

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

/** Names that are worth showing. */
export const knownTargets: ReadonlyArray<string> = [
  "cpu",
  "tpu:v4:2x2x1",
  "tpu:v5e:1x1",
  "tpu:v5e:2x2",
  "tpu:v5e:4x4",
  "tpu:v5p:2x2x1",
  "tpu:v6e:1x1",
  "tpu:v6e:2x2",
  "tpu:v6e:4x4",
  "tpu:tpu7x:2x2x1",
  ...Object.keys(cudaArchitectures).map((architecture) => `cuda:${architecture}`)
]

const isArchitecture = (name: string): name is keyof typeof cudaArchitectures =>
  Object.hasOwn(cudaArchitectures, name)

/** Reads a target's name; undefined where there is no such target. */
export const parseTarget = (name: string): Target | undefined => {
  if (typeof name !== "string") return undefined
  if (name === "cpu") return { platform: "cpu" }
  const [platform, ...rest] = name.split(":")
  if (platform === "cuda" && rest.length === 1 && isArchitecture(rest[0]!))
    return { platform, architecture: rest[0] }
  if (platform !== "tpu" || rest.length !== 2) return undefined
  const axes = tpuGenerations[rest[0]!]
  const sizes = rest[1]!.split("x")
  return sizes.length === axes && sizes.every((size) => /^[1-9]\d*$/.test(size))
    ? { platform, topology: rest.join(":") }
    : undefined
}

export const unknownTarget = (name: string): CompileError =>
  new CompileError({
    code: "INVALID_ARGUMENT",
    message: `there is no target ${typeof name === "string" ? name : shown(name)}`,
    hint: `targets are cpu, tpu:<generation>:<chips> and cuda:<architecture>, among them: ${knownTargets.join(", ")}`
  })
