/** The language: tensors, operations, control flow, programs. */
export type * from "./aliases.ts"
export { arange, Range, type RangeOptions } from "./control/arange.ts"
export { type AssociativeScanOptions, associativeScan } from "./control/associative-scan.ts"
export { cond, switchCase } from "./control/cond.ts"
export type { DeviceAxis } from "./control/device-axis.ts"
export { type ForiOptions, fori, map } from "./control/fori.ts"
export { type ReducedTree, reduce, type ScalarsOf } from "./control/reduce.ts"
export { scan } from "./control/scan.ts"
export type { Ragged, ScanOptions } from "./control/scan-types.ts"
export {
  type DeviceAxes,
  type Shardings,
  type ShardMapOptions,
  shardMap
} from "./control/shard-map.ts"
export { type WhileOptions, whileLoop } from "./control/while-loop.ts"
export type { ComplexDType, DType, FloatDType, IntegerDType, SignedDType, UnsignedDType } from "./dtype.ts"
export {
  DTypeError,
  ScopeError,
  ShapeError,
  type TraceError,
  TreeError,
  ValueError,
  VerifyError
} from "./errors.ts"
export { evalShape, type SpecsOf } from "./eval-shape.ts"
export type { Mesh, Sharding } from "./mesh.ts"
export { type At, at } from "./ops/at.ts"
export {
  type BincountOptions,
  bincount,
  type DigitizeOptions,
  digitize,
  type EdgesOptions,
  type HistogramOptions,
  histogram,
  histogramBinEdges
} from "./ops/bins.ts"
export { block, blockDiag } from "./ops/blocks.ts"
export {
  type DifferenceEnds,
  ediff1d,
  type GradientOptions,
  gradient,
  type TrapezoidOptions,
  trapezoid,
  type UnwrapOptions,
  unwrap
} from "./ops/calculus.ts"
export {
  allGather,
  allToAll,
  axisIndex,
  pmax,
  pmean,
  pmin,
  ppermute,
  psum,
  psumScatter,
  ring,
  withSharding
} from "./ops/collective.ts"
export { constant, full, ones, scalar, zeros } from "./ops/constant.ts"
export { type ConvOptions, conv, type DimensionNumbers } from "./ops/conv.ts"
export { type ConvTransposeOptions, convTranspose } from "./ops/conv-transpose.ts"
export { type AverageOptions, average, countNonzero, ptp } from "./ops/counts.ts"
export {
  broadcastedIota,
  fullLike,
  geomspace,
  type LogspaceOptions,
  logspace,
  type MeshgridOptions,
  meshgrid,
  onesLike,
  type TriOptions,
  tri,
  zerosLike
} from "./ops/creation.ts"
export {
  type CumulativeOptions,
  type CumulativeSumOptions,
  cumlogsumexp,
  cummax,
  cummin,
  cumprod,
  cumsum
} from "./ops/cumulative.ts"
export { debugPrint } from "./ops/debug-print.ts"
export { type DiagonalOptions, diag, diagonal, matrixTrace } from "./ops/diagonal.ts"
export { dotGeneral, matmul } from "./ops/dot.ts"
export { einsum } from "./ops/einsum.ts"
export * from "./ops/elementwise.ts"
export { type FftNorm, type FftOptions, fft, ifft, irfft, rfft } from "./ops/fft.ts"
export { hfft, ihfft } from "./ops/fft-hermitian.ts"
export {
  type Fft2Options,
  type FftnOptions,
  fft2,
  fftn,
  ifft2,
  ifftn,
  irfft2,
  irfftn,
  rfft2,
  rfftn
} from "./ops/fft-several.ts"
export { fftfreq, fftshift, ifftshift, rfftfreq } from "./ops/frequencies.ts"
export {
  dynamicIndexInDim,
  dynamicSliceInDim,
  dynamicUpdateIndexInDim,
  dynamicUpdateSliceInDim,
  type IndexInDimOptions,
  type Start,
  sliceInDim
} from "./ops/in-dim.ts"
export {
  diagIndices,
  type RavelOptions,
  ravelMultiIndex,
  trilIndices,
  triuIndices,
  unravelIndex
} from "./ops/index-arrays.ts"
export {
  dynamicSlice,
  dynamicUpdateSlice,
  gather,
  oneHot,
  scatter,
  type TakeOptions,
  take,
  takeAlong
} from "./ops/indexing.ts"
export { type InterpOptions, interp } from "./ops/interpolation.ts"
export {
  atLeast1d,
  atLeast2d,
  broadcastArrays,
  broadcastShapes,
  columnStack,
  dstack,
  hstack,
  vstack
} from "./ops/join.ts"
export { diff, fliplr, flipud, ravel, repeat, rot90, swapAxes, unstack } from "./ops/layout.ts"
export {
  cholesky,
  type EyeOptions,
  eye,
  linspace,
  type TriangularOptions,
  triangularSolve,
  tril,
  triu
} from "./ops/linalg.ts"
export {
  mean,
  nanmax,
  nanmean,
  nanmin,
  nanprod,
  nanstd,
  nansum,
  nanvar,
  std,
  type VarianceOptions,
  variance
} from "./ops/moments.ts"
export { type Piece, piecewise, selectFirst } from "./ops/piecewise.ts"
export {
  type ConvolveOptions,
  convolve,
  correlate,
  polyval,
  type VanderOptions,
  vander
} from "./ops/polynomial.ts"
export { cross, dot, inner, kron, outer, type TensordotAxes, tensordot, vdot } from "./ops/products.ts"
export { median, percentile, type QuantileMethod, type QuantileOptions, quantile } from "./ops/quantile.ts"
export {
  expandDims,
  moveAxis,
  type PadOptions,
  type PadWidths,
  pad,
  reverse,
  roll,
  squeeze,
  stack,
  tile
} from "./ops/rearrange.ts"
export { argmax, argmin, logSoftmax, logsumexp, softmax } from "./ops/reduce.ts"
export { reducePrecision } from "./ops/reduce-precision.ts"
export {
  argwhere,
  arrayEqual,
  type CovarianceOptions,
  corrcoef,
  cov,
  flatnonzero,
  type NonzeroOptions,
  nonzero,
  type SearchOptions,
  searchsorted,
  size
} from "./ops/search.ts"
export {
  type IsinOptions,
  isin,
  type SetOptions,
  setdiff1d,
  type UniqueOptions,
  unique
} from "./ops/sets.ts"
export { shaped } from "./ops/shaped.ts"
export { argsort, lexsort, type SortOptions, sort, sortKeyVal, topK } from "./ops/sort.ts"
export { split } from "./ops/split.ts"
export { stopGradient } from "./ops/stop-gradient.ts"
export {
  broadcastTo,
  clamp,
  concatenate,
  convert,
  reshape,
  select,
  slice,
  transpose,
  where
} from "./ops/structure.ts"
export {
  all,
  any,
  type InitialOptions,
  max,
  min,
  prod,
  type ReduceOptions,
  type SumOptions,
  sum
} from "./ops/sums.ts"
export { type Padding, reduceWindow, type WindowOptions } from "./ops/window.ts"
export type { CheckpointPolicy } from "./params.ts"
export {
  type Done,
  type Explanation,
  explain,
  type Left,
  type ScanExplanation
} from "./passes/explain/explain.ts"
export { showExplanation } from "./passes/explain/text.ts"
export type { Passes, PassName } from "./passes/names.ts"
export { print } from "./printer.ts"
export type { Checkpoint, Equation, Params, Primitive, Program, Var } from "./program.ts"
export * as random from "./random/index.ts"
export type * as rules from "./rules.ts"
export type { Aval, Shape } from "./shape.ts"
export { mesh, sharding } from "./sharding.ts"
export * from "./spec.ts"
export { emit } from "./stablehlo/emit.ts"
export type { Tensor } from "./tensor.ts"
export { type Traced, type TraceOptions, trace } from "./trace.ts"
export type { ArgNums } from "./transform/argnums.ts"
export {
  type CheckpointOptions,
  checkpoint,
  checkpointName,
  optimizationBarrier
} from "./transform/checkpoint.ts"
export { customJvp } from "./transform/custom-jvp.ts"
export { type CustomVjp, customVjp } from "./transform/custom-vjp.ts"
export { grad, valueAndGrad } from "./transform/grad.ts"
export { hessian, jacfwd, jacrev } from "./transform/jacobian.ts"
export { jvp } from "./transform/jvp.ts"
export { linearize } from "./transform/linearize.ts"
export { type Memory, memoryOf, type ScanMemory } from "./transform/memory.ts"
export { record } from "./transform/record.ts"
export type { GivenTangents, GradOptions, Jacobian, Tangents } from "./transform/types.ts"
export { vjp } from "./transform/vjp.ts"
export { vmap } from "./transform/vmap.ts"
export type { Axes, VmapOptions } from "./transform/vmap-types.ts"
export type { Tree, TreeOf } from "./tree.ts"
export * as tree from "./trees/index.ts"
export type { Slice } from "./types/layouts.ts"
export { verify } from "./verifier.ts"
