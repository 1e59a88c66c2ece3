/** Optimizers as the editor sees them: states, updates, and training steps. This file compiles. */
import { expectTypeOf } from "vitest"
import type {
  AdamState,
  CountState,
  MultiStepsState,
  OptimizerState,
  RmspropState,
  SgdState
} from "../../dsl/optim/index.ts"
import * as optim from "../../dsl/optim/index.ts"
import * as lc from "../../pjrt/loopcarry.ts"

const { add, evalShape, f32, f64, grad, jit, matmul, mean, scan, square, sub, valueAndGrad } = lc
type F32<S extends ReadonlyArray<number>> = lc.F32<S>

const spec = { w: f32(4, 3), b: f32(3) }
type Params = lc.Tensors<typeof spec>
declare const params: Params

/** States have the types of the parameters. */
const adam = optim.adam(0.1)
expectTypeOf(adam.init(params)).toEqualTypeOf<AdamState<Params>>()
expectTypeOf(adam.init(params).mu.w).toEqualTypeOf<F32<readonly [4, 3]>>()
expectTypeOf(adam.update(params, adam.init(params))).toEqualTypeOf<readonly [Params, AdamState<Params>]>()
expectTypeOf(optim.sgd(0.1).init(params)).toEqualTypeOf<SgdState<null>>()
expectTypeOf(optim.sgd(0.1, { momentum: 0.9 }).init(params)).toEqualTypeOf<SgdState<Params>>()
expectTypeOf(optim.rmsprop(0.1).init(params)).toEqualTypeOf<RmspropState<Params>>()
expectTypeOf(optim.rmsprop(0.1, { centered: true }).init(params)).toEqualTypeOf<
  RmspropState<Params, Params>
>()
expectTypeOf(optim.rmsprop(0.1, { momentum: 0.5 }).init(params)).toEqualTypeOf<
  RmspropState<Params, null, Params>
>()
expectTypeOf(optim.adam(0.1, { muDtype: "bf16" }).init(params).mu.b).toEqualTypeOf<
  lc.Tensor<"bf16", readonly [3]>
>()
const chained = optim.chain(
  optim.clipByGlobalNorm(1),
  optim.scaleBySchedule(() => 1),
  adam
)
expectTypeOf(chained.init(params)).toEqualTypeOf<readonly [null, CountState, AdamState<Params>]>()
expectTypeOf<OptimizerState<typeof chained, Params>>().toEqualTypeOf<
  readonly [null, CountState, AdamState<Params>]
>()
const bf16 = { w: lc.zeros([2], "bf16") }
expectTypeOf(optim.multiSteps(adam, 4).init(bf16)).toExtend<
  MultiStepsState<typeof bf16, AdamState<typeof bf16>>
>()
expectTypeOf(optim.multiSteps(adam, 4).init(bf16).accumulated.w).toEqualTypeOf<F32<readonly [2]>>()
expectTypeOf(optim.globalNorm(params)).toEqualTypeOf<F32<readonly []>>()
expectTypeOf(optim.applyUpdates(params, params)).toEqualTypeOf<Params>()

/** Specs of a state, and a step that takes and gives it. */
const state = evalShape([spec], adam.init)
expectTypeOf(state.mu.w).toEqualTypeOf<(typeof spec)["w"]>()
const loss = (p: Params, x: F32<[8, 4]>, y: F32<[8, 3]>) => mean(square(sub(add(matmul(x, p.w), p.b), y)))
export const step = jit(
  [spec, state, f32(8, 4), f32(8, 3)],
  (p, s, x, y) => {
    const [value, grads] = valueAndGrad(loss)(p, x, y)
    const [updates, next] = adam.update(grads, s, p)
    return [optim.applyUpdates(p, updates), next, value]
  },
  { donate: [0, 1] }
)
export const start = jit([spec], adam.init)
export const looped = jit([spec, f32(10, 8, 4), f32(8, 3)], (p, xs, y) =>
  scan([p, chained.init(p)], xs, ([p, s], x) => {
    const [updates, next] = chained.update(grad(loss)(p, x, y), s, p)
    return [[optim.applyUpdates(p, updates), next], null]
  })
)

/** Helpers that are generic in the parameters, and in the optimizer. */
export const generic = <P extends lc.TreeOf<lc.Tensor<"f32">>>(p: P, g: P): readonly [P, AdamState<P>] => {
  const [updates, next] = adam.update(g, adam.init(p))
  return [optim.applyUpdates(p, updates), next]
}
export const any = <K extends optim.TransformationKind & { readonly needs: "grads" | "params" }>(
  optimizer: optim.GradientTransformation<K>,
  p: Params,
  s: optim.StateFor<K, Params>,
  g: Params
) => optimizer.update(g, s, p)

/** Interfaces, lists, and nothing. */
interface Net {
  readonly w: F32<readonly [2]>
  readonly layers: ReadonlyArray<{ readonly b: F32<readonly [3]> }>
  readonly none: null
}
declare const net: Net
expectTypeOf(adam.init(net)).toEqualTypeOf<AdamState<Net>>()
expectTypeOf(optim.sgd(0.1).update(net, optim.sgd(0.1).init(net))[0]).toEqualTypeOf<Net>()

/** Schedules of the host and of the program. */
const schedule = optim.cosineDecaySchedule(0.1, 100)
expectTypeOf(schedule(3)).toEqualTypeOf<number>()
expectTypeOf(schedule(lc.scalar(3, "i32"))).toEqualTypeOf<F32<readonly []>>()
expectTypeOf(schedule(lc.scalar(3, "i32"), "f64")).toEqualTypeOf<lc.Tensor<"f64", readonly []>>()
export const scheduled = optim.adam(schedule)
export const own = optim.adam((count) => lc.mul(0.1, lc.convert(count, "f32")))
export const traced = jit([f32(), f64(3)], (rate, p) => optim.sgd(rate).update(p, optim.sgd(rate).init(p))[0])
