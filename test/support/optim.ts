import { readFileSync } from "node:fs"
import * as optim from "../../dsl/optim/index.ts"
import * as lc from "../../pjrt/loopcarry.ts"

/** The optimizers, losses and schedules of scripts/make-optim-fixtures.py, by the names that they have there. */

type Written = number | string
type Leaf = ReadonlyArray<Written>

/** Some steps of an optimizer: the leaves of the parameters, then of each step's gradients, updates and parameters. */
export interface Row {
  readonly name: string
  readonly dtype: "f32" | "f64" | "bf16"
  readonly kind: "net" | "zero" | "odd" | "scalar" | "empty" | "none"
  readonly params: ReadonlyArray<Leaf>
  readonly grads: ReadonlyArray<ReadonlyArray<Leaf>>
  readonly updates: ReadonlyArray<ReadonlyArray<Leaf>>
  readonly after: ReadonlyArray<ReadonlyArray<Leaf>>
  readonly state: Readonly<Record<string, ReadonlyArray<Leaf>>>
}

/** Some steps of a line search. */
export interface LineRow {
  readonly name: string
  readonly dtype: "f32" | "f64"
  readonly params: ReadonlyArray<Leaf>
  readonly after: ReadonlyArray<ReadonlyArray<Leaf>>
  readonly values: ReadonlyArray<Leaf>
  readonly rates: ReadonlyArray<Leaf>
  readonly tried: ReadonlyArray<Leaf>
}

/** The values of a schedule at some steps. */
export interface ScheduleRow {
  readonly name: string
  readonly dtype: "f32" | "f64"
  readonly counts: ReadonlyArray<number>
  readonly values: Leaf
}

export const fixtures: {
  readonly rows: ReadonlyArray<Row>
  readonly lines: ReadonlyArray<LineRow>
  readonly schedules: ReadonlyArray<ScheduleRow>
} = JSON.parse(readFileSync(new URL("../fixtures/optim.json", import.meta.url), "utf8"))

// biome-ignore lint/suspicious/noExplicitAny: optimizers of all kinds stand in one table
type Optimizer = any

const cosine = optim.cosineDecaySchedule(0.2, 5)
const warmup = optim.warmupCosineDecaySchedule(0.01, 0.1, 3, 6, { endValue: 0.001 })
const mask = { b: false, layers: true, w: true }

export const optimizers: Readonly<Record<string, () => Optimizer>> = {
  sgd: () => optim.sgd(0.1),
  sgdMomentum: () => optim.sgd(0.1, { momentum: 0.9 }),
  sgdNesterov: () => optim.sgd(0.1, { momentum: 0.8, nesterov: true }),
  sgdAccumulator: () => optim.sgd(0.1, { momentum: 0.9, accumulatorDtype: "bf16" }),
  sgdTensor: () => optim.sgd(lc.scalar(0.3, "f64")),
  sgdSchedule: () => optim.sgd(cosine, { momentum: 0.5 }),
  adam: () => optim.adam(0.1),
  adamOptions: () => optim.adam(0.1, { b1: 0.8, b2: 0.9, eps: 1e-3, epsRoot: 1e-2 }),
  adamNesterov: () => optim.adam(0.1, { nesterov: true }),
  adamSchedule: () => optim.adam(warmup),
  adamMuBf16: () => optim.adam(0.1, { muDtype: "bf16" }),
  adamMuF32: () => optim.adam(0.1, { muDtype: "f32" }),
  adamw: () => optim.adamw(0.1, { weightDecay: 0.1 }),
  adamwDefault: () => optim.adamw(0.1),
  adamwMask: () => optim.adamw(0.1, { weightDecay: 0.1, mask }),
  adamwMaskOf: () =>
    optim.adamw(0.1, {
      weightDecay: 0.1,
      mask: (params) => lc.tree.map((p) => p.shape.length > 1, params),
      nesterov: true
    }),
  adamwSchedule: () => optim.adamw(warmup, { weightDecay: cosine }),
  adagrad: () => optim.adagrad(0.1),
  adagradZero: () => optim.adagrad(0.1, { initialAccumulatorValue: 0, eps: 1e-3 }),
  rmsprop: () => optim.rmsprop(0.1),
  rmspropOutside: () => optim.rmsprop(0.1, { decay: 0.8, eps: 1e-3, epsInSqrt: false }),
  rmspropCorrected: () => optim.rmsprop(0.1, { biasCorrection: true }),
  rmspropCentered: () => optim.rmsprop(0.1, { centered: true, eps: 1e-3 }),
  rmspropMomentum: () => optim.rmsprop(0.1, { momentum: 0.9, initialScale: 0.5 }),
  rmspropAll: () =>
    optim.rmsprop(cosine, {
      decay: 0.7,
      eps: 1e-2,
      initialScale: 1,
      epsInSqrt: false,
      centered: true,
      momentum: 0.5,
      nesterov: true,
      biasCorrection: true
    }),
  lion: () => optim.lion(0.1),
  lionOptions: () => optim.lion(cosine, { b1: 0.5, b2: 0.8, weightDecay: 0.2, mask }),
  clip: () => optim.clip(0.5),
  clipByGlobalNorm: () => optim.clipByGlobalNorm(1),
  clipByGlobalNormLarge: () => optim.clipByGlobalNorm(100),
  addDecayedWeights: () => optim.addDecayedWeights(0.1),
  addDecayedWeightsMask: () => optim.addDecayedWeights(0.1, mask),
  addDecayedWeightsSchedule: () => optim.addDecayedWeights(cosine),
  scale: () => optim.scale(-0.3),
  scaleBySchedule: () => optim.scaleBySchedule(warmup),
  trace: () => optim.trace(0.7),
  traceNesterov: () => optim.trace(0.7, { nesterov: true }),
  ema: () => optim.ema(0.7),
  emaBiased: () => optim.ema(0.7, { debias: false }),
  chain: () => optim.chain(optim.clipByGlobalNorm(1), optim.addDecayedWeights(0.01), optim.adam(warmup)),
  multiSteps: () => optim.multiSteps(optim.adam(0.1), 3),
  multiStepsSum: () => optim.multiSteps(optim.sgd(0.1, { momentum: 0.9 }), 2, { useGradMean: false }),
  multiStepsOfSteps: () =>
    optim.multiSteps(optim.adamw(cosine, { weightDecay: 0.1 }), (step) => lc.add(2, lc.minimum(step, 1)))
}

