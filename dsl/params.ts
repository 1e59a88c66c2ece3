import type { DType } from "./dtype.ts"

/** How several elements written to one position are combined. */
export type Combine = "set" | "add" | "mul" | "min" | "max"

/** What a composite is told beside its operands. */
export type CompositeOptions = Readonly<Record<string, number | boolean | string>>

export interface ArangeParams {
  readonly dtype: DType
  readonly start: number | bigint | null
  readonly step: number | bigint
}

export interface DotParams {
  readonly contracting: readonly [ReadonlyArray<number>, ReadonlyArray<number>]
  readonly batch: readonly [ReadonlyArray<number>, ReadonlyArray<number>]
  /** As precise as the dtype, where a device would round operands first. Left out: as the device does it. */
  readonly precision?: "highest"
}

export interface PadParams {
  readonly low: ReadonlyArray<number>
  readonly high: ReadonlyArray<number>
  readonly interior: ReadonlyArray<number>
}

export interface SortParams {
  readonly axis: number
  /** How many operands, of the first, are compared. */
  readonly keys: number
  readonly descending: boolean
  /** Whether -0 is less than 0, not equal to it. All NaNs are one in the result. Else elements stay as they are. */
  readonly total?: true
}

/** StableHLO's gather; the index vector is the last axis of the indices. Windows are moved inside the operand. */
export interface GatherParams {
  readonly offsetAxes: ReadonlyArray<number>
  readonly collapsedAxes: ReadonlyArray<number>
  readonly operandBatchAxes: ReadonlyArray<number>
  readonly indicesBatchAxes: ReadonlyArray<number>
  readonly indexedAxes: ReadonlyArray<number>
  readonly sizes: ReadonlyArray<number>
}

/** StableHLO's scatter of operand, indices and updates; a window that sticks out is left out. */
export interface ScatterParams {
  readonly combine: Combine
  readonly windowAxes: ReadonlyArray<number>
  readonly insertedAxes: ReadonlyArray<number>
  readonly operandBatchAxes: ReadonlyArray<number>
  readonly indicesBatchAxes: ReadonlyArray<number>
  readonly indexedAxes: ReadonlyArray<number>
}

/** Axis orders are [batch, feature, ...spatial] of the input and [outputs, inputs, ...spatial] of the kernel. */
export interface ConvParams {
  readonly strides: ReadonlyArray<number>
  readonly padding: ReadonlyArray<readonly [number, number]>
  readonly inputDilation: ReadonlyArray<number>
  readonly kernelDilation: ReadonlyArray<number>
  readonly featureGroups: number
  readonly batchGroups: number
}

/** Window parameters for each axis of the operand. */
export interface WindowParams {
  readonly op: "sum" | "prod" | "max" | "min"
  readonly window: ReadonlyArray<number>
  readonly strides: ReadonlyArray<number>
  readonly padding: ReadonlyArray<readonly [number, number]>
  readonly inputDilation: ReadonlyArray<number>
  readonly windowDilation: ReadonlyArray<number>
}

export interface TriangularParams {
  readonly leftSide: boolean
  readonly lower: boolean
  readonly unitDiagonal: boolean
  readonly transpose: "none" | "transpose" | "adjoint"
}

/**
 * What the reverse derivative of a `checkpoint` function keeps of its values beside the arguments: JAX's policies, by
 * their names. Products are those of `matmul`, `dotGeneral` and `einsum`; names are those of `checkpointName`.
 */
export type CheckpointPolicy =
  | "nothingSaveable"
  | "everythingSaveable"
  | "dotsSaveable"
  | "dotsWithNoBatchDimsSaveable"
  | { readonly saveOnlyTheseNames: ReadonlyArray<string> }
  | { readonly saveAnyNamesButThese: ReadonlyArray<string> }
  | { readonly saveAnythingExceptTheseNames: ReadonlyArray<string> }

/**
 * A loop that was made of a scan. `"backward"`: reverse mode's loop over the steps from the last to the first.
 * `"again"`: the steps up to one of them, run again. `"blocks"`: a loop over blocks of steps. `"block"`: the steps of
 * one block.
 */
export type LoopPart = "backward" | "again" | "blocks" | "block"

/**
 * What reverse mode keeps of a scan's forward run. `"all"`: what the backward run needs of each step, but for what is
 * cheap to compute again. `{ every: k }`: the carry at each k-th step, and the rest of k steps at a time, worked out
 * again. `"sqrt"`: that with k near the square root of the length. `"recompute"`: nothing; each carry is worked out again
 * from the first, which takes time quadratic in the length.
 */
export type Checkpoint = "all" | "sqrt" | "recompute" | { readonly every: number }
