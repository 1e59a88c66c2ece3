/** Optimizers: pure functions of trees of tensors. */
export { type AdagradKind, type AdagradOptions, type AdagradState, adagrad } from "./adagrad.ts"
export {
  type AdamKind,
  type AdamOptions,
  type AdamState,
  type AdamWKind,
  type AdamWOptions,
  adam,
  adamw
} from "./adam.ts"
export { applyUpdates, globalNorm } from "./apply-updates.ts"
export { type ChainKind, chain } from "./chain.ts"
export { clip, clipByGlobalNorm } from "./clip.ts"
export { type AddDecayedWeightsKind, addDecayedWeights, type Mask } from "./decayed-weights.ts"
export type {
  CountState,
  GradientTransformation,
  Objective,
  OptimizerState,
  StateFor,
  Stateless,
  TransformationKind
} from "./kinds.ts"
export {
  type LbfgsKind,
  type LbfgsOptions,
  type LbfgsState,
  lbfgs,
  type ScaleByLbfgsKind,
  type ScaleByLbfgsOptions,
  type ScaleByLbfgsState,
  scaleByLbfgs
} from "./lbfgs.ts"
export { type LionKind, type LionOptions, type LionState, lion } from "./lion.ts"
export {
  type Accumulated,
  type EveryK,
  type MultiStepsKind,
  type MultiStepsOptions,
  type MultiStepsState,
  multiSteps
} from "./multi-steps.ts"
export type { Rate, ScheduleFunction } from "./rate.ts"
export { type RmspropKind, type RmspropOptions, type RmspropState, rmsprop } from "./rmsprop.ts"
export { type ScaleByScheduleKind, scale, scaleBySchedule } from "./scale.ts"
export * from "./schedules/index.ts"
export { type SgdKind, type SgdOptions, type SgdState, sgd } from "./sgd.ts"
export {
  type EmaKind,
  type EmaOptions,
  type EmaState,
  ema,
  type TraceKind,
  type TraceOptions,
  type TraceState,
  trace
} from "./trace.ts"
export {
  type ScalarOf,
  type ScaleByZoomLinesearchKind,
  scaleByZoomLinesearch,
  valueAndGradFromState,
  type ZoomLinesearchInfo,
  type ZoomLinesearchOptions,
  type ZoomLinesearchState
} from "./zoom-linesearch.ts"
