/** Schedules: numbers that change with the step. */
export {
  type CosineDecayOptions,
  cosineDecaySchedule,
  type ExponentialDecayOptions,
  exponentialDecay,
  type WarmupCosineOptions,
  warmupCosineDecaySchedule
} from "./decay.ts"
export { joinSchedules, piecewiseConstantSchedule } from "./join.ts"
export { type BeginOptions, constantSchedule, linearSchedule, polynomialSchedule } from "./polynomial.ts"
export type { Schedule } from "./schedule.ts"
