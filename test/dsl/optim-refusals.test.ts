import { describe, expect, it } from "vitest"
import * as lc from "../../dsl/index.ts"
import * as optim from "../../dsl/optim/index.ts"
import { type Loose, refusal } from "../support/refused.ts"

const { bf16, f32, f64, i32 } = lc

type Case = readonly [
  text: string,
  specs: ReadonlyArray<lc.Specs>,
  fn: (...args: ReadonlyArray<Loose>) => unknown
]

const pair = { w: f32(2), b: f32() }
const adam = optim.adam(0.1)
const line = optim.lbfgs()
const sum = (x: Loose): Loose => lc.sum(x)

const families: Readonly<Record<string, ReadonlyArray<Case>>> = {
  leaves: [
    [
      "DTypeError: adam.init: params.n[0] is i32[3], not a float",
      [{ w: f32(2), n: [i32(3)] }],
      (p) => adam.init(p)
    ],
    [
      "DTypeError: sgd.update: grads.mask is bool[2], not a float",
      [{ mask: lc.bool(2) }],
      (g) => optim.sgd(0.1).update(g, null as Loose)
    ],
    ["DTypeError: adam.init: params is c64[2], not a float", [lc.c64(2)], (p) => adam.init(p)],
    [
      "TreeError: adam.init: params.rate is the number 3, which is no tensor",
      [],
      () => adam.init({ rate: 3 } as Loose)
    ],
    ["DTypeError: applyUpdates: params is i32[2], not a float", [i32(2)], (p) => optim.applyUpdates(p, p)],
    [
      "TreeError: applyUpdates: updates.w is f32[3], but params.w is f32[2]",
      [{ w: f32(2) }, { w: f32(3) }],
      (p, u) => optim.applyUpdates(p, u)
    ],
    [
      "TreeError: applyUpdates: updates is {b}, but params is {w}",
      [{ w: f32(2) }, { b: f32(2) }],
      (p, u) => optim.applyUpdates(p, u)
    ],
    ["DTypeError: globalNorm: tree.n is i32[], not a float", [{ n: i32() }], (t) => optim.globalNorm(t)]
  ],
  states: [
    ["ValueError: adam.update: the state is missing", [f32(2)], (g) => adam.update(g, undefined as Loose)],
    [
      "TreeError: adam.update: state is null, but init is {count, mu, nu}",
      [f32(2)],
      (g) => adam.update(g, null as Loose)
    ],
    [
      "TreeError: adam.update: state is {count, trace}, but init is {count, mu, nu}",
      [f32(2)],
      (g) => adam.update(g, optim.sgd(0.1, { momentum: 0.9 }).init(g) as Loose)
    ],
    [
      "TreeError: adam.update: state.mu.w is f32[2], but init.mu.w is f32[3]",
      [{ w: f32(2) }, { w: f32(3) }],
      (p, g) => adam.update(g, adam.init(p))
    ],
    [
      "TreeError: adam.update: state.mu is f64[2], but init.mu is f32[2]",
      [f64(2), f32(2)],
      (p, g) => adam.update(g, adam.init(p))
    ],
    [
      "TreeError: chain.update: state is [1 item], but init is [2 items]",
      [f32(2)],
      (g) => optim.chain(optim.clip(1), adam).update(g, optim.chain(adam).init(g) as Loose)
    ]
  ],
  params: [
    [
      "ValueError: adamw.update: the parameters are missing",
      [pair],
      (g) => (optim.adamw(0.1) as Loose).update(g, optim.adamw(0.1).init(g))
    ],
    [
      "TreeError: lion.update: params.b is f32[1], but grads.b is f32[]",
      [pair, { w: f32(2), b: f32(1) }],
      (g, p) => (optim.lion(0.1) as Loose).update(g, optim.lion(0.1).init(g), p)
    ],
    [
      "TreeError: adamw.update: mask.b is missing, not a boolean",
      [pair],
      (g) => optim.adamw(0.1, { mask: { w: true } }).update(g, optim.adamw(0.1).init(g), g)
    ],
    [
      "TreeError: addDecayedWeights.update: mask.w is 1, not a boolean",
      [pair],
      (g) => optim.addDecayedWeights(0.1, { w: 1, b: true } as Loose).update(g, null, g)
    ],
    ["ValueError: adamw: the mask is yes", [], () => optim.adamw(0.1, { mask: "yes" as Loose })]
  ],
  options: [
    ["ValueError: adam: there is no option", [], () => optim.adam(0.1, { beta1: 0.9 } as Loose)],
    ["ValueError: adam: b1 is 1", [], () => optim.adam(0.1, { b1: 1 })],
    ["ValueError: adam: b2 is -0.1", [], () => optim.adam(0.1, { b2: -0.1 })],
    ["ValueError: adam: eps is NaN", [], () => optim.adam(0.1, { eps: Number.NaN })],
    ["DTypeError: adam: muDtype is i32", [], () => optim.adam(0.1, { muDtype: "i32" as Loose })],
    ["ValueError: adam: nesterov is 1, not a boolean", [], () => optim.adam(0.1, { nesterov: 1 as Loose })],
    ["ValueError: adam: the learning rate is NaN", [], () => optim.adam(Number.NaN)],
    ["ValueError: sgd: the learning rate is undefined", [], () => optim.sgd(undefined as Loose)],
    ["ValueError: sgd: the learning rate is f32[2]", [f32(2)], (rate) => optim.sgd(rate)],
    ["ValueError: sgd: the learning rate is i32[]", [i32()], (rate) => optim.sgd(rate)],
    ["ValueError: sgd: momentum is 1", [], () => optim.sgd(0.1, { momentum: 1 })],
    [
      "ValueError: sgd.update: what the learning rate gives is f32[3]",
      [f32(2), f32(3)],
      (g, x) => {
        const own = optim.sgd(() => x)
        return own.update(g, own.init(g))[0]
      }
    ],
    ["ValueError: rmsprop: initialScale is -1", [], () => optim.rmsprop(0.1, { initialScale: -1 })],
    ["ValueError: clip: maxDelta is 0", [], () => optim.clip(0)],
    ["ValueError: clipByGlobalNorm: maxNorm is -1", [], () => optim.clipByGlobalNorm(-1)],
    [
      "ValueError: chain: transformations[1] is 3, which is no gradient transformation",
      [],
      () => optim.chain(adam, 3 as Loose)
    ],
    ["ValueError: multiSteps: everyK is 0", [], () => optim.multiSteps(adam, 0)],
    [
      "ValueError: multiSteps: everyK gives f32[], not i32[]",
      [f32(2), f32()],
      (g, k) => {
        const own = optim.multiSteps(adam, () => k)
        return own.update(g, own.init(g))[0]
      }
    ],
    [
      "ValueError: scaleBySchedule: the schedule is 1, not a function",
      [],
      () => optim.scaleBySchedule(1 as Loose)
    ]
  ],
  schedules: [
    ["ValueError: linearSchedule: transitionSteps is 1.5", [], () => optim.linearSchedule(1, 0, 1.5)],
    ["ValueError: cosineDecaySchedule: decaySteps is 0", [], () => optim.cosineDecaySchedule(1, 0)],
    [
      "ValueError: cosineDecaySchedule: there is no option",
      [],
      () => optim.cosineDecaySchedule(1, 5, { steps: 3 } as Loose)
    ],
    [
      "ValueError: warmupCosineDecaySchedule: decaySteps is 10 and warmupSteps 10",
      [],
      () => optim.warmupCosineDecaySchedule(0, 1, 10, 10)
    ],
    [
      "ValueError: piecewiseConstantSchedule: a boundary is NaN",
      [],
      () => optim.piecewiseConstantSchedule(1, { soon: 2 } as Loose)
    ],
    [
      "ValueError: piecewiseConstantSchedule: the factor at 3 is -1",
      [],
      () => optim.piecewiseConstantSchedule(1, { 3: -1 })
    ],
    ["ValueError: exponentialDecay: decayRate is -1", [], () => optim.exponentialDecay(1, 5, -1)],
    [
      "ValueError: joinSchedules: 1 schedules have 1 boundaries",
      [],
      () => optim.joinSchedules([optim.constantSchedule(1)], [2])
    ],
    [
      "ValueError: joinSchedules: schedules[0] is a function of yours",
      [],
      () => optim.joinSchedules([(() => 1) as Loose], [])
    ],
    [
      "ValueError: joinSchedules: boundaries[1] is less",
      [],
      () => {
        const one = optim.constantSchedule(1)
        return optim.joinSchedules([one, one, one], [5, 2])
      }
    ],
    [
      "DTypeError: linearSchedule: the step is f32[], not an integer scalar",
      [f32()],
      (step) => optim.linearSchedule(1, 0, 5)(step)
    ],
    [
      "ValueError: linearSchedule: dtype is",
      [i32()],
      (step) => optim.linearSchedule(1, 0, 5)(step, "bf16" as Loose)
    ]
  ],
  searches: [
    [
      "ValueError: lbfgs.update: the loss is missing",
      [f32(2)],
      (x) => (line as Loose).update(x, line.init(x), x)
    ],
    [
      "ValueError: lbfgs.update: the value of the loss is 3, not a float scalar",
      [f32(2)],
      (x) => line.update(x, line.init(x), x, { value: 3 as Loose, valueFn: sum })
    ],
    [
      "ValueError: lbfgs.update: valueFn is undefined, not a function",
      [f32(2)],
      (x) => line.update(x, line.init(x), x, { value: sum(x) } as Loose)
    ],
    [
      "DTypeError: lbfgs.init: the parameters are of f32 and f64",
      [f32(2), f64(2)],
      (x, y) => line.init([x, y])
    ],
    ["DTypeError: lbfgs.init: the parameters are bf16[2]", [bf16(2)], (x) => line.init(x)],
    ["ShapeError: lbfgs: memorySize is 0", [], () => optim.lbfgs({ memorySize: 0 })],
    ["ValueError: lbfgs: there is no option", [], () => optim.lbfgs({ linesearch: { steps: 3 } as Loose })],
    [
      "ShapeError: scaleByZoomLinesearch: maxLinesearchSteps is 0",
      [],
      () => optim.scaleByZoomLinesearch({ maxLinesearchSteps: 0 })
    ],
    [
      "ValueError: scaleByZoomLinesearch: initialGuessStrategy is",
      [],
      () => optim.scaleByZoomLinesearch({ initialGuessStrategy: "two" as Loose })
    ],
    [
      "ValueError: valueAndGradFromState: the state has no line search",
      [f32(2)],
      (x) => optim.valueAndGradFromState(sum)(x, adam.init(x))
    ]
  ],
  shapes: [
    ["ValueError: evalShape: the function is 3, not a function", [], () => lc.evalShape([], 3 as Loose)],
    ["TreeError: evalShape: result is undefined", [], () => lc.evalShape([], (() => undefined) as Loose)]
  ]
}

describe("optimizers refuse", () => {
  it.each(Object.entries(families))("%s", (_, cases) => {
    for (const [text, specs, fn] of cases) expect(refusal(specs, fn)).toContain(text)
  })
})
