import type { Analysis, DeviceMemory, Identity } from "../../backend/backend.ts"
import type { Partitioning } from "../../backend/partition.ts"
import type * as wire from "./wire/wire.gen.ts"

/** What both sides know by one form, in another on the wire. */

/** The protocols that this version speaks. */
export const protocols = { oldest: 1, newest: 1 } as const

const told = (value: number | undefined): number => value ?? -1
const untold = (value: number): number | undefined => (value < 0 ? undefined : value)

export const sentIdentity = (identity: Identity): wire.Identity => ({
  ...identity,
  cpu: identity.cpu ?? undefined,
  stablehlo: identity.stablehlo ?? []
})

export const receivedIdentity = ({ stablehlo, cpu, ...rest }: wire.Identity): Identity => ({
  ...rest,
  cpu: cpu ?? null,
  stablehlo: stablehlo.length === 2 ? [stablehlo[0]!, stablehlo[1]!] : null
})

export const sentPartitioning = ({ mesh, in: ins, out }: Partitioning): wire.Partitioning => {
  const specs = (all: Partitioning["in"]) => all.map((spec) => ({ axes: spec.map((names) => ({ names })) }))
  return {
    mesh: Object.entries(mesh.axes).map(([name, size]) => ({ name, size })),
    in: specs(ins),
    out: specs(out)
  }
}

export const receivedPartitioning = ({ mesh, in: ins, out }: wire.Partitioning): Partitioning => {
  const specs = (all: wire.Partitioning["in"]) => all.map(({ axes }) => axes.map(({ names }) => names))
  return {
    mesh: { axes: Object.fromEntries(mesh.map(({ name, size }) => [name, size])) },
    in: specs(ins),
    out: specs(out)
  }
}

export const sentAnalysis = ({ codeBytes, memory, cost }: Analysis): wire.Analysis => ({
  hasCodeBytes: codeBytes !== undefined,
  codeBytes: codeBytes ?? 0,
  memory,
  hasCost: cost !== undefined,
  cost: Object.entries(cost ?? {}).map(([name, value]) => ({ name, value }))
})

export const receivedAnalysis = ({
  hasCodeBytes,
  codeBytes,
  memory,
  hasCost,
  cost
}: wire.Analysis): Analysis => ({
  codeBytes: hasCodeBytes ? codeBytes : undefined,
  memory,
  cost: hasCost ? Object.fromEntries(cost.map(({ name, value }) => [name, value])) : undefined
})

export const sentMemory = ({ arrays, ...sizes }: DeviceMemory): wire.MemoryReport => ({
  inUse: told(sizes.inUse),
  peak: told(sizes.peak),
  limit: told(sizes.limit),
  largestFreeBlock: told(sizes.largestFreeBlock),
  arrays: arrays.map(({ dtype, shape, bytes }) => ({ aval: { dtype, shape }, bytes }))
})

export const receivedMemory = ({ arrays, ...sizes }: wire.MemoryReport): DeviceMemory => ({
  inUse: untold(sizes.inUse),
  peak: untold(sizes.peak),
  limit: untold(sizes.limit),
  largestFreeBlock: untold(sizes.largestFreeBlock),
  arrays: arrays.map(({ aval, bytes }) => ({ ...aval, bytes }))
})