type F = "f32" | "f64"
type Scalar = lc.Tensor<F, readonly []>
type Loss = (params: Optimizer) => Scalar

const ofDType = (loss: (params: Optimizer) => unknown): Loss => loss as Loss

const rosenbrock = ofDType((x: lc.Tensor<"f32", readonly [number]>) => {
  const n = x.shape[0]
  const [head, tail] = [lc.slice(x, [0], [n - 1]), lc.slice(x, [1], [n])]
  return lc.sum(lc.add(lc.mul(lc.square(lc.sub(tail, lc.square(head))), 100), lc.square(lc.sub(1, head))))
})

interface Model {
  readonly b: lc.F32
  readonly v: lc.F32<[3]>
  readonly w: lc.F32<[2, 3]>
}

const regression = ofDType(({ b, v, w }: Model) => {
  const xs = lc.sin(lc.mul(lc.reshape(lc.arange(12, w.dtype), [6, 2]), 1.7))
  const ys = lc.cos(lc.convert(lc.arange(6, w.dtype), w.dtype))
  return lc.mean(lc.square(lc.sub(lc.add(lc.matmul(lc.tanh(lc.matmul(xs, w)), v), b), ys)))
})

const logarithm = ofDType((x: lc.F32<[2]>) =>
  lc.add(lc.sum(lc.sub(x, lc.log(x))), lc.sum(lc.mul(lc.log(lc.sub(x, 1)), 0)))
)

/** Optimizers that search along a line, and the loss of each. */
export const lines: Readonly<Record<string, readonly [() => Optimizer, Loss]>> = {
  lbfgs: [() => optim.lbfgs(), rosenbrock],
  lbfgsMemory: [() => optim.lbfgs({ memorySize: 2, scaleInitPrecond: false }), rosenbrock],
  lbfgsTree: [() => optim.lbfgs({ memorySize: 4 }), regression],
  lbfgsKeep: [
    () =>
      optim.lbfgs({
        learningRate: 0.5,
        linesearch: {
          maxLinesearchSteps: 8,
          maxLearningRate: 1.5,
          tol: 1e-3,
          increaseFactor: 3,
          curvRtol: 0.5,
          approxDecRtol: null,
          initialGuessStrategy: "keep"
        }
      }),
    regression
  ],
  lbfgsFixed: [() => optim.chain(optim.scaleByLbfgs({ memorySize: 3 }), optim.scale(-0.1)), regression],
  zoomOfSgd: [
    () => optim.chain(optim.sgd(1), optim.scaleByZoomLinesearch({ maxLinesearchSteps: 15 })),
    rosenbrock
  ],
  zoomFails: [
    () => optim.chain(optim.scale(0.1), optim.scaleByZoomLinesearch({ maxLinesearchSteps: 5 })),
    rosenbrock
  ],
  zoomOutside: [
    () => optim.chain(optim.sgd(1), optim.scaleByZoomLinesearch({ maxLinesearchSteps: 4 })),
    logarithm
  ]
}

export const schedules: Readonly<Record<string, optim.Schedule>> = {
  constantSchedule: optim.constantSchedule(0.3),
  polynomialSchedule: optim.polynomialSchedule(0.9, 0.1, 2.5, 8, { transitionBegin: 3 }),
  polynomialStill: optim.polynomialSchedule(0.9, 0.1, 2, 0),
  linearSchedule: optim.linearSchedule(0.1, 0.7, 10),
  linearLater: optim.linearSchedule(0.1, 0.7, 5, { transitionBegin: 4 }),
  piecewiseConstantSchedule: optim.piecewiseConstantSchedule(0.8, { 3: 0.5, 7: 0.1, 9: 3 }),
  piecewiseNone: optim.piecewiseConstantSchedule(0.8),
  exponentialDecay: optim.exponentialDecay(0.9, 5, 0.7),
  exponentialStairs: optim.exponentialDecay(0.9, 3, 0.7, {
    transitionBegin: 2,
    staircase: true,
    endValue: 0.2
  }),
  exponentialRises: optim.exponentialDecay(0.1, 3, 1.5, { transitionBegin: 1, endValue: 0.6 }),
  exponentialStill: optim.exponentialDecay(0.1, 3, 0),
  cosineDecaySchedule: optim.cosineDecaySchedule(0.9, 10),
  cosineOptions: optim.cosineDecaySchedule(0.9, 7, { alpha: 0.2, exponent: 1.5 }),
  warmupCosineDecaySchedule: optim.warmupCosineDecaySchedule(0.1, 0.9, 4, 12),
  warmupOptions: optim.warmupCosineDecaySchedule(0, 0.5, 3, 8, { endValue: 0.1, exponent: 2 }),
  warmupNone: optim.warmupCosineDecaySchedule(0, 0.5, 0, 8),
  joinSchedules: optim.joinSchedules(
    [optim.constantSchedule(0.2), optim.linearSchedule(1, 0, 4), optim.exponentialDecay(0.5, 2, 0.5)],
    [3, 8]
  )
}
