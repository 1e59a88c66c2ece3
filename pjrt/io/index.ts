/** Files, tables and batches of data: the entry point "loopcarry/io". */

export { PackageMissing } from "../backend/errors.ts"
export {
  type Batch,
  type Batches,
  type BatchOptions,
  type BatchRows,
  batches,
  type LastBatch
} from "./batches.ts"
export {
  type Checkpoint,
  type CheckpointFile,
  type CheckpointOptions,
  type Checkpoints,
  checkpoints,
  type LatestOptions
} from "./checkpoints.ts"
export type { ColumnKind, ColumnKinds, Columns, Missing } from "./columns.ts"
export { type CsvOptions, readCsv } from "./csv.ts"
export { FileError, FormatError, MismatchError, type ReadError } from "./errors.ts"
export type { NamedArrays, NamedSpecs } from "./fitting.ts"
export { type JsonLinesOptions, readJsonLines } from "./json-lines.ts"
export { type LoadError, type LoadOptions, loadTree, readMetadata } from "./load-tree.ts"
export { type AnyNdArray, NdArray, ndarray } from "./ndarray.ts"
export { readNpy, writeNpy } from "./npy.ts"
export { readNpz, writeNpz } from "./npz.ts"
export { type PrefetchOptions, prefetch } from "./prefetch.ts"
export type { DeviceRows, HostRows, RowData } from "./rows.ts"
export { readSafetensors, type Safetensors, writeSafetensors } from "./safetensors.ts"
export { type SaveError, type SaveOptions, saveTree } from "./save-tree.ts"
export type { OfSaved, Saved } from "./saved.ts"
export type { Seed } from "./shuffle.ts"
